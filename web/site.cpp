// The members of a site are made in the order of their declaration, each from those before it. What
// is to last for months (client ids, fingerprints) comes from the instance's secret, so that a
// change of the server key orphans nobody; what lives for minutes (a page's seals) from the server
// keys.
#include "web/site.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "base/uri.hpp"
#include "oauth/client.hpp"
#include "oauth/known_clients.hpp"
#include "oauth/sealed_request.hpp"

namespace web {

namespace {

bool is_on_loopback(const oauth::server_identity& who) {
    const auto parts = uri::split(who.issuer);
    return parts && uri::is_loopback_host(parts->host);
}

std::vector<secret> request_keys_of(const std::vector<secret>& server_keys) {
    std::vector<secret> keys;
    for (const auto& key : server_keys)
        keys.push_back(oauth::request_key(key));
    return keys;
}

// host_names_of() has the name that the administrator gave this server, and those that were named
// besides. None is learnt from a Host header, which says what its client wrote.
std::vector<std::string> host_names_of(const oauth::server_identity& who,
                                       std::vector<std::string> more) {
    const auto parts = uri::split(who.issuer);
    if (parts) more.insert(more.begin(), std::string(parts->host));
    return more;
}

// origins_of() lists who may call /mcp from a browser: this server itself, the hosted clients that
// do, and what the administrator named.
std::vector<std::string> origins_of(const oauth::server_identity& who,
                                    std::vector<std::string> more) {
    std::vector<std::string> all{who.issuer};
    for (const auto& known : oauth::known_clients())
        if (known.in_browser) all.push_back("https://" + std::string(known.host));
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

} // namespace

std::string host_name(std::string_view authority) {
    const auto bracket = authority.find(']'); // RFC 3986 §3.2.2: [IPv6]
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    return text::lower(authority.substr(0, colon));
}

site::site(boost::asio::io_context& io, http::actor_bridge& actors, site_settings given)
    : identity(std::move(given.identity)), client_key(oauth::client_key(given.instance_secret)),
      request_keys(request_keys_of(given.server_keys)),
      fingerprint_key(crypto::derive(given.instance_secret, "api key fingerprint")),
      admin_token(std::move(given.admin_token)), on_loopback(is_on_loopback(identity)),
      host_names(host_names_of(identity, std::move(given.host_names))),
      origins(origins_of(identity, std::move(given.origins))),
      twenty_url(std::move(given.twenty_url)), card(std::move(given.card)),
      tools(std::move(given.tools)), files_used_up(std::move(given.files_used_up)),
      caution(given.caution), now([] { return oauth::clock::now(); }), limits(on_loopback),
      documents(io, limits, now, given.documents, given.document_policy),
      configured_clients(std::move(given.configured_clients)),
      trusted_redirect_hosts(std::move(given.trusted_redirect_hosts)),
      clients(configured_clients, client_key, documents), seals(request_keys, now),
      keys(fingerprint_key, guards(limits, now), actors),
      for_authorize{identity,     trusted_redirect_hosts,
                    twenty_url,   lifetimes,
                    request_keys, seals,
                    clients,      keys,
                    answered,     guards(limits, now),
                    actors,       caution},
      for_connections{identity, lifetimes, seals, keys, guards(limits, now), actors},
      for_approve{identity, seals, keys, guards(limits, now), actors},
      for_mcp{io, std::make_shared<http::waiting_events>(), identity, guards(limits, now), actors},
      for_oauth{identity, clients, guards(limits, now), actors}, for_health{identity, twenty_url,
                                                                            files_used_up, actors},
      for_card{card}, for_admin{identity, admin_token, guards(limits, now), actors, tools, now()} {}

} // namespace web
