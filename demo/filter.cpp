#include "demo/filter.hpp"

#include "base/text.hpp"
#include "demo/shape.hpp"
#include "demo/values.hpp"

#include <algorithm>

namespace demo {

namespace {

using test = std::function<bool(const json::value&)>;

bool mentions(const json::value& filter, std::string_view key) {
    if (const auto* o = filter.if_object())
        return std::any_of(o->begin(), o->end(), [key](const auto& member) {
            return member.first == key || mentions(member.second, key);
        });
    if (const auto* a = filter.if_array())
        return std::any_of(a->begin(), a->end(),
                           [key](const auto& item) { return mentions(item, key); });
    return false;
}

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

result<test> compile_is(const json::value& operand) {
    const auto* word = operand.if_string();
    if (!word || (*word != "NULL" && *word != "NOT_NULL"))
        return refuse(
            refusal::bad_filter,
            "Invalid filter value for \"is\" operator. Expected \"NULL\" or \"NOT_NULL\"");
    const bool null = *word == "NULL";
    return test([null](const json::value& v) { return v.is_null() == null; });
}

result<test> compile_pattern(const leaf_of& of, std::string_view op, const json::value& operand) {
    const auto* given = operand.if_string();
    if (!given)
        return refuse(refusal::bad_filter, "Invalid string value " + inspected(operand) +
                                               " for text field \"" + of.path + "\"");
    std::string pattern = *given;
    if (op == "startsWith") pattern += "%";
    if (op == "endsWith") pattern = "%" + pattern;
    const bool any_case = op == "ilike" || op == "containsIlike";
    if (any_case) pattern = text::lower(pattern);
    return test([pattern, any_case](const json::value& v) {
        if (v.is_null()) return false;
        const std::string shown = v.if_string() ? *v.if_string() : json::dump(v);
        return sql_like(any_case ? text::lower(shown) : shown, pattern);
    });
}

result<test> compile_list(const leaf_of& of, const json::value& operand, bool lenient) {
    const auto* items = operand.if_array();
    if (!items)
        return refuse(refusal::bad_filter, "Invalid array value " + inspected(operand) +
                                               " for field \"" + of.path + "\"");
    json::array wanted;
    leaf_of one = of;
    if (of.kind == leaf::multi_select) one.kind = leaf::select;
    for (const auto& item : *items) {
        TRY(value, read_leaf(one, item, refusal::bad_filter, lenient));
        wanted.push_back(std::move(value));
    }
    return test([wanted, of](const json::value& v) {
        if (of.kind == leaf::number && !v.is_null())
            return std::any_of(wanted.begin(), wanted.end(),
                               [&](const auto& w) { return compare(of, v, w) == 0; });
        return contains_any(v, wanted);
    });
}

result<test> compile_comparison(const leaf_of& of, std::string_view op, const json::value& operand,
                                bool lenient) {
    TRY(wanted, read_leaf(of, operand, refusal::bad_filter, lenient));
    // An empty text and null are one and the same to Twenty.
    if (wanted.is_null()) {
        const bool equal = op == "eq";
        return test([equal](const json::value& v) { return v.is_null() == equal; });
    }
    static constexpr std::pair<std::string_view, bool (*)(int)> comparisons[] = {
        {"eq", [](int c) { return c == 0; }}, {"neq", [](int c) { return c != 0; }},
        {"gt", [](int c) { return c > 0; }},  {"gte", [](int c) { return c >= 0; }},
        {"lt", [](int c) { return c < 0; }},  {"lte", [](int c) { return c <= 0; }},
    };
    for (const auto& [name, holds] : comparisons)
        if (name == op)
            return test([of, wanted, holds = holds](const json::value& v) {
                return !v.is_null() && holds(compare(of, v, wanted));
            });
    return refuse(refusal::bad_filter, "Unknown operator " + std::string(op));
}

error wrong_operator(const leaf_of& of, std::string_view op) {
    const auto allowed = filter_operators(of.kind);
    const std::string operator_name = "Operator \"" + std::string(op) + "\" is not valid for ";
    const std::string type(of.of->type->name);
    return refuse(
        refusal::bad_filter,
        operator_name + "field \"" + of.path + "\" of type " + type + " - Allowed operators: " +
            text::join(std::vector<std::string>(allowed.begin(), allowed.end()), ", "),
        "Invalid filter : " + operator_name + "this \"" + of.path + "\" " + type + " field");
}

// A search vector is never empty, and equals no text that a filter can hold.
result<test> compile_vector(std::string_view op, const json::value& operand) {
    if (op == "is") {
        TRY(holds, compile_is(operand));
        return test([holds](const json::value&) { return holds(json::value("")); });
    }
    return test([differs = op == "neq"](const json::value&) { return differs; });
}

result<test> compile_operator(const leaf_of& of, std::string_view op, const json::value& operand,
                              bool lenient) {
    const auto allowed = filter_operators(of.kind);
    if (std::find(allowed.begin(), allowed.end(), op) == allowed.end())
        return wrong_operator(of, op);
    if (of.kind == leaf::vector) return compile_vector(op, operand);
    if (op == "is") return compile_is(operand);
    if (op == "in" || op == "containsAny") return compile_list(of, operand, lenient);
    if (op == "isEmptyArray")
        return test([wanted = operand.as_bool().value_or(true)](const json::value& v) {
            return is_empty_list(v) == wanted;
        });
    if (op.ends_with("like") || op.ends_with("With") || op == "containsIlike")
        return compile_pattern(of, op, operand);
    return compile_comparison(of, op, operand, lenient);
}

class compiler {
  public:
    explicit compiler(const filter_source& from) : from_(from) {}

    result<predicate> object_filter(const object& on, const json::value& filter, int hops) {
        const auto* members = filter.if_object();
        if (!members) return refuse(refusal::bad_filter, "Invalid filter : " + inspected(filter));
        std::vector<predicate> all;
        for (const auto& [key, operand] : *members) {
            TRY(one, entry(on, key, operand, hops));
            all.push_back(std::move(one));
        }
        return predicate([all = std::move(all)](const record& r) {
            return std::all_of(all.begin(), all.end(), [&](const auto& p) { return p(r); });
        });
    }

  private:
    result<predicate> entry(const object& on, const std::string& key, const json::value& operand,
                            int hops) {
        if (key == "and" || key == "or") return junction(on, key == "and", operand, hops);
        if (key == "not") {
            TRY(inner, object_filter(on, operand, hops));
            return predicate([inner](const record& r) { return !inner(r); });
        }
        const auto found = find_member(on, key);
        if (!found) return unknown_field(on.singular, key, refusal::bad_filter);
        switch (found->what) {
        case member::kind::value:
            return value_filter(*found->of, operand);
        case member::kind::column:
            return leaf_filter({found->of, leaf::uuid, key}, key, {}, operand);
        case member::kind::to_one:
            return hop(*found, key, operand, hops);
        case member::kind::to_many:
            break;
        }
        return refuse(refusal::bad_filter,
                      "Filtering by one-to-many relation \"" + key + "\" is not supported");
    }

    result<predicate> junction(const object& on, bool every, const json::value& operand, int hops) {
        std::vector<predicate> parts;
        if (const auto* list = operand.if_array()) {
            for (const auto& item : *list) {
                TRY(part, object_filter(on, item, hops));
                parts.push_back(std::move(part));
            }
        } else {
            TRY(part, object_filter(on, operand, hops));
            parts.push_back(std::move(part));
        }
        return predicate([parts = std::move(parts), every](const record& r) {
            const auto holds = [&](const auto& p) { return p(r); };
            if (every) return std::all_of(parts.begin(), parts.end(), holds);
            return parts.empty() || std::any_of(parts.begin(), parts.end(), holds);
        });
    }

    result<predicate> value_filter(const field& f, const json::value& operand) {
        if (f.type->parts.empty())
            return leaf_filter({&f, f.type->kind, f.name}, f.name, {}, operand);
        const auto* members = operand.if_object();
        if (!members)
            return refuse(refusal::bad_filter, "Invalid filter value " + inspected(operand) +
                                                   " for field \"" + f.name + "\"");
        std::vector<predicate> all;
        for (const auto& [part, tests] : *members) {
            const auto known = std::find_if(
                f.type->parts.begin(), f.type->parts.end(),
                [&, name = std::string_view(part)](const auto& p) { return p.name == name; });
            if (known == f.type->parts.end())
                return refuse(refusal::bad_filter,
                              "Sub field \"" + part +
                                  "\" not found for composite type: " + std::string(f.type->name));
            TRY(one, leaf_filter({&f, known->kind, f.name + "." + part}, f.name, part, tests));
            all.push_back(std::move(one));
        }
        return predicate([all = std::move(all)](const record& r) {
            return std::all_of(all.begin(), all.end(), [&](const auto& p) { return p(r); });
        });
    }

    result<predicate> leaf_filter(const leaf_of& of, std::string column, std::string part,
                                  const json::value& operand) {
        const auto* tests = operand.if_object();
        if (!tests || tests->size() != 1)
            return refuse(refusal::bad_filter,
                          "Filter for field \"" + of.path + "\" must have exactly one operator");
        const auto& [op, value] = *tests->begin();
        TRY(holds, compile_operator(of, op, value, from_.lenient));
        return predicate(
            [holds, column = std::move(column), part = std::move(part)](const record& r) {
                static const json::value null;
                const json::value& whole = stored(r, column);
                if (part.empty()) return holds(whole);
                const json::value* found = whole.find(part);
                return holds(found ? *found : null);
            });
    }

    result<predicate> hop(const member& through, const std::string& key, const json::value& operand,
                          int hops) {
        const object* other = from_.model.find_singular(through.target->object);
        if (const auto* tests = operand.if_object())
            for (const auto& [op, value] : *tests)
                if (op == "eq" || op == "in" || op == "is" || op == "neq")
                    return refuse(refusal::bad_filter, "Cannot filter by relation field \"" + key +
                                                           "\": use \"" + through.target->column +
                                                           "\" instead");
        if (hops >= 1)
            return refuse(refusal::bad_filter, "Relation filter depth exceeds the maximum of 1");
        TRY(inner, object_filter(*other, operand, hops + 1));
        return predicate([inner, other, &records = from_.records,
                          column = through.target->column](const record& r) {
            const auto* id = stored(r, column).if_string();
            const record* row = id ? records.find(*other, *id) : nullptr;
            return row && inner(*row);
        });
    }

    const filter_source& from_;
};

} // namespace

bool sql_like(std::string_view text, std::string_view pattern) {
    const auto continues = [&](std::size_t at) { // a UTF-8 character
        return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
    };
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
        const std::size_t at = p + (escaped ? 1 : 0);
        if (!escaped && p < pattern.size() && pattern[p] == '%') {
            star = p++;
            resume = t;
        } else if (!escaped && p < pattern.size() && pattern[p] == '_') {
            ++p;
            do
                ++t;
            while (continues(t));
        } else if (at < pattern.size() && pattern[at] == text[t]) {
            p = at + 1;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '%')
        ++p;
    return p == pattern.size();
}

result<predicate> compile_filter(const filter_source& from, const object& on,
                                 const json::value& filter) {
    const json::value whole = filter.is_null() ? json::value(json::object()) : filter;
    TRY(chosen, compiler(from).object_filter(on, whole, 0));
    if (mentions(whole, "deletedAt")) return chosen;
    return predicate([chosen](const record& r) { return !is_deleted(r) && chosen(r); });
}

} // namespace demo
