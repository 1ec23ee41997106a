#include "http/services.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "oauth/client.hpp"
#include "oauth/sealed_request.hpp"
#include "oauth/uri.hpp"

namespace http {

namespace {

bool on_loopback(const oauth::server_identity& who) {
    const auto parts = oauth::split_uri(who.issuer);
    return parts && is_loopback_name(text::lower(parts->host));
}

} // namespace

std::string host_name(std::string_view authority) {
    const auto bracket = authority.find(']'); // RFC 3986 §3.2.2: [IPv6]
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    return text::lower(authority.substr(0, colon));
}

bool is_loopback_name(std::string_view lower_host) noexcept {
    return lower_host == "localhost" || lower_host == "127.0.0.1" || lower_host == "[::1]";
}

services::services(boost::asio::io_context& where, oauth::server_identity who, backend& the_actors,
                   const secret& instance_secret, const std::vector<secret>& server_keys)
    : io(where), identity(std::move(who)), actors(the_actors),
      client_key(oauth::client_key(instance_secret)),
      fingerprint_key(crypto::derive(instance_secret, "api key fingerprint")),
      origins{identity.issuer, "https://claude.ai", "https://claude.com", "https://chatgpt.com"},
      now([] { return oauth::clock::now(); }), limits(on_loopback(identity)) {
    for (const auto& key : server_keys)
        request_keys.push_back(oauth::request_key(key));
    if (const auto parts = oauth::split_uri(identity.issuer))
        host_names.push_back(text::lower(parts->host));
    if (on_loopback(identity))
        host_names.insert(host_names.end(), {"localhost", "127.0.0.1", "[::1]"});
}

} // namespace http
