#include "demo/aggregate.hpp"

#include "demo/clock.hpp"
#include "demo/errors.hpp"
#include "demo/shape.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <set>

namespace demo {

namespace {

using row_list = std::vector<const record*>;
using value_of = std::function<json::value(const record&)>;

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
    double out = 0;
    for (const double d : s.numbers())
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

// The field, or part of a field, behind "AmountAmountMicros" or "Stage".
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

// -- groups ---------------------------------------------------------------------------------

using namespace std::chrono;

sys_days start_of_period(sys_days day, std::string_view granularity) {
    const year_month_day date(day);
    if (granularity == "WEEK") return day - (weekday(day) - Monday);
    if (granularity == "MONTH") return date.year() / date.month() / 1;
    if (granularity == "QUARTER")
        return date.year() / month((static_cast<unsigned>(date.month()) - 1) / 3 * 3 + 1) / 1;
    if (granularity == "YEAR") return date.year() / January / 1;
    return day;
}

result<value_of> date_dimension(const field& f, const json::value& how) {
    static constexpr std::string_view known[] = {"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"};
    const std::string granularity(how.text("granularity", "DAY"));
    if (std::find(std::begin(known), std::end(known), granularity) == std::end(known))
        return refuse(refusal::bad_query, "Unsupported date granularity " + granularity);
    if (how.text("timeZone").empty())
        return refuse(refusal::bad_query, "Time zone should be specified for a group by date on "
                                          "Day, Week, Month, Quarter or Year");
    return value_of([&f, granularity](const record& r) -> json::value {
        const auto* text = stored(r, f.name).if_string();
        const auto time = text ? parse_date_time(*text) : std::nullopt;
        if (!time) return nullptr;
        return iso_date_time(start_of_period(floor<days>(*time), granularity));
    });
}

result<value_of> dimension(const object& on, std::string_view name, const json::value& how) {
    const auto found = find_member(on, name);
    if (!found || found->what == member::kind::to_many || found->what == member::kind::to_one)
        return refuse(refusal::unknown_field,
                      "Field \"" + std::string(name) + "\" does not exist or is not groupable");
    const field& f = *found->of;
    if (found->what == member::kind::value &&
        (f.type->kind == leaf::date || f.type->kind == leaf::date_time))
        return date_dimension(f, how);
    if (how.if_object() && !f.type->parts.empty() && how.if_object()->size() == 1) {
        const auto& part = how.if_object()->begin()->first;
        auto value = find_value(on, capitalised(f.name) + capitalised(part));
        if (value) return *value;
        return refuse(refusal::unknown_field,
                      "Field \"" + part + "\" does not exist or is not groupable");
    }
    return value_of([column = std::string(name)](const record& r) { return stored(r, column); });
}

// What a group is sorted by, as a text or number that compares.
struct group_key {
    std::function<json::value(const group&)> value;
    bool descending = false;
};

std::vector<group_key> group_order(const object& on, const json::value& group_by,
                                   const json::value& order_by) {
    std::vector<group_key> out;
    if (!order_by.if_array()) return out;
    for (const auto& item : *order_by.if_array()) {
        if (!item.if_object()) continue;
        for (const auto& [name, direction] : *item.if_object()) {
            if (const auto* by = direction.if_object(); name == "aggregate" && by && !by->empty()) {
                const auto& [what, way] = *by->begin();
                out.push_back({[&on, what = what](const group& g) {
                                   return aggregate(on, what, g.rows).value_or(nullptr);
                               },
                               way.if_string() && way.if_string()->starts_with("Desc")});
                continue;
            }
            const json::array& dimensions = *group_by.if_array();
            for (std::size_t i = 0; i < dimensions.size(); ++i)
                if (dimensions[i].find(name))
                    out.push_back(
                        {[i](const group& g) { return g.dimensions[i]; },
                         direction.if_string() && direction.if_string()->starts_with("Desc")});
        }
    }
    return out;
}

int compare(const json::value& a, const json::value& b) {
    if (a.as_double() && b.as_double())
        return *a.as_double() < *b.as_double() ? -1 : *a.as_double() > *b.as_double() ? 1 : 0;
    return json::dump(a).compare(json::dump(b));
}

} // namespace

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

result<std::vector<group>> group_rows(const object& on, const json::value& group_by,
                                      const json::value& order_by,
                                      const std::vector<const record*>& rows) {
    std::vector<value_of> dimensions;
    if (group_by.if_array())
        for (const auto& item : *group_by.if_array())
            if (item.if_object())
                for (const auto& [name, how] : *item.if_object()) {
                    TRY(value, dimension(on, name, how));
                    dimensions.push_back(std::move(value));
                }
    if (dimensions.empty())
        return refuse(refusal::bad_query, "At least one field to group by is required");
    std::map<std::string, group> groups;
    for (const record* r : rows) {
        json::array values;
        for (const auto& value : dimensions)
            values.push_back(value(*r));
        group& g = groups[json::dump(values)];
        g.dimensions = std::move(values);
        g.rows.push_back(r);
    }
    std::vector<group> out;
    for (auto& [key, g] : groups)
        out.push_back(std::move(g));
    const auto keys = group_order(on, group_by, order_by);
    std::stable_sort(out.begin(), out.end(), [&](const group& a, const group& b) {
        for (const auto& key : keys) {
            const int c = compare(key.value(a), key.value(b));
            if (c != 0) return key.descending ? c > 0 : c < 0;
        }
        return false;
    });
    return out;
}

} // namespace demo
