#include "twenty/measures.hpp"

#include "base/text.hpp"
#include "twenty/bounds.hpp"
#include "twenty/names.hpp"
#include "twenty/restricted.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace twenty {

namespace {

struct function {
    std::string_view name;         // also the prefix of the answer's member
    std::string_view others;       // spellings, between blanks
    std::vector<field_type> types; // empty: any
};
// function::types says where a function means something. It is checked here, because Twenty answers
// null for an aggregate that does not exist [twenty-golden-2 group/030].
const std::vector<function>& functions() {
    using enum field_type;
    static const std::vector<function> all{
        {"sum", " total ", {number, numeric, currency}},
        {"avg", " average mean ", {number, numeric, currency}},
        {"min", " minimum earliest ", {number, numeric, currency, date, date_time}},
        {"max", " maximum latest ", {number, numeric, currency, date, date_time}},
        {"countUniqueValues", " count_distinct countdistinct unique ", {}},
        {"countEmpty", " count_empty ", {}},
        {"countNotEmpty", " count count_not_empty ", {}},
        {"percentageEmpty", " percent_empty ", {}},
        {"percentageNotEmpty", " percent_not_empty ", {}},
        {"countTrue", " count_true ", {boolean}},
        {"countFalse", " count_false ", {boolean}},
    };
    return all;
}

// find_function() reads "count" of a field as the count of those that have a value; without a field
// count is the number of records, and never gets here.
const function* find_function(std::string_view written) {
    const auto low = text::lower(written);
    for (const auto& f : functions())
        if (text::iequals(f.name, written) || f.others.find(" " + low + " ") != f.others.npos)
            return &f;
    return nullptr;
}

} // namespace

result<measured> read_measure(const object& of, const access& may, const measure& m) {
    measured out;
    if (m.field.empty()) {
        if (!text::iequals(m.function, "count"))
            return bad_request(in_quotes(m.function) + " needs a field.");
        out.key = "totalCount";
        out.column = m.function;
        return out;
    }
    const auto* f = find_function(m.function);
    if (!f) {
        std::string names = "count";
        for (const auto& known : functions())
            names += ", " + std::string(known.name);
        return bad_request(in_quotes(m.function) + " isn't an aggregate; known: " + names + ".");
    }
    if (has_many_steps(m.field))
        return bad_request(in_quotes(m.field) + " has too many parts for a field.");
    const auto parts = text::split(m.field, '.');
    const auto name = exact_name(may, of, parts.front());
    const auto* on = of.find_field(name);
    if (!on || !on->relations.empty() || !may.visible(*on))
        return unknown_field(may, of, parts.front());
    CHECK_OK(check_private(of, name, field_use::counted, asked_at::own_root, name));
    const bool fits =
        f->types.empty() || std::find(f->types.begin(), f->types.end(), on->type) != f->types.end();
    if (!fits)
        return bad_request("\"" + name + "\" is of type " + on->type_name + "; " +
                           std::string(f->name) + " doesn't apply to it.");
    const bool micros = parts.size() > 1 && text::iequals(parts[1], "amountMicros");
    const bool units = parts.size() == 1 || text::iequals(parts[1], "amount");
    if (parts.size() > 1 && !(on->type == field_type::currency && (micros || units)))
        return bad_request("Aggregates take whole fields; use \"" + name + "\".");
    out.key = std::string(f->name) + capitalised(name);
    out.column = m.function + "(" + name;
    if (on->type == field_type::currency && !f->types.empty()) {
        out.key += "AmountMicros";
        if (micros) out.column += ".amountMicros"; // never mistaken for units
        out.in_units = !micros;
        out.money = on;
    }
    out.column += ")";
    return out;
}

} // namespace twenty
