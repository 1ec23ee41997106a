// What every form of a person must pass before anything in it counts, and what a page takes
// along for the person without being able to read it.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "web/http.hpp"
#include "web/services.hpp"

#include <string>
#include <string_view>

namespace web {

// Threat: a page of another site submits the form in the person's browser. Defence: browsers
// say where a form comes from; whatever says something else than "from here" is refused.
bool is_cross_site(const services& s, const request& r);

// Wipes the request's body: a key may be in it. errc::bad_request: not a form.
result<text::fields> read_browser_form(request& r, std::size_t most = text::max_form_fields);

response too_many_attempts(std::chrono::seconds wait);

// Threat: a page, its cache or its history gives away what it carries; another browser or
// another form makes use of it. Defence: authenticated encryption with a short life, bound to
// the browser's cookie, to a purpose and to what it is about.
struct carried_for {
    std::string_view purpose;
    std::string_view about;
    std::string_view cookie;
};
std::string seal_for_page(const services& s, const secret& content, const carried_for& place,
                          oauth::time_point until);
// errc::bad_request: not genuine, not for this browser, or too old.
result<secret> open_from_page(const services& s, std::string_view sealed, const carried_for& place);

// The ticket that opens /connections for the holder of a key.
std::string connections_ticket(const services& s, const secret& key, std::string_view cookie);
result<secret> open_connections_ticket(const services& s, std::string_view ticket,
                                       std::string_view cookie); // the fingerprint

} // namespace web
