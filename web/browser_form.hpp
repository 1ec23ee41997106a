// What every form of a person must pass before anything in it counts.
#pragma once

#include "base/result.hpp"
#include "base/text.hpp"
#include "oauth/identity.hpp"
#include "web/http.hpp"

#include <chrono>

namespace web {

// Threat: a page of another site submits the form in the person's browser. Defence: browsers
// say where a form comes from; whatever says something else than "from here" is refused.
bool is_cross_site(const oauth::server_identity& ours, const request& r);

// Wipes the request's body: a key may be in it. errc::bad_request: not a form.
result<text::fields> read_browser_form(request& r, std::size_t most = text::max_form_fields);

response too_many_attempts(const error& why); // of a limit

} // namespace web
