#include "twenty/values.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <chrono>

namespace twenty {

namespace {

bool all_digits(std::string_view s) {
    return !s.empty() &&
           std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int number_of(std::string_view digits) {
    int n = 0;
    for (const char c : digits)
        n = n * 10 + (c - '0');
    return n;
}

// "02:30", "02:30:15", "02:30:15.123"
bool is_time(std::string_view t) {
    if (t.size() < 5 || t[2] != ':' || !all_digits(t.substr(0, 2)) || !all_digits(t.substr(3, 2)))
        return false;
    if (number_of(t.substr(0, 2)) > 23 || number_of(t.substr(3, 2)) > 59) return false;
    t.remove_prefix(5);
    if (t.empty()) return true;
    if (t.size() < 3 || t[0] != ':' || !all_digits(t.substr(1, 2))) return false;
    if (number_of(t.substr(1, 2)) > 59) return false;
    t.remove_prefix(3);
    return t.empty() || (t[0] == '.' && t.size() <= 10 && all_digits(t.substr(1)));
}

// "Z", "+02:00", "+0200", "-05"
// is_zone() takes offsets and no names: "[Europe/Oslo]" is refused by Twenty's filters and taken by
// some of its writes.
bool is_zone(std::string_view z) {
    if (z == "Z" || z == "z") return true;
    if (z.size() < 3 || (z[0] != '+' && z[0] != '-') || !all_digits(z.substr(1, 2))) return false;
    z.remove_prefix(3);
    if (z.empty()) return true;
    if (z[0] == ':') z.remove_prefix(1);
    return z.size() == 2 && all_digits(z);
}

} // namespace

bool is_date(std::string_view t) noexcept {
    if (t.size() != 10 || t[4] != '-' || t[7] != '-') return false;
    if (!all_digits(t.substr(0, 4)) || !all_digits(t.substr(5, 2)) || !all_digits(t.substr(8, 2)))
        return false;
    using namespace std::chrono;
    return year_month_day(year(number_of(t.substr(0, 4))),
                          month(static_cast<unsigned>(number_of(t.substr(5, 2)))),
                          day(static_cast<unsigned>(number_of(t.substr(8, 2)))))
        .ok();
}

bool is_date_time(std::string_view t) noexcept {
    if (t.size() < 10 || !is_date(t.substr(0, 10))) return false;
    t.remove_prefix(10);
    if (t.empty()) return true;
    if (t[0] != 'T' && t[0] != 't' && t[0] != ' ') return false;
    t.remove_prefix(1);
    const auto zone = t.find_first_of("Zz+-");
    return is_time(t.substr(0, zone)) &&
           (zone == std::string_view::npos || is_zone(t.substr(zone)));
}

std::string in_full(std::string_view t) {
    if (t.size() <= 10) return std::string(t);
    const auto zone_at = std::min(t.find_first_of("Zz+-", 10), t.size());
    auto zone = std::string(t.substr(zone_at));
    auto time = std::string(t.substr(11, zone_at - 11));
    constexpr std::size_t minutes = 5, milliseconds = 12; // "09:30", "09:30:00.123"
    if (time.size() == minutes) time += ":00";
    if (time.size() > milliseconds) time.resize(milliseconds);
    if (zone.empty() || zone == "z") zone = "Z";
    if (zone.size() == 3) zone += ":00";                         // "-05"
    if (zone.size() == 5 && zone[3] != ':') zone.insert(3, ":"); // "+0100"
    return std::string(t.substr(0, 10)) + "T" + time + zone;
}

// as_number() keeps the digits as they are written, of texts too; a double would round what Twenty
// holds exactly.
std::optional<json::number> as_number(const json::value& v) {
    if (const auto* n = v.if_number()) return *n;
    const auto* s = v.if_string();
    if (!s || s->size() > 400) return std::nullopt;
    const auto parsed = json::parse(text::trim(*s));
    if (!parsed || !parsed->is_number()) return std::nullopt;
    return *parsed->if_number();
}

std::optional<bool> as_boolean(const json::value& v) {
    if (const auto b = v.as_bool()) return b;
    const auto* s = v.if_string();
    if (s && text::iequals(*s, "true")) return true;
    if (s && text::iequals(*s, "false")) return false;
    return std::nullopt;
}

bool is_plain_address(std::string_view url) noexcept {
    static constexpr std::string_view harmless[] = {"http", "https", "mailto", "tel", "ftp"};
    // Browsers drop blanks and control characters in front of an address.
    while (!url.empty() && static_cast<unsigned char>(url.front()) <= ' ')
        url.remove_prefix(1);
    // Browsers drop tabs and line ends before they look for a scheme.
    if (std::any_of(url.begin(), url.end(),
                    [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }))
        return false;
    const auto colon = url.find_first_of(":/?#");
    if (colon == std::string_view::npos || url[colon] != ':') return true;
    const auto scheme = url.substr(0, colon);
    for (const auto known : harmless)
        if (text::iequals(known, scheme)) return true;
    // host:port; no scheme that a browser runs has a dot or is called localhost.
    const auto rest = url.substr(colon + 1);
    const bool host = scheme.find('.') != std::string_view::npos || scheme == "localhost";
    return host && all_digits(rest.substr(0, rest.find_first_of("/?#")));
}

std::optional<std::string> harmful_link(const json::value& links) {
    if (const auto* items = links.if_array()) {
        for (const auto& item : *items)
            if (auto found = harmful_link(item)) return found;
    } else if (const auto* members = links.if_object()) {
        for (const auto& [name, v] : *members) {
            const auto* s = v.if_string();
            if (s && (name == "primaryLinkUrl" || name == "url")) {
                if (!is_plain_address(*s)) return *s;
            } else if (s && name == "secondaryLinks") {
                if (const auto parsed = json::parse(*s))
                    if (auto found = harmful_link(*parsed)) return found;
            } else if (!s) {
                if (auto found = harmful_link(v)) return found;
            }
        }
    }
    return std::nullopt;
}

// find_option() prefers the exact value. Two options that fit otherwise are as good as none: a
// guess would write the wrong one.
const select_option* find_option(const field& f, std::string_view written) {
    for (const auto& o : f.options)
        if (o.value == written) return &o;
    const auto plain = text::trim(written);
    const select_option* found = nullptr;
    for (const auto& o : f.options) {
        if (!text::iequals(o.value, plain) && !text::iequals(o.label, plain)) continue;
        if (found) return nullptr; // fits two
        found = &o;
    }
    return found;
}

bool has_own_label(const field& f, const select_option& option) {
    const auto plain = [](std::string_view written) {
        auto out = text::lower(written);
        std::erase_if(out, [](char c) { return c == '_' || c == ' ' || c == '-'; });
        return out;
    };
    return f.type != field_type::rating && !option.label.empty() &&
           plain(option.label) != plain(option.value);
}

namespace {

std::string value_and_label(const field& f, const select_option& o) {
    if (!has_own_label(f, o)) return o.value;
    const auto label = text::without_invisible(o.label, false);
    return o.value + " (" + std::string(text::cut_utf8(label, 40)) + ")";
}

// The one choice whose label or value has this word in it: a suggestion, never an answer.
const select_option* near_option(const field& f, std::string_view written) {
    const auto wanted = text::lower(text::trim(written));
    if (wanted.size() < 3 || wanted.size() > 60) return nullptr;
    const select_option* found = nullptr;
    for (const auto& o : f.options) {
        if (text::lower(o.label).find(wanted) == std::string::npos &&
            text::lower(o.value).find(wanted) == std::string::npos)
            continue;
        if (found) return nullptr;
        found = &o;
    }
    return found;
}

} // namespace

std::string option_list(const field& f) {
    std::string out;
    for (const auto& o : f.options) {
        // A list of choices stands in one sentence of an error; describe_object shows all.
        if (out.size() > 400) return out + ", …";
        out += (out.empty() ? "" : ", ") + value_and_label(f, o);
    }
    return out;
}

error unknown_option(const field& f, std::string_view written) {
    const auto* near = near_option(f, written);
    return {errc::bad_request,
            in_quotes(written) + " isn't a choice of " + f.name +
                (near ? "; the nearest is " + value_and_label(f, *near) : std::string()) +
                "; choices: " + option_list(f) + "."};
}

std::string in_quotes(std::string_view t) {
    // longest_read spares reading a text that is cut off in any case.
    constexpr std::size_t longest_read = 1'000;
    const auto plain = text::without_invisible(text::cut_utf8(t, longest_read), false);
    const auto cut = text::cut_utf8(plain, 60);
    const bool more = cut.size() < plain.size() || t.size() > longest_read;
    return "\"" + std::string(cut) + (more ? "…\"" : "\"");
}

std::string shown(const json::value& v) {
    if (const auto* s = v.if_string()) return in_quotes(*s);
    if (const auto* n = v.if_number()) return std::string(text::cut_utf8(n->text, 40));
    if (const auto b = v.as_bool()) return *b ? "true" : "false";
    return "a value of type " + std::string(v.type_name());
}

void add_note(std::vector<std::string>& notes, std::string what) {
    if (notes.size() < 8 && std::find(notes.begin(), notes.end(), what) == notes.end())
        notes.push_back(std::move(what));
}

} // namespace twenty
