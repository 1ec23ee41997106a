#include "base/text.hpp"

#include "base/secret.hpp"

#include <algorithm>
#include <ctime>
#include <simdjson.h>
#include <sodium.h>

namespace text {

namespace {

std::string sodium_encode(std::string_view bytes, int variant) {
    std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                      bytes.size(), variant);
    out.pop_back(); // the terminating zero
    return out;
}

// libsodium is strict here, and callers rely on that: it refuses foreign characters, missing
// padding and tails with bits set that encode nothing. So a value has one spelling, and a MAC over
// it one text.
std::optional<std::string> sodium_decode(std::string_view encoded, int variant) {
    std::string out(encoded.size() / 4 * 3 + 3, '\0');
    std::size_t size = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), encoded.data(),
                          encoded.size(), nullptr, &size, nullptr, variant) != 0)
        return std::nullopt;
    out.resize(size);
    return out;
}

bool unreserved(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// ASCII only, whatever the locale: schemes, hosts and header names are compared by this.
char lower_char(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

} // namespace

std::string base64url_encode(std::string_view bytes) {
    return sodium_encode(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}
std::optional<std::string> base64url_decode(std::string_view encoded) {
    return sodium_decode(encoded, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}
bool is_base64url(std::string_view encoded) noexcept {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if (encoded.find_first_not_of(digits) != std::string_view::npos) return false;
    const auto rest = encoded.size() % 4;
    if (rest == 0) return true;
    const auto unused = rest == 2 ? 16U : 4U; // of the last digit: four bits, or two
    return rest != 1 && digits.find(encoded.back()) % unused == 0;
}
std::string base64_encode(std::string_view bytes) {
    return sodium_encode(bytes, sodium_base64_VARIANT_ORIGINAL);
}
std::optional<std::string> base64_decode(std::string_view encoded) {
    return sodium_decode(encoded, sodium_base64_VARIANT_ORIGINAL);
}

std::string hex_encode(std::string_view bytes) {
    std::string out(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                   bytes.size());
    out.pop_back();
    return out;
}
std::optional<std::string> hex_decode(std::string_view encoded) {
    if (encoded.size() % 2 != 0) return std::nullopt;
    std::string out(encoded.size() / 2, '\0');
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = hex_digit(encoded[2 * i]);
        const int low = hex_digit(encoded[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out[i] = static_cast<char>(high << 4 | low);
    }
    return out;
}

std::string percent_encode(std::string_view plain) {
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string out;
    out.reserve(plain.size());
    for (const char c : plain) {
        if (unreserved(c)) {
            out.push_back(c);
            continue;
        }
        const auto b = static_cast<unsigned char>(c);
        out.push_back('%');
        out.push_back(hex[b >> 4]);
        out.push_back(hex[b & 15]);
    }
    return out;
}

std::optional<std::string> percent_decode(std::string_view encoded, bool plus_is_space) {
    std::string out;
    out.reserve(encoded.size()); // never grows: no copy of a secret is left behind
    const auto refuse = [&out] {
        wipe(out.data(), out.size());
        return std::nullopt;
    };
    for (std::size_t i = 0; i < encoded.size(); ++i) {
        if (encoded[i] == '+' && plus_is_space) {
            out.push_back(' ');
        } else if (encoded[i] == '%') {
            if (i + 2 >= encoded.size()) return refuse();
            const int high = hex_digit(encoded[i + 1]);
            const int low = hex_digit(encoded[i + 2]);
            if (high < 0 || low < 0) return refuse();
            out.push_back(static_cast<char>(high << 4 | low));
            i += 2;
        } else {
            out.push_back(encoded[i]);
        }
    }
    return out;
}

bool is_token68(std::string_view s) noexcept {
    return !s.empty() && s.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                             "0123456789-._~+/=") == std::string_view::npos;
}

fields::~fields() {
    for (auto& [name, value] : *this)
        wipe(value.data(), value.size());
}

result<fields> parse_form(std::string_view body, std::size_t most) {
    fields out;
    while (!body.empty()) {
        const auto end = std::min(body.find('&'), body.size());
        const auto pair = body.substr(0, end);
        body.remove_prefix(std::min(end + 1, body.size()));
        if (pair.empty()) continue;
        if (out.size() == most) return error{errc::bad_request, "The form has too many fields"};
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = percent_decode(pair.substr(0, equals), true);
        auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
        // The field goes into `out` before it is judged: `fields` wipes its values, and nothing
        // else would wipe this one on the way out.
        const bool escaped = name && value;
        out.emplace_back(std::move(name).value_or(""), std::move(value).value_or(""));
        const auto& [key, content] = out.back();
        if (!escaped) return error{errc::bad_request, "A form field has a bad % escape"};
        if (!valid_utf8(key) || !valid_utf8(content))
            return error{errc::bad_request, "A form field is not valid UTF-8"};
        if (key.find('\0') != std::string::npos || content.find('\0') != std::string::npos)
            return error{errc::bad_request, "A form field holds a NUL character"};
    }
    return out;
}

const std::string* find(const fields& form, std::string_view name) {
    for (const auto& [key, value] : form)
        if (key == name) return &value;
    return nullptr;
}

std::string html_escape(std::string_view plain) {
    std::string out;
    out.reserve(plain.size());
    for (const char c : plain) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out.push_back(c);
        }
    }
    return out;
}

bool valid_utf8(std::string_view s) noexcept { return simdjson::validate_utf8(s.data(), s.size()); }

std::size_t code_points(std::string_view s) noexcept {
    return static_cast<std::size_t>(
        std::count_if(s.begin(), s.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// A byte 10xxxxxx goes on with a character, so the cut moves to the front of it.
std::string_view cut_utf8(std::string_view s, std::size_t bytes) noexcept {
    if (s.size() <= bytes) return s;
    while (bytes > 0 && (s[bytes] & 0xC0) == 0x80)
        --bytes;
    return s.substr(0, bytes);
}

std::string_view trim(std::string_view s) noexcept {
    const auto first = s.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return s.substr(first, s.find_last_not_of(" \t\r\n") - first + 1);
}

std::string lower(std::string_view ascii) {
    std::string out(ascii);
    std::transform(out.begin(), out.end(), out.begin(), lower_char);
    return out;
}

bool iequals(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower_char(x) == lower_char(y); });
}

bool starts_with_ci(std::string_view s, std::string_view prefix) noexcept {
    return s.size() >= prefix.size() && iequals(s.substr(0, prefix.size()), prefix);
}

std::vector<std::string> split(std::string_view s, char separator) {
    std::vector<std::string> out;
    for (;;) {
        const auto at = s.find(separator);
        out.emplace_back(s.substr(0, at));
        if (at == std::string_view::npos) return out;
        s.remove_prefix(at + 1);
    }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
    std::string out;
    for (const auto& part : parts) {
        if (!out.empty()) out += separator;
        out += part;
    }
    return out;
}

bool is_uuid(std::string_view s) noexcept {
    if (s.size() != 36) return false;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? s[i] != '-' : hex_digit(s[i]) < 0) return false;
    }
    return true;
}

} // namespace text
