#include "twenty/compare.hpp"

#include "base/text.hpp"
#include "twenty/filter.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <utility>

namespace twenty {

namespace {

constexpr std::size_t most_items = 500;

json::value any_of(json::array either) {
    if (either.size() == 1) return std::move(either.front());
    json::object out;
    out.append("or", std::move(either));
    return json::value(std::move(out));
}

// Texts and labels of choices may hold commas; a choice's value, an id, a number or a date don't.
bool has_free_text(field_type type) {
    using enum field_type;
    static constexpr field_type plain[] = {select, rating,  multi_select, uuid,
                                           number, numeric, date,         date_time};
    return std::find(std::begin(plain), std::end(plain), type) == std::end(plain);
}

// What differs from "" has a value: records without one are what was compared with.
bool names_empty(const json::value& v) {
    if (const auto* items = v.if_array()) return std::ranges::any_of(*items, names_empty);
    return v.if_string() && v.if_string()->empty();
}

class comparison {
  public:
    comparison(const column& c, const moment& at, std::vector<std::string>& notes)
        : column_(c), at_(at), notes_(notes) {}

    result<json::array> all(const json::value& v);

  private:
    result<json::value> one(std::string_view op, const json::value& v);
    result<json::value> checked(std::string_view op, const json::value& v);
    result<json::value> scalar(const json::value& v);
    result<json::value> pattern(std::string_view op, const json::value& v);
    result<json::value> choice(const json::value& v);
    result<json::value> emptiness(bool empty);
    // A condition on days, words for days included; nullopt: `v` is none.
    std::optional<json::value> on_days(std::string_view op, const json::value& v);
    std::optional<json::value> on_one_span(std::string_view op, std::string_view written);
    // Differs, or is empty: Twenty's neq and not leave out records without a value.
    json::value or_empty(json::value differs);

    [[nodiscard]] json::value leaf(std::string_view op, json::value v) const {
        auto out = json::make({{op, std::move(v)}});
        for (auto step = column_.steps.rbegin(); step != column_.steps.rend(); ++step)
            out = json::make({{*step, std::move(out)}});
        return out;
    }
    void note(std::string what) { add_note(notes_, std::move(what)); }
    static error bad(std::string what) { return {errc::bad_request, std::move(what)}; }

    const column& column_;
    const moment& at_;
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
            json::array ends;
            if (const auto* listed = inner.if_array()) ends = *listed;
            if (const auto* s = inner.if_string())
                for (const auto& end : text::split(*s, ','))
                    ends.emplace_back(text::trim(end));
            if (ends.size() != 2)
                return bad("between takes two values: \"2026-01-01,2026-03-31\".");
            TRY(low, one("gte", ends.front()));
            TRY(high, one("lte", ends.back()));
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
        json::object differs;
        differs.append("not", std::move(inner));
        return offers("is") && !names_empty(v) ? or_empty(std::move(differs))
                                               : json::value(std::move(differs));
    }
    if (auto days = on_days(op, v)) return *std::move(days);
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
        if (op != "neq") return inner;
        json::object differs;
        differs.append("not", std::move(inner));
        return or_empty(std::move(differs));
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
                   (column_.type == field_type::ts_vector
                        ? std::string("; the tools' argument search looks for words.")
                    : names.empty() ? std::string("; it can't be filtered.")
                                    : "; operators: " + names + "."));
    }
    if (op == "like" || op == "ilike" || op == "startsWith" || op == "endsWith" ||
        op == "containsIlike")
        return pattern(op, v);
    TRY(good, checked(op, v));
    if (op == "is") return emptiness(*good.if_string() == "NULL");
    // Of an empty text in a list Twenty finds nothing; eq finds those without one.
    if (op == "in" && column_.type == field_type::text) {
        auto& items = *good.if_array();
        const auto empty = [](const json::value& item) { return item == json::value(""); };
        if (std::any_of(items.begin(), items.end(), empty)) {
            std::erase_if(items, empty);
            json::array either;
            either.push_back(leaf("eq", ""));
            if (!items.empty()) either.push_back(leaf("in", std::move(good)));
            return any_of(std::move(either));
        }
    }
    const bool filled = op == "neq" && names_empty(good) && offers("is");
    auto plain = leaf(op, std::move(good));
    if (filled) return both(std::move(plain), leaf("is", "NOT_NULL"));
    return op == "neq" && offers("is") && column_.steps != std::vector<std::string>{"id"}
               ? or_empty(std::move(plain))
               : plain;
}

json::value comparison::or_empty(json::value differs) {
    note("\"" + column_.path + "\": records where it is empty count as different");
    json::array either;
    either.push_back(std::move(differs));
    either.push_back(leaf("is", "NULL"));
    return any_of(std::move(either));
}

std::optional<json::value> comparison::on_days(std::string_view op, const json::value& v) {
    if (column_.type != field_type::date && column_.type != field_type::date_time)
        return std::nullopt;
    if (const auto* written = v.if_string(); written && op != "in")
        return on_one_span(op, *written);
    const auto* items = v.if_array();
    if (op != "in" || !items || items->empty() || items->size() > most_items) return std::nullopt;
    json::array either;
    for (const auto& item : *items) {
        const auto* written = item.if_string();
        auto one = written ? on_one_span("eq", *written) : std::nullopt;
        if (!one) return std::nullopt;
        either.push_back(*std::move(one));
    }
    return any_of(std::move(either));
}

// A DATE compares by its own days; of a DATE_TIME each day is a span of time.
std::optional<json::value> comparison::on_one_span(std::string_view op, std::string_view written) {
    const auto span = read_days(written, at_);
    if (!span) return std::nullopt;
    const bool is_date_column = column_.type == field_type::date;
    if (is_date_column && is_date(written)) return std::nullopt; // as Twenty compares them
    const auto from = [&] {
        return json::value(is_date_column ? date_text(span->from) : start_text(span->from, at_));
    };
    const auto until = [&] {
        return json::value(is_date_column ? date_text(span->until) : start_text(span->until, at_));
    };
    json::value made;
    if (op == "eq") {
        json::array both;
        both.push_back(leaf("gte", from()));
        both.push_back(leaf("lt", until()));
        json::object all;
        all.append("and", std::move(both));
        made = std::move(all);
    } else if (op == "neq") {
        json::array either;
        either.push_back(leaf("lt", from()));
        either.push_back(leaf("gte", until()));
        either.push_back(leaf("is", "NULL"));
        made = any_of(std::move(either));
    } else if (op == "lt" || op == "gte") {
        made = leaf(op, from());
    } else if (op == "lte" || op == "gt") {
        made = leaf(op == "lte" ? "lt" : "gte", until());
    } else {
        return std::nullopt;
    }
    const auto last = date_text(span->until - std::chrono::days(1));
    const auto shown = in_quotes(written);
    note(shown + " was read as " + (is_date(written) ? "that whole day" : "") +
         (is_date(written) ? "" : date_text(span->from)) +
         (is_date(written) || span->one_day() ? "" : " to " + last) +
         (is_date_column ? "" : " in " + at_.zone.name()));
    return made;
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

} // namespace

result<json::array> compare(const column& c, const json::value& v, const moment& at,
                            std::vector<std::string>& notes) {
    return comparison(c, at, notes).all(v);
}

} // namespace twenty
