#include "demo/aggregate.hpp"

#include "demo/shape.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace demo {

namespace {

using row_list = std::vector<const record*>;

bool is_empty(const json::value& v) {
    if (v.is_null()) return true;
    if (const auto* a = v.if_array()) return a->empty();
    if (const auto* o = v.if_object())
        return std::all_of(o->begin(), o->end(), [](const auto& p) { return is_empty(p.second); });
    return false;
}

json::value number_of(double d) {
    if (std::floor(d) == d && std::abs(d) < 9e15) return static_cast<std::int64_t>(d);
    return json::value::of_double(d);
}

struct sample {
    const row_list& rows;
    const value_of& value;

    [[nodiscard]] double empty() const {
        return double(std::count_if(rows.begin(), rows.end(),
                                    [&](const record* r) { return is_empty(value(*r)); }));
    }
    [[nodiscard]] double total() const { return double(rows.size()); }
    [[nodiscard]] std::vector<double> numbers() const {
        std::vector<double> out;
        for (const record* r : rows)
            if (const auto d = value(*r).as_double()) out.push_back(*d);
        return out;
    }
    [[nodiscard]] json::value extreme(bool highest) const {
        json::value best;
        for (const record* r : rows) {
            const json::value v = value(*r);
            if (v.is_null()) continue;
            const bool more = best.is_null() || (v.as_double() && best.as_double()
                                                     ? *v.as_double() > *best.as_double()
                                                     : json::dump(v) > json::dump(best));
            if (best.is_null() || more == highest) best = v;
        }
        return best;
    }
};

json::value count_unique(const sample& s) {
    std::set<std::string> seen;
    for (const record* r : s.rows)
        if (const auto v = s.value(*r); !is_empty(v)) seen.insert(json::dump(v));
    return seen.size();
}
json::value sum(const sample& s) {
    const auto numbers = s.numbers();
    if (numbers.empty()) return nullptr;
    double out = 0;
    for (const double d : numbers)
        out += d;
    return number_of(out);
}
json::value average(const sample& s) {
    const auto numbers = s.numbers();
    if (numbers.empty()) return nullptr;
    double out = 0;
    for (const double d : numbers)
        out += d;
    return number_of(out / double(numbers.size()));
}
json::value share(double part, double whole) {
    return whole == 0 ? json::value() : json::value::of_double(part / whole);
}
json::value count_flag(const sample& s, bool wanted) {
    return std::count_if(s.rows.begin(), s.rows.end(), [&](const record* r) {
        return s.value(*r).as_bool() == std::optional<bool>(wanted);
    });
}

struct operation {
    std::string_view prefix; // longer ones before those that they begin with
    json::value (*compute)(const sample&);
};
constexpr std::array<operation, 11> operations{{
    {"countUniqueValues", count_unique},
    {"countNotEmpty", [](const sample& s) { return number_of(s.total() - s.empty()); }},
    {"countEmpty", [](const sample& s) { return number_of(s.empty()); }},
    {"countTrue", [](const sample& s) { return count_flag(s, true); }},
    {"countFalse", [](const sample& s) { return count_flag(s, false); }},
    {"percentageNotEmpty", [](const sample& s) { return share(s.total() - s.empty(), s.total()); }},
    {"percentageEmpty", [](const sample& s) { return share(s.empty(), s.total()); }},
    {"min", [](const sample& s) { return s.extreme(false); }},
    {"max", [](const sample& s) { return s.extreme(true); }},
    {"avg", average},
    {"sum", sum},
}};

} // namespace

std::optional<value_of> find_value(const object& on, std::string_view tail) {
    for (const auto& f : on.fields) {
        if (f.is_relation()) continue;
        const std::string name = capitalised(f.name);
        if (name == tail) return value_of([&f](const record& r) { return stored(r, f.name); });
        for (const auto& part : f.type->parts)
            if (name + capitalised(part.name) == tail)
                return value_of([&f, &part](const record& r) {
                    const auto* v = stored(r, f.name).find(part.name);
                    return v ? *v : json::value();
                });
    }
    return std::nullopt;
}

// aggregate() has no answer for a name that it does not know; its callers show null (group/030).
std::optional<json::value> aggregate(const object& on, std::string_view name,
                                     const std::vector<const record*>& rows) {
    if (name == "totalCount") return json::value(rows.size());
    for (const auto& op : operations) {
        if (!name.starts_with(op.prefix)) continue;
        const auto tail = name.substr(op.prefix.size());
        const auto value = find_value(on, tail);
        if (value) return op.compute({rows, *value});
    }
    // Without a field these two count the records themselves.
    static constexpr std::string_view bare[] = {"percentageEmpty", "percentageNotEmpty"};
    if (std::find(std::begin(bare), std::end(bare), name) != std::end(bare))
        return aggregate(on, std::string(name) + "Id", rows);
    return std::nullopt;
}

} // namespace demo
