#include "demo/grouping.hpp"

#include "demo/aggregate.hpp"
#include "demo/clock.hpp"
#include "demo/errors.hpp"
#include "demo/shape.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace demo {

namespace {

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

// Words where PostgreSQL's to_char has them.
std::string name_of_period(sys_days day, std::string_view granularity) {
    static constexpr std::array<std::string_view, 7> weekdays{
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    static constexpr std::array<std::string_view, 12> months{
        "January", "February", "March",     "April",   "May",      "June",
        "July",    "August",   "September", "October", "November", "December"};
    const auto month_index = static_cast<unsigned>(year_month_day(day).month()) - 1;
    if (granularity == "DAY_OF_THE_WEEK") return std::string(weekdays[weekday(day).c_encoding()]);
    if (granularity == "MONTH_OF_THE_YEAR") return std::string(months[month_index]);
    if (granularity == "QUARTER_OF_THE_YEAR") return "Q" + std::to_string(month_index / 3 + 1);
    return iso_date(start_of_period(day, granularity));
}

result<value_of> date_dimension(const field& f, const json::value& how) {
    static constexpr std::string_view zoned[] = {"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"};
    static constexpr std::string_view unzoned[] = {"DAY_OF_THE_WEEK", "MONTH_OF_THE_YEAR",
                                                   "QUARTER_OF_THE_YEAR"};
    const std::string granularity(how.text("granularity", "NONE"));
    if (granularity == "NONE") return value_of([&f](const record& r) { return stored(r, f.name); });
    const auto among = [&](const auto& names) {
        return std::find(std::begin(names), std::end(names), granularity) != std::end(names);
    };
    if (!among(zoned) && !among(unzoned))
        return refuse(refusal::bad_query, "Unsupported date granularity " + granularity);
    if (among(zoned) && f.type->kind == leaf::date_time && how.text("timeZone").empty())
        return refuse(refusal::no_time_zone, "Time zone should be specified for a group by date on "
                                             "Day, Week, Month, Quarter or Year");
    return value_of([&f, granularity](const record& r) -> json::value {
        const auto* text = stored(r, f.name).if_string();
        const auto time = text ? parse_date_time(*text) : std::nullopt;
        if (!time) return nullptr;
        return name_of_period(floor<days>(*time), granularity);
    });
}

error not_groupable(std::string_view name) {
    return refuse(refusal::bad_query,
                  "Field \"" + std::string(name) + "\" is not supported in groupBy");
}

bool groupable(const field& f) {
    static constexpr std::string_view never[] = {"TS_VECTOR", "RAW_JSON", "FILES", "POSITION",
                                                 "ACTOR"};
    return std::find(std::begin(never), std::end(never), f.type->name) == std::end(never);
}

result<value_of> value_dimension(const object& on, const field& f, const json::value& how) {
    if (!groupable(f)) return not_groupable(f.name);
    if (f.type->kind == leaf::date || f.type->kind == leaf::date_time)
        return date_dimension(f, how);
    if (f.type->parts.empty()) return value_of([&f](const record& r) { return stored(r, f.name); });
    const auto* parts = how.if_object();
    if (!parts || parts->size() != 1)
        return refuse(refusal::bad_query, "You cannot provide multiple subfields in one "
                                          "GroupByInput, split them into multiple GroupByInput");
    const auto& part = parts->begin()->first;
    auto value = find_value(on, capitalised(f.name) + capitalised(part));
    if (value) return *value;
    return refuse(refusal::bad_query, "Composite subfield \"" + part +
                                          "\" is not supported in groupBy for \"" + f.name + "\"");
}

class grouping {
  public:
    grouping(const schema& model, const store& records) : model_(model), records_(records) {}

    result<value_of> dimension(const object& on, const std::string& name,
                               const json::value& how) const {
        const auto found = find_member(on, name);
        if (!found) return refuse(refusal::bad_query, "Unidentified field in groupBy: " + name);
        if (how.as_bool() == false)
            return refuse(refusal::bad_query,
                          "Invalid groupBy definition for field \"" + name + "\"");
        if (found->what == member::kind::to_one && how.as_bool())
            return refuse(refusal::type_error,
                          "column " + on.singular + "." + name + " does not exist");
        if (name == "id") return not_groupable(name);
        if (found->what == member::kind::value) return value_dimension(on, *found->of, how);
        if (found->what == member::kind::to_many) return not_groupable(name);
        // The join column stands for the related record's id.
        const auto inside = found->what == member::kind::column && how.as_bool() == true
                                ? json::make({{"id", true}})
                                : how;
        return related(*found, inside);
    }

  private:
    // A value of the record behind a relation; deleted ones are as good as none.
    result<value_of> related(const member& through, const json::value& how) const {
        const object* other = model_.find_singular(through.target->object);
        const auto* members = how.if_object();
        if (!members || members->size() != 1)
            return refuse(refusal::bad_query,
                          "You cannot provide multiple nested fields in one relation GroupByInput, "
                          "split them into multiple GroupByInput");
        const auto& [name, inner] = *members->begin();
        const auto found = find_member(*other, name);
        if (!found || found->what == member::kind::column)
            return refuse(refusal::bad_query, "Nested field \"" + name +
                                                  "\" not found in target object \"" +
                                                  other->singular + "\"");
        if (found->what != member::kind::value)
            return refuse(refusal::bad_query,
                          "Cannot group by a relation field of the relation field: \"" + name +
                              "\" is a relation field of \"" + other->singular + "\"");
        TRY(value, value_dimension(*other, *found->of, inner));
        return value_of([value, other, &records = records_,
                         column = through.target->column](const record& r) -> json::value {
            const auto* id = stored(r, column).if_string();
            const record* row = id ? records.find(*other, *id) : nullptr;
            return row && !is_deleted(*row) ? value(*row) : json::value();
        });
    }

    const schema& model_;
    const store& records_;
};

// group_key is what a group is sorted by, as a text or number that compares.
struct group_key {
    std::function<json::value(const group&)> value;
    bool descending = false;
};

result<std::vector<group_key>> group_order(const object& on, const json::value& group_by,
                                           const json::value& order_by) {
    std::vector<group_key> out;
    if (!order_by.if_array()) return out;
    const json::array& dimensions = *group_by.if_array();
    for (const auto& item : *order_by.if_array()) {
        if (!item.if_object()) continue;
        for (const auto& [name, direction] : *item.if_object()) {
            const auto descends = [](const json::value& way) {
                return way.if_string() && way.if_string()->starts_with("Desc");
            };
            if (const auto* by = direction.if_object(); name == "aggregate" && by && !by->empty()) {
                const auto& [what, way] = *by->begin();
                if (!aggregate(on, what, {}))
                    return refuse(refusal::bad_order, "Unknown aggregate field: " + what);
                out.push_back({[&on, what = what](const group& g) {
                                   return aggregate(on, what, g.rows).value_or(nullptr);
                               },
                               descends(way)});
                continue;
            }
            std::size_t i = 0;
            while (i < dimensions.size() && !dimensions[i].find(name))
                ++i;
            if (i == dimensions.size() && direction.if_object() && !direction.if_object()->empty())
                return refuse(refusal::bad_order,
                              "Cannot order by a field that is not in groupBy or that is not an "
                              "aggregate field: " +
                                  direction.if_object()->begin()->first);
            if (i == dimensions.size())
                return refuse(refusal::bad_order,
                              "Cannot order by a field that is not an aggregate "
                              "nor in groupBy criteria: " +
                                  name + ".");
            const auto* inner = direction.if_object();
            out.push_back(
                {[i](const group& g) { return g.dimensions[i]; },
                 descends(inner && !inner->empty() ? inner->begin()->second : direction)});
        }
    }
    return out;
}

int compare_keys(const json::value& a, const json::value& b) {
    if (a.as_double() && b.as_double())
        return *a.as_double() < *b.as_double() ? -1 : *a.as_double() > *b.as_double() ? 1 : 0;
    return json::dump(a).compare(json::dump(b));
}

} // namespace

result<std::vector<group>> group_rows(const schema& model, const store& records, const object& on,
                                      const json::value& group_by, const json::value& order_by,
                                      const std::vector<const record*>& rows) {
    const grouping by(model, records);
    std::vector<value_of> dimensions;
    if (!group_by.if_array())
        return refuse(refusal::bad_query,
                      "Missing required argument: \"groupBy\" must be an array.");
    for (const auto& item : *group_by.if_array()) {
        const auto* members = item.if_object();
        if (!members) continue;
        if (members->size() > 1)
            return refuse(refusal::bad_query,
                          "You cannot provide multiple fields in one GroupByInput, split them into "
                          "multiple GroupByInput");
        for (const auto& [name, how] : *members) {
            TRY(value, by.dimension(on, name, how));
            dimensions.push_back(std::move(value));
        }
    }
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
    TRY(keys, group_order(on, group_by, order_by));
    std::stable_sort(out.begin(), out.end(), [&](const group& a, const group& b) {
        for (const auto& key : keys) {
            const int c = compare_keys(key.value(a), key.value(b));
            if (c != 0) return key.descending ? c > 0 : c < 0;
        }
        return false;
    });
    return out;
}

} // namespace demo
