#include "web/browser_form.hpp"

#include "base/secret.hpp"
#include "web/delivery.hpp"

namespace web {

// is_cross_site() believes a header that is there. Every current browser sends Origin with a form's
// POST; who sends neither header is a script, which no other site can make do so. `Origin: null` is
// refused like another site's.
bool is_cross_site(const oauth::server_identity& ours, const request& r) {
    if (r.has("sec-fetch-site") && r.header("sec-fetch-site") != "same-origin") return true;
    return r.has("origin") && r.header("origin") != ours.issuer;
}

result<text::fields> read_browser_form(request& r, std::size_t most) {
    // Read and wiped before anything can refuse: a key in a form of the wrong type is a key, too.
    auto fields = text::parse_form(r.body, most);
    wipe(r.body.data(), r.body.size());
    if (!has_media_type(r, "application/x-www-form-urlencoded"))
        return error{errc::bad_request, "The form was sent in a wrong format."};
    return fields;
}

response too_many_attempts(const error& why) {
    auto r = local_page(429, "Too many attempts", "Wait a little and try again.");
    set_retry_after(r, why);
    note_error(r, why);
    return r;
}

} // namespace web
