#include "web/admin_arguments.hpp"

#include "base/json.hpp"
#include "base/number.hpp"
#include "base/text.hpp"
#include "web/http.hpp"

#include <algorithm>

namespace web {

namespace {

using location = admin_parameter::location;
using type = admin_parameter::type;

std::string what_it_must_be(const admin_parameter& p) {
    switch (p.is) {
    case type::text:
        return "a text of 1 to " + std::to_string(p.most) + " bytes";
    case type::uuid:
        return "a UUID";
    case type::word:
        return "one of " +
               text::join(std::vector<std::string>(p.words.begin(), p.words.end()), ", ");
    case type::whole:
        return "a whole number from " + std::to_string(p.least) + " to " + std::to_string(p.most);
    case type::time:
        return "a time such as 2026-11-22T12:05:17Z";
    case type::yes:
        return "true";
    }
    return {};
}

bool fits(const admin_parameter& p, std::string_view value) {
    switch (p.is) {
    case type::text:
        return !value.empty() && value.size() <= static_cast<std::size_t>(p.most);
    case type::uuid:
        return text::is_uuid(value);
    case type::word:
        return std::ranges::find(p.words, value) != p.words.end();
    case type::whole: {
        const auto n = text::number<std::int64_t>(value);
        return n && *n >= p.least && *n <= p.most;
    }
    case type::time:
        return parse_iso_time(value).has_value();
    case type::yes:
        return value == "true";
    }
    return false;
}

error wrong(const std::string& what) { return {errc::bad_request, what}; }

// A name as the caller wrote it, short enough for a message.
std::string quoted(std::string_view name) {
    return "\"" + std::string(text::cut_utf8(text::without_invisible(name, false), 64)) + "\"";
}

std::string known_names(const std::vector<admin_parameter>& known, location in) {
    std::vector<std::string> names;
    for (const auto& p : known)
        if (p.in == in) names.emplace_back(p.name);
    return names.empty() ? "none is known" : "known are " + text::join(names, ", ");
}

// Puts one value where it belongs, or says what is wrong with it.
result<done> take(admin_arguments& into, const std::vector<admin_parameter>& known, location in,
                  std::string_view name, std::string value) {
    const auto p = std::ranges::find_if(
        known, [&](const auto& one) { return one.in == in && one.name == name; });
    if (p == known.end())
        return wrong(std::string(in == location::body ? "The body's member " : "The parameter ") +
                     quoted(name) + " is not known; " + known_names(known, in) + ".");
    if (into.has(name)) return wrong(std::string(p->name) + " is there twice.");
    if (!fits(*p, value))
        return wrong(std::string(p->name) + " must be " + what_it_must_be(*p) + ".");
    into.set(p->name, std::move(value));
    return done{};
}

// A JSON value as the text that a query would carry; nullopt: of a type that no parameter has.
std::optional<std::string> as_text(const admin_parameter::type wanted, const json::value& v) {
    switch (wanted) {
    case type::whole:
        if (const auto n = v.as_int()) return std::to_string(*n);
        return std::nullopt;
    case type::yes:
        if (const auto b = v.as_bool()) return std::string(*b ? "true" : "false");
        return std::nullopt;
    case type::text:
    case type::uuid:
    case type::word:
    case type::time:
        if (const auto* s = v.if_string()) return *s;
        return std::nullopt;
    }
    return std::nullopt;
}

// read_body() brings a JSON value into the text of its type and has take() judge it, so that a body
// and a query know the same rules. A member of the wrong type is refused and not converted.
result<done> read_body(admin_arguments& into, const std::vector<admin_parameter>& known,
                       const request& r) {
    if (r.body.empty()) return done{};
    if (!has_media_type(r, "application/json"))
        return error{errc::unsupported, "Content-Type must be application/json."};
    TRY(document, json::parse(r.body));
    const auto* members = document.if_object();
    if (!members) return wrong("The body must be a JSON object.");
    for (const auto& member : *members) {
        const auto& [name, value] = member;
        const auto p = std::ranges::find_if(known, [&](const auto& one) {
            return one.in == location::body && one.name == member.first;
        });
        auto carried = as_text(p == known.end() ? type::text : p->is, value);
        if (p != known.end() && !carried)
            return wrong(std::string(p->name) + " must be " + what_it_must_be(*p) + ".");
        CHECK_OK(take(into, known, location::body, name, std::move(carried).value_or("")));
    }
    return done{};
}

} // namespace

std::optional<response> refuse_two_ways(const admin_arguments& given) {
    if (!given.has("before") || !given.has("after")) return std::nullopt;
    return json_error(400, "bad_request", "Say before or after, not both.");
}

std::string iso_time(oauth::time_point at) { return text::iso_time(oauth::clock::to_time_t(at)); }

std::optional<oauth::time_point> parse_iso_time(std::string_view value) {
    const auto seconds = text::read_iso_time(value);
    if (!seconds) return std::nullopt;
    return oauth::time_point(std::chrono::seconds(*seconds));
}

std::string admin_arguments::text(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string() : found->second;
}

std::int64_t admin_arguments::whole(std::string_view name, std::int64_t fallback) const {
    const auto found = values_.find(name);
    return found == values_.end() ? fallback
                                  : text::number<std::int64_t>(found->second).value_or(fallback);
}

std::optional<oauth::time_point> admin_arguments::time(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::nullopt : parse_iso_time(found->second);
}

result<admin_arguments> read_admin_arguments(const std::vector<admin_parameter>& known,
                                             admin_body body, const request& r,
                                             std::string_view segment) {
    admin_arguments out;
    for (const auto& p : known)
        if (p.in == location::path) CHECK_OK(take(out, known, p.in, p.name, std::string(segment)));
    TRY(query, text::parse_form(r.query));
    for (auto& [name, value] : query)
        CHECK_OK(take(out, known, location::query, name, std::move(value)));
    if (body == admin_body::json) CHECK_OK(read_body(out, known, r));
    if (body == admin_body::none && !r.body.empty()) return wrong("This call takes no body.");
    for (const auto& p : known)
        if (p.required && !out.has(p.name))
            return wrong(std::string(p.name) + " is missing: " + what_it_must_be(p) + ".");
    return out;
}

} // namespace web
