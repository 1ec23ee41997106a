#include "twenty/compare.hpp"

#include "base/text.hpp"
#include "twenty/filter.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <utility>

namespace twenty {

namespace {

constexpr std::size_t most_items = 500;

using operators = std::vector<std::string_view>;

// What models write for Twenty's operators.
constexpr std::pair<std::string_view, std::string_view> spellings[] = {
    {"equals", "eq"},
    {"equal", "eq"},
    {"=", "eq"},
    {"==", "eq"},
    {"$eq", "eq"},
    {"ne", "neq"},
    {"not_eq", "neq"},
    {"!=", "neq"},
    {"$ne", "neq"},
    {"notequals", "neq"},
    {">", "gt"},
    {">=", "gte"},
    {"ge", "gte"},
    {"<", "lt"},
    {"<=", "lte"},
    {"le", "lte"},
    {"$gt", "gt"},
    {"$gte", "gte"},
    {"$lt", "lt"},
    {"$lte", "lte"},
    {"$in", "in"},
    {"anyof", "in"},
    {"nin", "notin"},
    {"not_in", "notin"},
    {"$nin", "notin"},
    {"starts_with", "startsWith"},
    {"startswith", "startsWith"},
    {"ends_with", "endsWith"},
    {"endswith", "endsWith"},
    {"icontains", "contains"},
    {"includes", "contains"},
    {"containsany", "containsAny"},
    {"contains_any", "containsAny"},
    {"containsilike", "containsIlike"},
    {"isemptyarray", "isEmptyArray"},
    {"isnull", "isNull"},
    {"is_null", "isNull"},
    {"after", "gt"},
    {"before", "lt"},
};

class comparison {
  public:
    comparison(const column& c, std::vector<std::string>& notes) : column_(c), notes_(notes) {}

    result<json::array> all(const json::value& v);

  private:
    result<json::value> one(std::string_view op, const json::value& v);
    result<json::value> checked(std::string_view op, const json::value& v);
    result<json::value> scalar(const json::value& v);
    result<json::value> pattern(std::string_view op, const json::value& v);
    result<json::value> choice(const json::value& v);
    result<json::value> emptiness(bool empty);

    [[nodiscard]] json::value leaf(std::string_view op, json::value v) const {
        auto out = json::make({{op, std::move(v)}});
        for (auto step = column_.steps.rbegin(); step != column_.steps.rend(); ++step)
            out = json::make({{*step, std::move(out)}});
        return out;
    }
    void note(std::string what) { add_note(notes_, std::move(what)); }
    static error bad(std::string what) { return {errc::bad_request, std::move(what)}; }

    const column& column_;
    std::vector<std::string>& notes_;
};

// The operators of one column. Twenty takes exactly one a field object, so each becomes its own.
result<json::array> comparison::all(const json::value& v) {
    json::array out;
    const auto* members = v.if_object();
    if (!members) {
        const auto* op = v.is_array() ? "in" : "eq";
        note("\"" + column_.path + "\" without an operator was read as " +
             (v.is_null() ? "is NULL" : op));
        TRY(single, one(op, v));
        out.push_back(std::move(single));
        return out;
    }
    for (const auto& [written, inner] : *members) {
        const auto op = operator_of(written);
        if (op == "between") {
            const auto* ends = inner.if_array();
            if (!ends || ends->size() != 2) return bad("between takes a list of two values.");
            TRY(low, one("gte", ends->front()));
            TRY(high, one("lte", ends->back()));
            out.push_back(std::move(low));
            out.push_back(std::move(high));
            continue;
        }
        TRY(single, one(op.empty() ? std::string_view(written) : op, inner));
        out.push_back(std::move(single));
    }
    if (out.empty()) return bad("\"" + column_.path + "\" needs an operator.");
    return out;
}

result<json::value> comparison::one(std::string_view op, const json::value& v) {
    const auto& allowed = filter_operators(column_.type);
    const auto offers = [&](std::string_view name) {
        return std::find(allowed.begin(), allowed.end(), name) != allowed.end();
    };
    // In a text "NULL" is a word like others.
    const bool null_text =
        v.if_string() && column_.type != field_type::text && text::iequals(*v.if_string(), "null");
    if (op == "isNull") {
        const auto yes = as_boolean(v);
        if (!yes) return bad("isNull takes true or false.");
        return one("is", *yes ? "NULL" : "NOT_NULL");
    }
    if (op == "notin") {
        TRY(inner, one("in", v));
        return json::make({{"not", std::move(inner)}});
    }
    // Twenty's "is" knows NULL and NOT_NULL alone.
    if (op == "is" && column_.type == field_type::boolean && as_boolean(v)) {
        note("\"" + column_.path + "\": is was read as eq");
        return one("eq", v);
    }
    if ((op == "eq" || op == "neq") && (v.is_null() || null_text) && offers("is"))
        return emptiness(op == "eq");
    if (op == "contains" && offers("ilike")) {
        note("\"contains\" was read as ilike with % on both sides");
        return pattern(op, v);
    }
    // Lists of choices have no equality.
    if (!offers(op) && offers("containsAny") &&
        (op == "eq" || op == "in" || op == "contains" || op == "neq")) {
        note("\"" + column_.path + "\" holds several choices; " + std::string(op) +
             " was read as containsAny");
        TRY(list, checked("containsAny", v.is_array() ? v : json::list({v})));
        auto inner = leaf("containsAny", std::move(list));
        return op == "neq" ? json::make({{"not", std::move(inner)}}) : std::move(inner);
    }
    if (op == "contains" && offers("containsIlike")) {
        note("\"contains\" was read as containsIlike");
        return pattern("containsIlike", v);
    }
    if (!offers(op)) {
        std::string names;
        for (const auto name : allowed)
            names += (names.empty() ? "" : ", ") + std::string(name);
        return bad("\"" + column_.path + "\" can't be compared with " + in_quotes(op) +
                   (names.empty() ? std::string("; it can't be filtered.")
                                  : "; operators: " + names + "."));
    }
    if (op == "like" || op == "ilike" || op == "startsWith" || op == "endsWith" ||
        op == "containsIlike")
        return pattern(op, v);
    TRY(good, checked(op, v));
    if (op == "is") return emptiness(*good.if_string() == "NULL");
    return leaf(op, std::move(good));
}

// "Empty" of an id is a value that somebody forgot to fill in.
result<json::value> comparison::emptiness(bool empty) {
    if (empty && column_.steps == std::vector<std::string>{"id"})
        return bad("\"id\" is never empty, so nothing would match; compare it with a record's id, "
                   "or ask {\"is\":\"NULL\"} of the field that you mean.");
    return leaf("is", empty ? "NULL" : "NOT_NULL");
}

result<json::value> comparison::pattern(std::string_view op, const json::value& v) {
    std::string text_value;
    if (const auto* s = v.if_string())
        text_value = *s;
    else if (const auto* n = v.if_number())
        text_value = n->text;
    else
        return bad("\"" + column_.path + "\": " + std::string(op) + " takes a text.");
    if (text_value.find('\0') != std::string::npos)
        return bad("\"" + column_.path + "\": the text holds a NUL character.");
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
        return bad("\"" + column_.path + "\": is takes NULL or NOT_NULL.");
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
        single.push_back(v);
        items = &single;
    }
    if (items->empty() || items->size() > most_items)
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
        if (s && is_date_time(*s)) return v;
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

result<json::value> comparison::choice(const json::value& v) {
    const auto* s = v.if_string();
    if (!s) return bad("\"" + column_.path + "\": " + shown(v) + " isn't a choice.");
    if (!column_.options || column_.options->options.empty()) return v;
    const auto* option = find_option(*column_.options, *s);
    if (!option) return unknown_option(*column_.options, *s);
    if (option->value != *s) note("\"" + *s + "\" was read as " + option->value);
    return json::value(option->value);
}

} // namespace

std::string_view operator_of(std::string_view written) {
    static constexpr std::string_view known[] = {
        "eq",           "neq",      "gt",       "gte",         "lt",
        "lte",          "in",       "is",       "like",        "ilike",
        "startsWith",   "endsWith", "contains", "containsAny", "containsIlike",
        "isEmptyArray", "search",   "notin",    "isNull",      "between"};
    for (const auto name : known)
        if (name == written) return name;
    const auto low = text::lower(written);
    for (const auto& [spelling, name] : spellings)
        if (spelling == low) return name;
    for (const auto name : known)
        if (text::iequals(name, written)) return name;
    return {};
}

// twenty-server's filter validator, by field type; it decides, not the generated GraphQL types.
const std::vector<std::string_view>& filter_operators(field_type type) {
    static const operators text_like{"eq", "neq", "gt",   "gte",   "lt",         "lte",
                                     "in", "is",  "like", "ilike", "startsWith", "endsWith"};
    static const operators ordered{"eq", "neq", "gt", "gte", "lt", "lte", "in", "is"};
    static const operators yes_no{"eq", "is"};
    static const operators single_choice{"eq",  "neq", "gt", "gte",         "lt",
                                         "lte", "in",  "is", "containsAny", "isEmptyArray"};
    static const operators many_choices{"containsAny", "is", "isEmptyArray"};
    static const operators list{"containsIlike", "is", "isEmptyArray"};
    static const operators opaque{"is", "like"};
    static const operators search{"search"};
    static const operators none;
    switch (type) {
    case field_type::text:
        return text_like;
    case field_type::number:
    case field_type::numeric:
    case field_type::position:
    case field_type::date:
    case field_type::date_time:
    case field_type::uuid:
        return ordered;
    case field_type::boolean:
        return yes_no;
    case field_type::select:
    case field_type::rating:
        return single_choice;
    case field_type::multi_select:
        return many_choices;
    case field_type::array:
        return list;
    case field_type::raw_json:
    case field_type::files:
    case field_type::other:
        return opaque;
    case field_type::ts_vector:
        return search;
    default:
        return none;
    }
}

result<json::array> compare(const column& c, const json::value& v,
                            std::vector<std::string>& notes) {
    return comparison(c, notes).all(v);
}

} // namespace twenty
