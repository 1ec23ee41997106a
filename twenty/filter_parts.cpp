// Conditions on fields of several parts: names, addresses, numbers, links, money.
#include "base/text.hpp"
#include "twenty/bounds.hpp"
#include "twenty/filter_builder.hpp"
#include "twenty/identity.hpp"
#include "twenty/money.hpp"
#include "twenty/shape.hpp"

#include <algorithm>

namespace twenty {

namespace {

const sub_field& main_part(const composite& c) {
    return *std::find_if(c.parts.begin(), c.parts.end(),
                         [&](const sub_field& part) { return part.name == c.main; });
}

// behind() puts a condition on an object's own field behind the relation that `steps` begins with.
// Lists of and/or are walked, so that each of their conditions stays one operator on one path.
json::value behind(const std::vector<std::string>& steps, json::value condition) {
    if (steps.size() < 3) return condition; // field and part: no relation
    auto* members = condition.if_object();
    for (const auto* word : {"and", "or"})
        if (auto* list = members->find(word)) {
            for (auto& one : *list->if_array())
                one = behind(steps, std::move(one));
            return condition;
        }
    json::object out;
    out.append(steps.front(), std::move(condition));
    return json::value(std::move(out));
}

} // namespace

// filter_builder::composite_field() compares the parts that are named. Without one the field is
// compared as a whole where that has one meaning: addresses in any spelling, money in units, rich
// text by its markdown. `amount` is no part of Twenty's; results show it, so filters take it.
result<json::array> filter_builder::composite_field(const field& f, const twenty::composite& parts,
                                                    const json::value& v, column c) {
    std::string names;
    for (const auto& part : parts.parts)
        if (may_.shows(f.type, part.name))
            names += (names.empty() ? "" : ", ") + f.name + "." + std::string(part.name);
    const auto part_column = [&](const sub_field& part) {
        auto sub = c;
        sub.path = f.name + "." + std::string(part.name);
        sub.type = part.type;
        sub.options = nullptr;
        sub.steps.emplace_back(part.name);
        return sub;
    };
    const auto* members = v.if_object();
    if (!members || only_operators(v)) {
        if (identifies(f.type)) return identity(f, v, part_column(main_part(parts)));
        if (f.type == field_type::currency) return money(f, v, part_column(main_part(parts)));
        // A name has two halves: which is meant is not guessed.
        if (f.type != field_type::rich_text)
            return bad("\"" + f.name + "\" has parts; filter by one of: " + names + ".");
        const auto& main = main_part(parts);
        note("\"" + f.name + "\" was read as " + f.name + "." + std::string(main.name));
        return compare(part_column(main), v, at_, out_.notes);
    }
    json::array out;
    for (const auto& [name, inner] : *members) {
        const auto part = std::find_if(
            parts.parts.begin(), parts.parts.end(), [&, &wanted = name](const sub_field& p) {
                return text::iequals(p.name, wanted) && may_.shows(f.type, p.name);
            });
        const bool units = f.type == field_type::currency && text::iequals(name, "amount");
        if (units ||
            (part != parts.parts.end() && part->name == parts.main && identifies(f.type))) {
            const auto main = part_column(main_part(parts));
            TRY(some, units ? money(f, inner, main) : identity(f, inner, main));
            for (auto& s : some)
                out.push_back(std::move(s));
            continue;
        }
        if (part == parts.parts.end())
            return bad("\"" + f.name + "\" has no part " + in_quotes(name) +
                       "; its parts: " + names + ".");
        if (part->name == "amountMicros") note_micros(f, inner);
        TRY(some, compare(part_column(*part), inner, at_, out_.notes));
        for (auto& s : some)
            out.push_back(std::move(s));
    }
    if (out.empty()) return bad("\"" + f.name + "\" needs a condition.");
    return out;
}

// Money is compared in units, as results show it; Twenty stores micros.
result<json::array> filter_builder::money(const field& f, const json::value& v,
                                          const column& micros) {
    TRY(converted, compared_in_micros(f.name, v));
    if (converted.amounts)
        note("\"" + f.name + "\" compares units (1 = 1.00) of whatever currency; " + f.name +
             ".currencyCode narrows it");
    return compare(micros, converted.value, at_, out_.notes);
}

// 500000 micros are half a unit, which is seldom what somebody means.
void filter_builder::note_micros(const field& f, const json::value& v) {
    const auto* operators = v.if_object();
    const auto& first = operators && !operators->empty() ? operators->begin()->second : v;
    constexpr std::size_t thousand_units = 10; // digits of their micros
    if (const auto n = as_number(first); n && n->text.size() < thousand_units)
        note(f.name + ".amountMicros " + n->text + " is " + amount_text(n->text) + " in units; \"" +
             f.name + "\" takes units");
}

// An address, link or number in any spelling, also as an additional one.
result<json::array> filter_builder::identity(const field& f, const json::value& v,
                                             const column& main) {
    json::array out;
    json::object rest; // operators that compare texts
    const json::value equals = v.is_object() ? v : json::make({{v.is_array() ? "in" : "eq", v}});
    for (const auto& [written, inner] : *equals.if_object()) {
        const auto op = operator_of(written);
        std::vector<std::string> values;
        const json::array single{inner};
        const auto* items = inner.if_array();
        for (const auto& item : items ? *items : single)
            if (const auto* s = item.if_string(); s && !text::trim(*s).empty())
                values.push_back(*s);
        const bool named = values.size() == (items ? items->size() : 1) && !values.empty();
        const bool same = op == "eq" || op == "in";
        // Threat: each value becomes several spellings and a condition for each on the list of
        // additional ones, a hundred times its bytes. Defence: few of a filter are compared that
        // way; more are compared by their letters.
        if (!named || identities_ + values.size() > most_identities ||
            !(same || op == "neq" || op == "notin") || text::iequals(values.front(), "null")) {
            rest.append(written, inner);
            continue;
        }
        identities_ += values.size();
        auto alternatives = holding(f, values);
        for (auto& one : alternatives)
            one = behind(main.steps, std::move(one));
        auto any = conjunction("or", std::move(alternatives));
        note("\"" + f.name + "\" compares in any spelling, additional ones too");
        if (!same) {
            json::object differs;
            differs.append("not", std::move(any));
            any = std::move(differs);
        }
        out.push_back(std::move(any));
    }
    if (rest.empty()) return out;
    note("\"" + f.name + "\" was read as " + main.path);
    TRY(others, compare(main, json::value(std::move(rest)), at_, out_.notes));
    for (auto& one : others)
        out.push_back(std::move(one));
    return out;
}

} // namespace twenty
