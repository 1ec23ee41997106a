#include "web/browser_form.hpp"

#include "base/crypto.hpp"
#include "web/delivery.hpp"
#include "web/http.hpp"
#include "web/key_check.hpp"

#include <charconv>

namespace web {

namespace {

// Sealed content comes in steps of this size, so that its length tells nothing of the key.
constexpr std::size_t padding_step = 512;

secret page_key(const secret& request_key) {
    return crypto::derive(request_key, "carried by page");
}

std::string bound_to(const carried_for& place) {
    std::string out;
    for (const auto part : {place.purpose, place.about, place.cookie})
        out.append(std::to_string(part.size())).append(":").append(part);
    return out;
}

carried_for for_connections(std::string_view cookie) { return {"connections", {}, cookie}; }

} // namespace

bool is_cross_site(const services& s, const request& r) {
    if (r.has("sec-fetch-site") && r.header("sec-fetch-site") != "same-origin") return true;
    return r.has("origin") && r.header("origin") != s.identity.issuer;
}

result<text::fields> read_browser_form(request& r, std::size_t most) {
    auto fields = text::parse_form(r.body, most);
    wipe(r.body.data(), r.body.size());
    if (!has_media_type(r, "application/x-www-form-urlencoded"))
        return error{errc::bad_request, "The form was sent in a wrong format."};
    return fields;
}

response too_many_attempts(std::chrono::seconds wait) {
    auto r = local_page(429, "Too many attempts", "Wait a little and try again.");
    set_retry_after(r, wait);
    return r;
}

// EXPIRY '\n' CONTENT NUL…: the content is text, so NULs at the end are padding.
std::string seal_for_page(const services& s, const secret& content, const carried_for& place,
                          oauth::time_point until) {
    const auto expiry = std::to_string(oauth::clock::to_time_t(until)) + "\n";
    const auto used = expiry.size() + content.size();
    std::string padded((used / padding_step + 1) * padding_step, '\0');
    expiry.copy(padded.data(), expiry.size());
    content.reveal().copy(padded.data() + expiry.size(), content.size());
    const secret plain(std::move(padded));
    return text::base64url_encode(
        crypto::seal(page_key(s.request_keys.front()), plain.reveal(), bound_to(place)));
}

result<secret> open_from_page(const services& s, std::string_view sealed,
                              const carried_for& place) {
    const error refused{errc::bad_request, "This page is no longer valid."};
    const auto bytes = text::base64url_decode(sealed);
    if (!bytes) return refused;
    for (const auto& key : s.request_keys) {
        const auto plain = crypto::unseal(page_key(key), *bytes, bound_to(place));
        if (!plain) continue;
        const auto all = plain->reveal();
        const auto mark = all.find('\n');
        std::int64_t until = 0;
        (void)std::from_chars(all.data(), all.data() + mark, until);
        if (oauth::clock::to_time_t(s.now()) >= until) return refused;
        const auto content = all.substr(mark + 1);
        return secret(content.substr(0, content.find('\0')));
    }
    return refused;
}

std::string connections_ticket(const services& s, const secret& key, std::string_view cookie) {
    return seal_for_page(s, secret(fingerprint(s, key)), for_connections(cookie),
                         s.now() + s.lifetimes.authorization);
}

result<secret> open_connections_ticket(const services& s, std::string_view ticket,
                                       std::string_view cookie) {
    return open_from_page(s, ticket, for_connections(cookie));
}

} // namespace web
