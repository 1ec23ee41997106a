// Which redirect URIs may be registered, which one an authorization request may use, and how
// an answer may travel to it.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace oauth {

inline constexpr std::size_t max_redirect_uri_bytes = 512;
inline constexpr std::size_t max_redirect_uris = 10;

enum class redirect_kind {
    web,            // https
    loopback,       // http to 127.0.0.0/8, [::1] or localhost (RFC 8252 §7.3)
    private_scheme, // RFC 8252 §7.1, and the few names without a dot that real clients use
};

// Registration time. errc::bad_request (invalid_redirect_uri) says which rule failed.
result<redirect_kind> check_redirect_uri(std::string_view uri);

// Authorization time: byte equality; between two loopback URIs with the same spelling of the
// host only the port may differ (RFC 8252 §7.3, OAuth 2.1 §2.3.1).
bool redirect_uri_matches(std::string_view registered, std::string_view requested);
bool redirect_uri_matches(const std::vector<std::string>& registered, std::string_view requested);

// How an authorization response reaches the client.
enum class delivery {
    redirect,     // 303 See Other
    interstitial, // 200 with `Refresh: 0; url=…` and a link: after a 303 to a private scheme
                  // the browser stays on the consent page with the key still in its field
    link,         // a page with a plain link, nothing automatic
};
// After the person approved.
delivery success_delivery(std::string_view redirect_uri);
// For errors and refusals. Threat: a client that anybody can register sends broken requests
// on purpose and uses the server as an open redirector. Defence: only loopback, the hosts in
// known_clients.hpp and those that the administrator trusts are redirected to without a click.
delivery error_delivery(std::string_view redirect_uri,
                        const std::vector<std::string>& trusted_hosts = {});

} // namespace oauth
