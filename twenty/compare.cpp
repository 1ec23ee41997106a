#include "twenty/compare.hpp"

#include "base/text.hpp"
#include "twenty/comparison.hpp"
#include "twenty/filter.hpp"

#include <algorithm>

namespace twenty {

namespace {

// names_empty() finds the empty text among the values. Who compares with it asks about records
// without a value, so those must not be added as "different" once more.
bool names_empty(const json::value& v) {
    if (const auto* items = v.if_array()) return std::ranges::any_of(*items, names_empty);
    return v.if_string() && v.if_string()->empty();
}

} // namespace

json::value any_of(json::array either) {
    if (either.size() == 1) return std::move(either.front());
    json::object out;
    out.append("or", std::move(either));
    return json::value(std::move(out));
}

// comparison::all() makes a condition of its own of each operator, because Twenty takes exactly one
// a field object [twenty-golden-2 dates/019, choices/070].
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
        // between is no operator of Twenty's. Its ends go through one() like any other, so that an
        // upper end that is a day takes the whole of that day.
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

// comparison::one() goes from what only we have to what Twenty has. Our own operators (isNull,
// notin) become others. Days come before values are checked, because a word for a day is no value.
// Emptiness comes before equality, because eq null finds nothing in Twenty. What is still not among
// the type's operators then is repaired where one reading is left, or refused with the operators
// that there are.
result<json::value> comparison::one(std::string_view op, const json::value& v) {
    // In a text "NULL" is a word like others; in values of other types it can only mean emptiness.
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
    if (!offers(op) && offers("containsAny") &&
        (op == "eq" || op == "in" || op == "contains" || op == "neq"))
        return among_choices(op, v);
    if (op == "contains" && offers("containsIlike")) {
        note("\"contains\" was read as containsIlike");
        return pattern("containsIlike", v);
    }
    if (!offers(op)) return not_offered(op);
    if (op == "like" || op == "ilike" || op == "startsWith" || op == "endsWith" ||
        op == "containsIlike")
        return pattern(op, v);
    return offered(op, v);
}

result<json::value> comparison::among_choices(std::string_view op, const json::value& v) {
    note("\"" + column_.path + "\" holds several choices; " + std::string(op) +
         " was read as containsAny");
    TRY(list, checked("containsAny", v.is_array() ? v : json::list({v})));
    auto inner = leaf("containsAny", std::move(list));
    if (op != "neq") return inner;
    json::object differs;
    differs.append("not", std::move(inner));
    return or_empty(std::move(differs));
}

error comparison::not_offered(std::string_view op) const {
    std::string names;
    for (const auto name : filter_operators(column_.type))
        names += (names.empty() ? "" : ", ") + std::string(name);
    return bad("\"" + column_.path + "\" can't be compared with " + in_quotes(op) +
               (column_.type == field_type::ts_vector
                    ? std::string("; the tools' argument search looks for words.")
                : names.empty() ? std::string("; it can't be filtered.")
                                : "; operators: " + names + "."));
}

bool comparison::offers(std::string_view op) const {
    const auto& allowed = filter_operators(column_.type);
    return std::find(allowed.begin(), allowed.end(), op) != allowed.end();
}

result<json::value> comparison::offered(std::string_view op, const json::value& v) {
    TRY(good, checked(op, v));
    if (op == "is") return emptiness(*good.if_string() == "NULL");
    // Twenty finds nothing by an empty text in a list; eq finds the records without one.
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
    // neq "" asks for records that have a value, and Twenty keeps "no value" as null or as "": both
    // are excluded. neq of anything else takes records without a value, which Twenty's neq leaves
    // out [twenty-golden-2 dates/004]; an id always has one.
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

// emptiness() refuses to ask for records without an id. None are without one, and most likely the
// caller forgot to fill in a value.
result<json::value> comparison::emptiness(bool empty) {
    if (empty && column_.steps == std::vector<std::string>{"id"})
        return bad("\"id\" is never empty, so nothing would match; compare it with a record's id, "
                   "or ask {\"is\":\"NULL\"} of the field that you mean.");
    return leaf("is", empty ? "NULL" : "NOT_NULL");
}

result<json::array> compare(const column& c, const json::value& v, const moment& at,
                            std::vector<std::string>& notes) {
    return comparison(c, at, notes).all(v);
}

} // namespace twenty
