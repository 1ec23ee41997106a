#include "twenty/write_values.hpp"

#include "base/text.hpp"
#include "twenty/writing.hpp"

#include <algorithm>

namespace twenty {

namespace {

constexpr const char* plain_addresses =
    "can't be a link; use http, https, mailto, tel or ftp, or leave the scheme out.";

// Twenty answers a NUL with a failure of its own.
bool has_nul(const json::value& v) {
    if (const auto* s = v.if_string()) return s->find('\0') != std::string::npos;
    if (const auto* a = v.if_array()) return std::any_of(a->begin(), a->end(), has_nul);
    if (const auto* o = v.if_object())
        return std::any_of(o->begin(), o->end(), [](const auto& m) {
            return m.first.find('\0') != std::string::npos || has_nul(m.second);
        });
    return false;
}

} // namespace

// writing::value() checks what is known of a type. A value of a type that is newer than this
// program passes as it is, for Twenty to judge.
result<json::value> writing::value(const json::value& v) {
    if (has_nul(v)) return bad("the text holds a NUL character.");
    if (v.is_null()) return v;
    const auto* s = v.if_string();
    switch (f_.type) {
    case field_type::text:
        return plain_text(v);
    case field_type::number:
    case field_type::numeric:
        if (const auto n = as_number(v)) {
            if (s) note("the text was read as a number");
            return json::value(*n);
        }
        return wrong(v, "a number");
    case field_type::boolean:
        if (const auto b = as_boolean(v)) {
            if (s) note("the text was read as true or false");
            return json::value(*b);
        }
        return wrong(v, "true or false");
    case field_type::date:
        return date(v);
    case field_type::date_time:
        return date_time(v);
    case field_type::uuid:
        if (s && text::is_uuid(text::trim(*s))) return json::value(text::trim(*s));
        return wrong(v, "a UUID");
    case field_type::select:
    case field_type::rating:
        return choice(v);
    case field_type::multi_select:
        return choices(v);
    case field_type::array:
        return strings(v);
    case field_type::files:
        if (v.is_array()) return v;
        return wrong(v, "a list of {fileId, label}; upload the file in Twenty first");
    case field_type::position:
        if (v.is_number() || (s && (*s == "first" || *s == "last"))) return v;
        return wrong(v, "a number, \"first\" or \"last\"");
    case field_type::raw_json:
        return v;
    default:
        if (const auto* parts = composite_of(f_.type)) {
            TRY(made, composite_value(*parts, v));
            if (const auto url = f_.type == field_type::links ? harmful_link(made) : std::nullopt)
                return bad(in_quotes(*url) + " " + plain_addresses);
            return made;
        }
        return v;
    }
}

result<json::value> writing::date(const json::value& v) {
    const auto* s = v.if_string();
    if (s && is_date(*s)) return v;
    // Twenty takes an instant for a DATE only if it ends in Z, so the day alone is sent, as it is
    // written.
    if (s && is_date_time(*s)) {
        note("it is a date; the time was dropped");
        return json::value(s->substr(0, 10));
    }
    return wrong(v, "a date such as 2026-11-22");
}

result<json::value> writing::date_time(const json::value& v) {
    const auto* s = v.if_string();
    // Twenty reads a day as midnight UTC, which is another day west of it, so that is said.
    if (s && is_date(*s)) note(*s + " was written as midnight UTC, " + *s + "T00:00:00Z");
    if (s && is_date_time(*s)) return json::value(in_full(*s));
    return wrong(v, "a time such as 2026-11-22T14:30:00Z (without a zone it is UTC)");
}

result<json::value> writing::plain_text(const json::value& v) {
    if (const auto* n = v.if_number()) {
        note("the number was written as text");
        return json::value(n->text);
    }
    const auto* s = v.if_string();
    if (!s) return wrong(v, "a text");
    if (s->size() > longest_text) return bad("the text is longer than 1,000,000 bytes.");
    return v;
}

// writing::choice() writes values alone: Twenty takes no label, in any case.
result<json::value> writing::choice(const json::value& v) {
    std::string written;
    if (const auto* s = v.if_string())
        written = *s;
    else if (const auto* n = v.if_number())
        written = n->text; // a rating: its label
    else
        return wrong(v, "one of its choices");
    if (f_.options.empty()) return v;
    const auto* option = find_option(f_, written);
    if (!option) return unknown_option(f_, written);
    if (option->value != written) note(in_quotes(written) + " was read as " + option->value);
    return json::value(option->value);
}

result<json::value> writing::choices(const json::value& v) {
    json::array single;
    const auto* items = v.if_array();
    if (!items) {
        if (!v.is_string()) return wrong(v, "a list of its choices");
        note("it takes a list; one was made of the text");
        // "A, B" is two choices unless an option is spelled so.
        if (find_option(f_, *v.if_string()))
            single.push_back(v);
        else
            for (const auto& each : text::split(*v.if_string(), ','))
                single.emplace_back(text::trim(each));
        items = &single;
    }
    json::array out;
    for (const auto& item : *items) {
        TRY(good, choice(item));
        // Twenty keeps doubles of a MULTI_SELECT.
        if (std::find(out.begin(), out.end(), good) == out.end()) out.push_back(std::move(good));
    }
    return json::value(std::move(out));
}

result<json::value> writing::strings(const json::value& v) {
    if (v.is_string()) {
        note("it takes a list; one was made of the text");
        return json::list({v});
    }
    const auto* items = v.if_array();
    if (!items) return wrong(v, "a list of texts");
    if (items->size() > most_listed_texts)
        return bad("its list has " + std::to_string(items->size()) + " items, 500 at most.");
    for (const auto& item : *items)
        if (!item.is_string()) return bad("its list holds " + shown(item) + ", not a text.");
    return v;
}

result<json::value> write_value(const field& f, const json::value& v,
                                std::vector<std::string>& notes) {
    return writing(f, notes).value(v);
}

} // namespace twenty
