// The values that a column is compared with, as Twenty takes them.
#include "base/text.hpp"
#include "twenty/bounds.hpp"
#include "twenty/comparison.hpp"

#include <algorithm>

namespace twenty {

namespace {

// Texts and labels of choices may hold commas; a choice's value, an id, a number or a date don't.
bool has_free_text(field_type type) {
    using enum field_type;
    static constexpr field_type plain[] = {select, rating,  multi_select, uuid,
                                           number, numeric, date,         date_time};
    return std::find(std::begin(plain), std::end(plain), type) == std::end(plain);
}

} // namespace

result<json::value> comparison::pattern(std::string_view op, const json::value& v) {
    std::string text_value;
    if (const auto* s = v.if_string())
        text_value = *s;
    else if (const auto* n = v.if_number())
        text_value = n->text;
    else
        return bad("\"" + column_.path + "\": " + std::string(op) + " takes a text.");
    // A NUL in a text is a 500 of Twenty's: PostgreSQL holds none.
    if (text_value.find('\0') != std::string::npos)
        return bad("\"" + column_.path + "\": the text holds a NUL character.");
    // contains with a % is taken for a pattern that its writer made. Without one it is a text that
    // is looked for as it stands, so the other signs of LIKE are escaped.
    if (op == "contains") {
        if (text_value.find('%') != std::string::npos) return leaf("ilike", text_value);
        std::string escaped;
        for (const char ch : text_value) {
            if (ch == '_' || ch == '\\') escaped.push_back('\\');
            escaped.push_back(ch);
        }
        return leaf("ilike", "%" + escaped + "%");
    }
    if ((op == "like" || op == "ilike") && text_value.find('%') == std::string::npos)
        note(std::string(op) + " without % matches the whole value only; write %" +
             std::string(text::cut_utf8(text_value, 40)) + "% to search inside");
    return leaf(op, text_value);
}

result<json::value> comparison::checked(std::string_view op, const json::value& v) {
    if (op == "is") {
        const auto* s = v.if_string();
        if (v.is_null() || (s && text::iequals(*s, "null"))) return json::value("NULL");
        if (s && (text::iequals(*s, "not_null") || text::iequals(*s, "not null") ||
                  text::iequals(*s, "notnull"))) {
            if (*s != "NOT_NULL") note("\"" + *s + "\" was read as NOT_NULL");
            return json::value("NOT_NULL");
        }
        return bad("\"" + column_.path +
                   "\": is takes NULL or NOT_NULL; eq compares with a value.");
    }
    if (op == "isEmptyArray") {
        const auto yes = as_boolean(v);
        if (!yes) return bad("\"" + column_.path + "\": isEmptyArray takes true or false.");
        return json::value(*yes);
    }
    if (op != "in" && op != "containsAny") return scalar(v);
    const auto* items = v.if_array();
    json::array single;
    if (!items) {
        if (v.is_object() || v.is_null())
            return bad("\"" + column_.path + "\": " + std::string(op) + " takes a list.");
        note("\"" + column_.path + "\": " + std::string(op) + " takes a list; one was made of it");
        // A comma separates where no value holds one.
        if (const auto* s = v.if_string(); s && !has_free_text(column_.type))
            for (const auto& part : text::split(*s, ','))
                single.emplace_back(text::trim(part));
        else
            single.push_back(v);
        items = &single;
    }
    // An empty list is refused by Twenty as well; whoever sends one has most likely lost its
    // values.
    if (items->empty() || items->size() > most_compared_items)
        return bad("\"" + column_.path + "\": " + std::string(op) + " takes 1 to 500 values.");
    json::array out;
    for (const auto& item : *items) {
        TRY(good, scalar(item));
        out.push_back(std::move(good));
    }
    return json::value(std::move(out));
}

result<json::value> comparison::scalar(const json::value& v) {
    const auto wrong = [&](const char* wanted) {
        return bad("\"" + column_.path + "\": " + shown(v) + " isn't " + wanted + ".");
    };
    const auto* s = v.if_string();
    switch (column_.type) {
    case field_type::uuid:
        if (!s || !text::is_uuid(text::trim(*s)))
            return wrong("a UUID; find the record first and use its id");
        return json::value(text::trim(*s));
    case field_type::number:
    case field_type::numeric:
    case field_type::position:
        if (const auto n = as_number(v)) return json::value(*n);
        return wrong("a number");
    case field_type::boolean:
        if (const auto b = as_boolean(v)) return json::value(*b);
        return wrong("true or false");
    case field_type::date:
        if (s && is_date(*s)) return v;
        if (s && is_date_time(*s)) {
            note("\"" + column_.path + "\" is a date; the time was dropped");
            return json::value(s->substr(0, 10));
        }
        return wrong("a date such as 2026-11-22");
    case field_type::date_time:
        if (s && is_date_time(*s)) return json::value(in_full(*s));
        return wrong("a time such as 2026-11-22 or 2026-11-22T14:30:00Z");
    case field_type::select:
    case field_type::rating:
    case field_type::multi_select:
        return choice(v);
    default:
        if (s && s->find('\0') == std::string::npos) return v;
        if (const auto* n = v.if_number()) return json::value(n->text);
        return wrong("a text");
    }
}

// comparison::choice() takes values and labels in any case, because people see labels; Twenty takes
// values alone, and finds nothing by an unknown one of a MULTI_SELECT.
result<json::value> comparison::choice(const json::value& v) {
    const auto* s = v.if_string();
    const auto n = column_.type == field_type::rating ? as_number(v) : std::nullopt;
    if (n) {
        // Twenty compares ratings by the order of their options.
        const auto value = "RATING_" + n->text;
        if (column_.options && find_option(*column_.options, value)) return json::value(value);
        return unknown_option(*column_.options, n->text);
    }
    if (!s)
        return column_.options ? unknown_option(*column_.options, shown(v))
                               : bad("\"" + column_.path + "\": " + shown(v) + " isn't a choice.");
    if (!column_.options || column_.options->options.empty()) return v;
    const auto* option = find_option(*column_.options, *s);
    if (!option) return unknown_option(*column_.options, *s);
    if (option->value != *s) note("\"" + *s + "\" was read as " + option->value);
    return json::value(option->value);
}

} // namespace twenty
