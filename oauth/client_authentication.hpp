// Who calls /token and /revoke: reading the credentials of a request and checking them
// against a client. Split in two, because a client may have to be looked up in between.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "oauth/types.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace oauth {

struct client_credentials {
    std::string client_id;
    auth_method method = auth_method::none;
    secret client_secret; // empty when method is none
};

// The body of /token and /revoke: media type, form grammar, no repeated parameter except
// `resource`; empty values count as absent and are removed. errc::bad_request.
result<text::fields> read_form(std::string_view content_type, std::string_view body);

// RFC 6749 §2.3.1: HTTP Basic or body parameters, never both. errc::bad_request,
// errc::invalid_client. `authorization` is the header's value, empty when absent; schemes
// other than Basic are ignored.
result<client_credentials> read_credentials(const text::fields& form,
                                            std::string_view authorization);

// The client must use the method that it registered; a configured one with a secret may send
// it either way. `key` as in client.hpp. errc::invalid_client.
result<done> authenticate(const client& known, const client_credentials& presented,
                          const secret& key);

} // namespace oauth
