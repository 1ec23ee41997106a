// A checked authorization request between GET and POST of /authorize: sealed into a hidden
// form field, so that the server keeps nothing for a visitor who has not proved anything.
// Threat: another site submits the consent form, or a request is altered after its check.
// Defence: authenticated encryption, bound to the browser's cookie, with an expiry and an id
// that the HTTP side lets through once.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "oauth/types.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace oauth {

// The sealing key, from a server key (COOKIE_ENCRYPTION_KEY).
secret request_key(const secret& server_key);

// Form field text. `browser_cookie` is the value of the browser-binding cookie.
std::string seal_request(const authorization_request& request, const secret& key,
                         std::string_view browser_cookie, time_point expires_at);

struct opened_request {
    authorization_request request;
    std::string id; // 16 random bytes, base64url: consume once
    time_point expires_at;
};

// `keys`: current first, then older ones. errc::bad_request: not genuine or expired;
// errc::not_allowed: sealed for another browser.
result<opened_request> open_request(std::string_view sealed, const std::vector<secret>& keys,
                                    std::string_view browser_cookie, time_point now);

} // namespace oauth
