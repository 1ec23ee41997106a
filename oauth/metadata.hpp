// The two discovery documents and the Bearer challenges: what a client learns before it has
// a token. Absent members are left out, never null (client schemas refuse null).
#pragma once

#include "oauth/identity.hpp"

#include <string>

namespace oauth {

// RFC 8414 §2; served at /.well-known/oauth-authorization-server only. JSON. `documents`: clients
// may bring their own metadata (client_document.hpp). Said without being so, it is a dead end for
// clients that prefer it.
std::string authorization_server_metadata(const server_identity& identity, bool documents);

// RFC 9728 §2; the same document at the root and at the path-inserted address. For a probe
// with a trailing slash (…/mcp/) the resource carries the slash too, because clients compare
// it with the address that the person typed. JSON.
std::string protected_resource_metadata(const server_identity& identity,
                                        bool trailing_slash = false);

// RFC 6750 §3. Values of WWW-Authenticate for /mcp.
enum class challenge {
    no_token,           // 401: no credentials, so no error attribute
    invalid_token,      // 401: malformed, unknown, expired, revoked, other resource
    invalid_request,    // 400: two Authorization headers
    insufficient_scope, // 403: the token lacks twenty:write
};
// With a trailing slash (a request to /mcp/) it leads to the document whose resource has one.
std::string challenge_header(const server_identity& identity, challenge reason,
                             bool trailing_slash = false);

} // namespace oauth
