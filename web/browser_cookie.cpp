#include "web/browser_cookie.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace web {

namespace {

constexpr std::size_t cookie_bytes = 32;

bool is_https(const services& s) { return s.identity.issuer.starts_with("https:"); }

// RFC 6265bis §4.1.3.2: __Host- asks for Secure, which plain loopback can't have.
std::string_view cookie_name(const services& s) { return is_https(s) ? "__Host-tmcp_b" : "tmcp_b"; }

} // namespace

std::string browser_cookie(const services& s, const request& r) {
    for (const auto& [name, value] : r.headers) {
        if (name != "cookie") continue;
        for (const auto& pair : text::split(value, ';')) {
            const auto trimmed = text::trim(pair);
            const auto equals = trimmed.find('=');
            if (equals == std::string_view::npos || trimmed.substr(0, equals) != cookie_name(s))
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

void set_browser_cookie(const services& s, response& r, const std::string& value) {
    r.set("Set-Cookie", std::string(cookie_name(s)) + "=" + value + "; Path=/; HttpOnly" +
                            (is_https(s) ? "; Secure" : "") + "; SameSite=Lax");
}

} // namespace web
