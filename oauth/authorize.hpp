// GET /authorize: which faults may only be shown to the person and which go back to the
// client (RFC 6749 §4.1.2.1), and the URLs of every authorization response.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "oauth/identity.hpp"
#include "oauth/redirect_uri.hpp"
#include "oauth/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace oauth {

inline constexpr std::size_t max_authorize_query_bytes = 8192;
inline constexpr std::size_t max_state_bytes = 4096;

// Phase 1a: the query before a client is known. An error here, and any error of the client's
// look-up, is a local page with status 400, never a redirect.
struct authorize_query {
    text::fields parameters; // as sent, empty values removed
    std::string client_id;
};
result<authorize_query> read_authorize_query(std::string_view raw_query);

// A fault that belongs to the client. `url` is its redirect URI with error,
// error_description, state and iss; `how` says whether the browser may be sent there.
struct client_error {
    std::string url;
    delivery how = delivery::link;
    std::string code;        // "invalid_request", …
    std::string description; // for a local page
    std::string host;        // where the link leads, for people
};

// Phase 1b and 2. error: local page, status 400 (the redirect URI is not this client's).
// `trusted_hosts` as in error_delivery().
using authorize_outcome = std::variant<authorization_request, client_error, error>;
authorize_outcome check_authorize(const authorize_query& query, const client& who,
                                  const server_identity& identity,
                                  const std::vector<std::string>& trusted_hosts = {});

// RFC 6749 §4.1.2 with RFC 9207's iss. The redirect URI keeps its own query.
std::string success_url(const server_identity& identity, const authorization_request& request,
                        const secret& code);
std::string error_url(const server_identity& identity, const authorization_request& request,
                      std::string_view code, std::string_view description);

// The person said no: access_denied, delivered as error_delivery() says.
client_error access_denied(const server_identity& identity, const authorization_request& request,
                           const std::vector<std::string>& trusted_hosts = {});

} // namespace oauth
