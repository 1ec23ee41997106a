// Counting, summing and grouping: query.hpp's prepare_aggregate(). One root is asked: its members
// are the measures, its arguments the filter and the groups. What the filter compares is selected
// in the same document, so that Twenty refuses it where the key's role may not read it.
#include "base/text.hpp"
#include "twenty/bounds.hpp"
#include "twenty/compared_fields.hpp"
#include "twenty/graphql_post.hpp"
#include "twenty/groups.hpp"
#include "twenty/measures.hpp"
#include "twenty/names.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <utility>

namespace twenty {

namespace {

struct chosen_measures {
    std::string selected;                // members of the answer
    std::vector<std::string> currencies; // that the measures take together
};
result<chosen_measures> add_measures(aggregate_request& out, const readable_object& of,
                                     const access& may, const aggregation& what,
                                     const json::value& filter) {
    chosen_measures chosen;
    auto measures = what.measures;
    if (measures.empty()) measures.push_back({"count", ""});
    const auto filtered = json::dump(filter);
    // A measure that is asked for twice keeps both places in `keys` and `columns`, which follow the
    // caller's order, and is selected once.
    for (const auto& m : measures) {
        TRY(one, read_measure(of, may, m));
        if (std::find(out.keys.begin(), out.keys.end(), one.key) == out.keys.end())
            chosen.selected += " " + one.key;
        out.keys.push_back(std::move(one.key));
        out.columns.push_back(std::move(one.column));
        out.in_units.push_back(one.in_units);
        // Twenty adds up amounts of all currencies. Whoever compares the currency anywhere in the
        // filter has thought of it, and is not told.
        if (one.money && filtered.find("currencyCode") == std::string::npos)
            chosen.currencies.push_back(one.money->name + ".currencyCode");
    }
    return chosen;
}

result<done> add_groups(aggregate_request& out, const readable_object& of, const access& may,
                        const aggregation& what, const std::string& zone, dimensions& dims) {
    for (const auto& g : what.group_by) {
        if (has_many_steps(g.field))
            return error(errc::bad_request,
                         in_quotes(g.field) + " has too many parts for a field.");
        CHECK_OK(group_field(of, may, g, text::split(g.field, '.'), {}, zone, dims));
        // Buckets such as DAY_OF_THE_WEEK heed no zone in Twenty [twenty-golden-2 dates/081 to
        // 083].
        if (zone != "UTC" && text::lower(g.granularity).find("_of_the_") != std::string::npos)
            add_note(out.notes, "Twenty cuts days of the week and months or quarters of the year "
                                "in UTC, whatever timeZone says");
    }
    if (dims.keys.size() > 2)
        return error(errc::bad_request,
                     "Records can be grouped by two values at most (a name counts as two).");
    return done{};
}

} // namespace

result<aggregate_request> prepare_aggregate(const readable_object& of, const access& may,
                                            const aggregation& what) {
    aggregate_request out;
    const auto type = type_name(of);
    const json::value filter = of.within_scope(what.filter);
    TRY(chosen, add_measures(out, of, may, what, filter));
    auto& selected = chosen.selected;
    std::string header;
    std::string arguments;
    json::object values;
    if (const auto* given = filter.if_object(); given && !given->empty()) {
        header = "$filter:" + type + "FilterInput";
        arguments = "filter:$filter,";
        values.append("filter", filter);
    }
    TRY(zone, checked_zone(what.time_zone));
    dimensions dims;
    CHECK_OK(add_groups(out, of, may, what, zone, dims));
    out.grouped = !dims.keys.empty();
    out.dimensions = dims.all;
    for (const auto& money : chosen.currencies)
        if (std::none_of(out.dimensions.begin(), out.dimensions.end(),
                         [&](const dimension& d) { return d.name == money; }))
            add_note(out.notes, "Amounts of all currencies are taken together; group by " + money +
                                    " to keep them apart");
    out.root = out.grouped ? root_groups(of) : root_many(of);
    // select_compared() is answered in two ways: a count has records of its own to select from, a
    // group has none and gets a second root by also_selecting().
    TRY(compared, select_compared(compared_fields(filter, of, may), of, may));
    if (out.grouped) {
        header += (header.empty() ? "" : ",") + ("$groupBy:[" + type) + "GroupByInput!]!";
        // Without an order Twenty gives groups in any, and without a limit 50 of them, so both are
        // always sent. One group more than is shown tells whether there are more.
        TRY(order, group_order(what, dims, out));
        arguments += "groupBy:$groupBy,orderBy:" + order +
                     ",limit:" + std::to_string(std::clamp(what.limit, 1, most_groups) + 1);
        values.append("groupBy", std::move(dims.keys));
        selected = "groupByDimensionValues" + selected;
    } else {
        arguments += "first:1";
        if (!compared.empty()) selected += " edges{node{" + compared + "}}";
    }
    const auto document = "query" + (header.empty() ? "" : "(" + header + ")") + "{" + out.root +
                          "(" + arguments + "){" + std::string(text::trim(selected)) + "}}";
    out.request = graphql_post(document, std::move(values));
    if (out.grouped) out.request = also_selecting(std::move(out.request), of, compared);
    return out;
}

} // namespace twenty
