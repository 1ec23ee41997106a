#include "demo/filter_operator.hpp"

#include "base/text.hpp"
#include "demo/shape.hpp"
#include "demo/sql_like.hpp"

#include <algorithm>

namespace demo {

namespace {

// -1, 0, 1; values of one leaf kind, neither of them null.
int compare(const leaf_of& of, const json::value& a, const json::value& b) {
    if (of.kind == leaf::number) {
        const double x = a.as_double().value_or(0);
        const double y = b.as_double().value_or(0);
        return x < y ? -1 : x > y ? 1 : 0;
    }
    if (of.kind == leaf::boolean)
        return int(a.as_bool().value_or(false)) - int(b.as_bool().value_or(false));
    if (of.kind == leaf::select && !of.of->options.empty())
        return option_index(*of.of, a) - option_index(*of.of, b);
    const auto* x = a.if_string();
    const auto* y = b.if_string();
    return x && y ? x->compare(*y) : 0;
}

bool contains_any(const json::value& stored, const json::array& wanted) {
    const auto* have = stored.if_array();
    if (!have) return std::find(wanted.begin(), wanted.end(), stored) != wanted.end();
    return std::any_of(have->begin(), have->end(), [&](const auto& item) {
        return std::find(wanted.begin(), wanted.end(), item) != wanted.end();
    });
}

bool is_empty_list(const json::value& v) {
    return v.is_null() || (v.if_array() && v.if_array()->empty());
}

result<value_test> compile_is(const json::value& operand) {
    const auto* word = operand.if_string();
    if (!word || (*word != "NULL" && *word != "NOT_NULL"))
        return refuse(
            refusal::bad_filter,
            "Invalid filter value for \"is\" operator. Expected \"NULL\" or \"NOT_NULL\"");
    const bool null = *word == "NULL";
    return value_test([null](const json::value& v) { return v.is_null() == null; });
}

result<value_test> compile_pattern(const leaf_of& of, std::string_view op,
                                   const json::value& operand) {
    const auto* given = operand.if_string();
    if (!given)
        return refuse(refusal::bad_filter, "Invalid string value " + inspected(operand) +
                                               " for text field \"" + of.path + "\"");
    std::string pattern = *given;
    if (pattern.ends_with('\\') && !pattern.ends_with("\\\\"))
        return refuse(refusal::data_corrupt, "Data validation error.");
    if (op == "startsWith") pattern += "%";
    if (op == "endsWith") pattern = "%" + pattern;
    const bool any_case = op == "ilike" || op == "containsIlike";
    if (is_empty_text(of, op, operand))
        return value_test([](const json::value& v) { return v.is_null(); });
    if (any_case) pattern = text::lower(pattern);
    return value_test([pattern, any_case](const json::value& v) {
        if (v.is_null()) return false;
        const std::string shown = v.if_string() ? *v.if_string() : json::dump(v);
        return sql_like(any_case ? text::lower(shown) : shown, pattern);
    });
}

result<value_test> compile_list(const leaf_of& of, std::string_view op, const json::value& operand,
                                bool lenient) {
    const auto* items = operand.if_array();
    if (!items && op == "containsAny")
        return refuse(refusal::bad_filter,
                      "Filter operator \"containsAny\" requires an array value for field " +
                          of.path,
                      "Invalid filter: \"containsAny\" operator requires an array");
    if (op == "containsAny" && of.kind == leaf::select)
        return refuse(refusal::data_corrupt, "Data validation error.");
    if (!items)
        return refuse(refusal::bad_filter, "Invalid array value " + inspected(operand) +
                                               " for field \"" + of.path + "\"");
    json::array wanted;
    const leaf_of& one = of;
    for (const auto& item : *items) {
        // Unknown values of a list of choices are in no list; null is nowhere.
        if (item.is_null()) continue;
        if (of.kind == leaf::multi_select) {
            wanted.push_back(item);
            continue;
        }
        TRY(value, read_leaf(one, item, refusal::bad_filter, lenient));
        wanted.push_back(std::move(value));
    }
    return value_test([wanted, of](const json::value& v) {
        if (of.kind == leaf::number && !v.is_null())
            return std::any_of(wanted.begin(), wanted.end(),
                               [&](const auto& w) { return compare(of, v, w) == 0; });
        return contains_any(v, wanted);
    });
}

result<value_test> compile_comparison(const leaf_of& of, std::string_view op,
                                      const json::value& operand, bool lenient) {
    if (operand.is_null() && (op == "eq" || op == "neq"))
        return value_test([](const json::value&) { return false; });
    TRY(wanted, read_leaf(of, operand, refusal::bad_filter, lenient));
    // An empty text and null are one and the same to Twenty.
    if (wanted.is_null()) {
        const bool equal = op == "eq";
        return value_test([equal](const json::value& v) { return v.is_null() == equal; });
    }
    static constexpr std::pair<std::string_view, bool (*)(int)> comparisons[] = {
        {"eq", [](int c) { return c == 0; }}, {"neq", [](int c) { return c != 0; }},
        {"gt", [](int c) { return c > 0; }},  {"gte", [](int c) { return c >= 0; }},
        {"lt", [](int c) { return c < 0; }},  {"lte", [](int c) { return c <= 0; }},
    };
    for (const auto& [name, holds] : comparisons)
        if (name == op)
            return value_test([of, wanted, holds = holds](const json::value& v) {
                return !v.is_null() && holds(compare(of, v, wanted));
            });
    return refuse(refusal::bad_filter, "Unknown operator " + std::string(op));
}

error wrong_operator(const leaf_of& of, std::string_view op) {
    const auto allowed = filter_operators(of.kind);
    const std::string operator_name = "Operator \"" + std::string(op) + "\" is not valid for ";
    const bool json_part = !of.of->type->parts.empty() && of.kind == leaf::json;
    const std::string type(json_part ? std::string_view("RAW_JSON") : of.of->type->name);
    return refuse(
        refusal::bad_filter,
        operator_name + "field \"" + of.path + "\" of type " + type + " - Allowed operators: " +
            text::join(std::vector<std::string>(allowed.begin(), allowed.end()), ", "),
        "Invalid filter : " + operator_name + "this \"" + of.path + "\" " + type + " field");
}

// A search vector is never empty, and equals no text that a filter can hold.
result<value_test> compile_vector(std::string_view op, const json::value& operand) {
    if (op == "is") {
        TRY(holds, compile_is(operand));
        return value_test([holds](const json::value&) { return holds(json::value("")); });
    }
    return value_test([differs = op == "neq"](const json::value&) { return differs; });
}

} // namespace

bool is_empty_text(const leaf_of& of, std::string_view op, const json::value& operand) {
    return of.kind == leaf::text && (op == "eq" || op == "ilike" || op == "like") &&
           operand.if_string() && operand.if_string()->empty();
}

result<value_test> compile_operator(const leaf_of& of, std::string_view op,
                                    const json::value& operand, bool lenient) {
    const auto allowed = filter_operators(of.kind);
    if (std::find(allowed.begin(), allowed.end(), op) == allowed.end())
        return wrong_operator(of, op);
    if (of.kind == leaf::vector) return compile_vector(op, operand);
    if (op == "is") return compile_is(operand);
    if (op == "in" || op == "containsAny") return compile_list(of, op, operand, lenient);
    if (op == "isEmptyArray")
        return value_test([wanted = operand.as_bool().value_or(true)](const json::value& v) {
            return is_empty_list(v) == wanted;
        });
    if (op.ends_with("like") || op.ends_with("With") || op == "containsIlike")
        return compile_pattern(of, op, operand);
    return compile_comparison(of, op, operand, lenient);
}

} // namespace demo
