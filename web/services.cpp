#include "web/services.hpp"

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

} // namespace

std::string host_name(std::string_view authority) {
    const auto bracket = authority.find(']'); // RFC 3986 §3.2.2: [IPv6]
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    return text::lower(authority.substr(0, colon));
}

services::services(boost::asio::io_context& where, oauth::server_identity who,
                   http::backend& the_actors, const secret& instance_secret,
                   const std::vector<secret>& server_keys)
    : io(where), identity(std::move(who)), actors(the_actors),
      client_key(oauth::client_key(instance_secret)),
      fingerprint_key(crypto::derive(instance_secret, "api key fingerprint")),
      on_loopback(is_on_loopback(identity)), origins{identity.issuer},
      now([] { return oauth::clock::now(); }), limits(on_loopback), documents(where, limits, now) {
    for (const auto& key : server_keys)
        request_keys.push_back(oauth::request_key(key));
    if (const auto parts = uri::split(identity.issuer)) host_names.emplace_back(parts->host);
    for (const auto& known : oauth::known_clients())
        if (known.in_browser) origins.push_back("https://" + std::string(known.host));
}

} // namespace web
