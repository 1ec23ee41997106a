#include "web/browser_cookie.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

#include <chrono>

namespace web {

namespace {

constexpr std::size_t cookie_bytes = 32;

bool is_https(const oauth::server_identity& ours) { return ours.issuer.starts_with("https:"); }

// RFC 6265bis §4.1.3.2: __Host- asks for Secure, which plain loopback can't have.
std::string_view cookie_name(const oauth::server_identity& ours) {
    return is_https(ours) ? "__Host-tmcp_b" : "tmcp_b";
}

std::string cookie_text(const oauth::server_identity& ours, const std::string& value) {
    return std::string(cookie_name(ours)) + "=" + value + "; Path=/; HttpOnly" +
           (is_https(ours) ? "; Secure" : "") + "; SameSite=Lax";
}

} // namespace

// browser_cookie() takes the first cookie of the right form: one that is no 32 bytes was not set
// here, and is passed over as if it were not there.
std::string browser_cookie(const oauth::server_identity& ours, const request& r) {
    for (const auto& [name, value] : r.headers) {
        if (name != "cookie") continue;
        for (const auto& pair : text::split(value, ';')) {
            const auto trimmed = text::trim(pair);
            const auto equals = trimmed.find('=');
            if (equals == std::string_view::npos || trimmed.substr(0, equals) != cookie_name(ours))
                continue;
            const auto found = trimmed.substr(equals + 1);
            const auto bytes = text::base64url_decode(found);
            if (bytes && bytes->size() == cookie_bytes) return std::string(found);
        }
    }
    return {};
}

std::string new_browser_cookie() {
    return text::base64url_encode(crypto::random_bytes(cookie_bytes));
}

void set_browser_cookie(const oauth::server_identity& ours, response& r, const std::string& value) {
    r.set("Set-Cookie", cookie_text(ours, value));
}

void keep_browser_cookie(const oauth::server_identity& ours, response& r,
                         const std::string& value) {
    constexpr std::chrono::hours half_a_year{180 * 24};
    const auto seconds = std::chrono::seconds(half_a_year).count();
    r.set("Set-Cookie", cookie_text(ours, value) + "; Max-Age=" + std::to_string(seconds));
}

} // namespace web
