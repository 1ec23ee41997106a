// Who this server is, computed once from PUBLIC_URL and from nothing else.
// Threat: a forged Host or X-Forwarded-Host header makes the server name an attacker's
// address in its documents. Defence: no request ever takes part in these values.
#pragma once

#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace oauth {

struct server_identity {
    std::string issuer;   // RFC 8414: the origin, without a trailing slash
    std::string resource; // RFC 8707, RFC 9728: <issuer>/mcp
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string registration_endpoint;
    std::string revocation_endpoint;
    std::string resource_metadata; // RFC 9728 §3.1, path-inserted: what challenges point to
    std::string documentation;     // the start page
};

// `public_url` is an http(s) origin; a trailing slash, upper case in scheme or host and a
// default port are tolerated and dropped. errc::bad_request names what is wrong otherwise.
result<server_identity> make_identity(std::string_view public_url);

// scheme://host[:port] in lower case and without a default port, as browsers write an Origin.
// `url` is an http(s) origin; a trailing slash is tolerated. nullopt: it is something else.
std::optional<std::string> canonical_origin(std::string_view url);

// The canonical resource (identity.resource) when `value` names this server: its origin or
// its /mcp, each with or without a trailing slash, in any case of scheme and host, with or
// without the default port. nullopt: some other resource (invalid_target, RFC 8707 §2).
std::optional<std::string> canonical_resource(const server_identity& identity,
                                              std::string_view value);

} // namespace oauth
