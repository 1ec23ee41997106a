// The cookie that ties a consent form to the browser that opened it. It names nobody and
// remembers no consent: it only has to be the same at GET and at POST.
// Threat: cross-site request forgery, and one person finishing what another began. Defence: a
// random value, and the sealed request opens only beside it. __Host- keeps neighbouring hosts
// from setting it. Lax, not Strict: a Strict cookie is not sent on the navigation from another
// site that starts every authorization, and a second tab would replace the first one's.
#pragma once

#include "oauth/identity.hpp"
#include "web/http.hpp"

#include <string>

namespace web {

// The value that the browser sent; empty when absent or not of our form.
std::string browser_cookie(const oauth::server_identity& ours, const request& r);

// 32 random bytes, base64url.
std::string new_browser_cookie();

void set_browser_cookie(const oauth::server_identity& ours, response& r, const std::string& value);
// For a browser that has consented: the cookie stays for half a year, so that it can answer what
// its connections ask.
void keep_browser_cookie(const oauth::server_identity& ours, response& r, const std::string& value);

} // namespace web
