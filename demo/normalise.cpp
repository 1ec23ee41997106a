#include "demo/normalise.hpp"

#include "base/text.hpp"
#include "demo/errors.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace demo {

namespace {

struct phone_region {
    std::string_view country;
    std::string_view calling;
    std::string_view prefix; // national numbers that begin so are of this country
};
// Among regions that share a calling code those with a prefix come first.
constexpr std::array<phone_region, 40> regions{{
    {"CA", "+1", "604"},    {"CA", "+1", "416"}, {"CA", "+1", "514"}, {"US", "+1", ""},
    {"VA", "+39", "06698"}, {"IT", "+39", ""},   {"NL", "+31", ""},   {"BE", "+32", ""},
    {"FR", "+33", ""},      {"ES", "+34", ""},   {"PT", "+351", ""},  {"IE", "+353", ""},
    {"FI", "+358", ""},     {"HU", "+36", ""},   {"CH", "+41", ""},   {"CZ", "+420", ""},
    {"AT", "+43", ""},      {"GB", "+44", ""},   {"DK", "+45", ""},   {"SE", "+46", ""},
    {"NO", "+47", ""},      {"PL", "+48", ""},   {"DE", "+49", ""},   {"MX", "+52", ""},
    {"AR", "+54", ""},      {"BR", "+55", ""},   {"CL", "+56", ""},   {"AU", "+61", ""},
    {"NZ", "+64", ""},      {"SG", "+65", ""},   {"RU", "+7", ""},    {"JP", "+81", ""},
    {"KR", "+82", ""},      {"CN", "+86", ""},   {"TR", "+90", ""},   {"IN", "+91", ""},
    {"ZA", "+27", ""},      {"GR", "+30", ""},   {"IL", "+972", ""},  {"AE", "+971", ""},
}};
constexpr std::size_t fewest_digits = 2;
constexpr std::size_t most_digits = 17;

const phone_region* by_country(std::string_view country) {
    const auto found = std::find_if(regions.begin(), regions.end(),
                                    [&](const auto& r) { return r.country == country; });
    return found == regions.end() ? nullptr : &*found;
}

const phone_region* by_calling(std::string_view calling) {
    const std::string wanted =
        calling.starts_with('+') ? std::string(calling) : "+" + std::string(calling);
    const auto found = std::find_if(regions.begin(), regions.end(), [&](const auto& r) {
        return r.calling == wanted && r.prefix.empty();
    });
    return found == regions.end() ? nullptr : &*found;
}

// by_number() knows the region of an international number: "+493091827364".
const phone_region* by_number(std::string_view number) {
    const auto found = std::find_if(regions.begin(), regions.end(), [&](const auto& r) {
        return number.starts_with(r.calling) &&
               number.substr(r.calling.size()).starts_with(r.prefix);
    });
    return found == regions.end() ? nullptr : &*found;
}

// Digits with a leading plus; std::nullopt when other characters stand there.
std::optional<std::string> digits_of(std::string_view given) {
    if (given.starts_with("tel:")) given.remove_prefix(4);
    given = given.substr(0, given.find(" ext"));
    std::string out;
    for (const char c : given) {
        if (std::isdigit(static_cast<unsigned char>(c)) || (c == '+' && out.empty()))
            out += c;
        else if (std::string_view(" -()./").find(c) == std::string_view::npos)
            return std::nullopt;
    }
    return out;
}

struct phone_names {
    const char* number;
    const char* country;
    const char* calling;
};
constexpr phone_names primary{"primaryPhoneNumber", "primaryPhoneCountryCode",
                              "primaryPhoneCallingCode"};
constexpr phone_names additional{"number", "countryCode", "callingCode"};

std::string text_of(const json::object& parts, const char* name) {
    const auto* v = parts.find(name);
    return v && v->if_string() ? *v->if_string() : std::string();
}

error refused_phone(refusal kind, const std::string& message) {
    return refuse(kind, message, message);
}

result<done> normalise_phone(json::object& parts, const phone_names& name) {
    const std::string given = text_of(parts, name.number);
    if (given.empty()) return done{};
    const std::string country = text_of(parts, name.country);
    const std::string calling = text_of(parts, name.calling);
    if (!country.empty() && !by_country(country))
        return refused_phone(refusal::bad_country, "Invalid country code " + country);
    if (!calling.empty() && !by_calling(calling))
        return refused_phone(refusal::bad_calling_code, "Invalid calling code " + calling);
    const error invalid =
        refused_phone(refusal::bad_phone, "Provided phone number is invalid " + given);
    auto number = digits_of(given);
    if (!number) return invalid;
    const bool international = number->starts_with('+');
    const phone_region* region = international     ? by_number(*number)
                                 : country.empty() ? by_calling(calling)
                                                   : by_country(country);
    if (!region || (!international && country.empty() && calling.empty())) return invalid;
    if (international) {
        number->erase(0, region->calling.size());
        if (!country.empty() && country != region->country)
            return refused_phone(refusal::conflicting_country,
                                 "Provided and inferred country code are conflicting");
        if (!calling.empty() && by_calling(calling)->calling != region->calling)
            return refused_phone(refusal::conflicting_calling_code,
                                 "Provided and inferred calling code are conflicting");
    } else if (number->starts_with('0') && region->calling != "+39") {
        number->erase(0, 1); // the trunk prefix
    }
    if (number->size() < fewest_digits || number->size() > most_digits) return invalid;
    parts.set(name.number, *number);
    if (country.empty()) parts.set(name.country, region->country);
    if (calling.empty()) parts.set(name.calling, region->calling);
    return done{};
}

bool is_email(std::string_view s) {
    const auto at = s.find('@');
    return at != 0 && at != std::string_view::npos &&
           s.find('@', at + 1) == std::string_view::npos &&
           s.find('.', at) != std::string_view::npos && s.back() != '.' &&
           std::none_of(s.begin(), s.end(), [](char c) {
               return std::isspace(static_cast<unsigned char>(c)) != 0 || c == ',';
           });
}

result<json::value> normalised_email(const json::value& given, const std::string& path) {
    if (given.if_string() && is_email(*given.if_string()))
        return json::value(text::lower(*given.if_string()));
    return refuse(refusal::bad_data,
                  "Invalid string value " + inspected(given) + " for email field \"" + path + "\"");
}

// -- hosts: RFC 3492 ------------------------------------------------------------------------

std::vector<std::uint32_t> code_points(std::string_view utf8) {
    std::vector<std::uint32_t> out;
    for (const char c : utf8) {
        const auto b = static_cast<unsigned char>(c);
        if ((b & 0xC0) == 0x80 && !out.empty())
            out.back() = out.back() << 6 | (b & 0x3FU);
        else
            out.push_back(b < 0x80 ? b : b < 0xE0 ? b & 0x1FU : b < 0xF0 ? b & 0x0FU : b & 0x07U);
    }
    return out;
}

// RFC 3492, with the constants of §5, for one label.
std::string punycode(std::string_view label) {
    const auto points = code_points(label);
    std::string out;
    for (const auto p : points)
        if (p < 0x80) out += static_cast<char>(p);
    if (out.size() == points.size()) return out;
    std::uint32_t handled = static_cast<std::uint32_t>(out.size());
    const std::uint32_t basic = handled;
    if (basic > 0) out += '-';
    std::uint32_t n = 128;
    std::uint32_t delta = 0;
    std::uint32_t bias = 72;
    while (handled < points.size()) {
        std::uint32_t next = UINT32_MAX;
        for (const auto p : points)
            if (p >= n) next = std::min(next, p);
        delta += (next - n) * (handled + 1);
        n = next;
        for (const auto p : points) {
            if (p < n) ++delta;
            if (p != n) continue;
            std::uint32_t q = delta;
            for (std::uint32_t k = 36;; k += 36) {
                const std::uint32_t t = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
                const std::uint32_t digit = q < t ? q : t + (q - t) % (36 - t);
                out += static_cast<char>(digit < 26 ? 'a' + digit : '0' + digit - 26);
                if (q < t) break;
                q = (q - t) / (36 - t);
            }
            delta = handled == basic ? delta / 700 : delta / 2;
            delta += delta / (handled + 1);
            bias = 0;
            for (; delta > 455; bias += 36)
                delta /= 35;
            bias += 36 * delta / (delta + 38);
            delta = 0;
            ++handled;
        }
        ++delta;
        ++n;
    }
    return "xn--" + out;
}

std::string ascii_host(std::string_view host) {
    std::vector<std::string> labels;
    for (const auto& label : text::split(text::lower(host), '.'))
        labels.push_back(punycode(label));
    return text::join(labels, ".");
}

} // namespace

result<done> normalise_emails(json::object& parts, std::string_view field) {
    const std::string path(field);
    if (json::value* v = parts.find("primaryEmail"); v && !v->is_null()) {
        TRY(email, normalised_email(*v, path + ".primaryEmail"));
        *v = std::move(email);
    }
    json::value* others = parts.find("additionalEmails");
    if (!others || !others->if_array()) return done{};
    json::array all;
    for (const auto& other : *others->if_array()) {
        TRY(email, normalised_email(other, path + ".additionalEmails"));
        all.push_back(std::move(email));
    }
    *others = std::move(all);
    return done{};
}

result<done> normalise_phones(json::object& parts) {
    CHECK_OK(normalise_phone(parts, primary));
    json::value* others = parts.find("additionalPhones");
    if (!others || !others->if_array()) return done{};
    json::array all;
    for (const auto& other : *others->if_array()) {
        json::object one; // a plain text is lost
        if (other.if_object()) {
            json::object given = *other.if_object();
            CHECK_OK(normalise_phone(given, additional));
            for (const auto* name : {additional.number, additional.calling, additional.country})
                if (const auto* v = given.find(name)) one.append(name, *v);
        }
        all.emplace_back(std::move(one));
    }
    *others = std::move(all);
    return done{};
}

result<std::string> normalised_url(std::string_view given) {
    const auto wrong = [] { return refuse(refusal::bad_url, "The URL of the link is not valid"); };
    if (given.find(' ') != std::string_view::npos) return wrong();
    const auto mark = given.find("://");
    if (mark == std::string_view::npos) {
        if (given.find('.') == std::string_view::npos || given.find(':') < given.find('.'))
            return wrong();
        return std::string(given);
    }
    const std::string scheme = text::lower(given.substr(0, mark));
    if (scheme != "http" && scheme != "https") return wrong();
    const auto rest = given.substr(mark + 3);
    const auto end = std::min(rest.find_first_of("/?#"), rest.size());
    if (end == 0) return wrong();
    std::string tail(rest.substr(end));
    while (tail.ends_with('/'))
        tail.pop_back();
    return scheme + "://" + ascii_host(rest.substr(0, end)) + tail;
}

result<done> normalise_links(json::object& parts) {
    if (json::value* v = parts.find("primaryLinkUrl"); v && v->if_string()) {
        TRY(url, normalised_url(*v->if_string()));
        *v = std::move(url);
    }
    json::value* others = parts.find("secondaryLinks");
    if (!others || !others->if_array()) return done{};
    json::array all;
    for (const auto& other : *others->if_array()) {
        if (!other.if_object()) continue;
        json::object one = *other.if_object();
        if (json::value* v = one.find("url"); v && v->if_string()) {
            TRY(url, normalised_url(*v->if_string()));
            *v = std::move(url);
        }
        all.emplace_back(std::move(one));
    }
    *others = std::move(all);
    return done{};
}

} // namespace demo
