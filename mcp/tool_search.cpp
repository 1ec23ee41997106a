#include "mcp/crm_tools.hpp"
#include "twenty/filter.hpp"

#include <utility>

namespace mcp {

namespace {

constexpr int default_hits = 20;
constexpr int default_groups = 50;

int int_argument(const json::value& arguments, std::string_view name, int fallback) {
    const auto* v = arguments.find(name);
    return v ? static_cast<int>(v->as_int().value_or(fallback)) : fallback;
}

result<std::vector<const twenty::object*>> searched_objects(const json::value& arguments,
                                                            const twenty::access& may) {
    std::vector<const twenty::object*> in;
    for (const auto& name : name_list(arguments.find("objects"))) {
        TRY(of, may.readable(name));
        in.push_back(of);
    }
    return in;
}

result<twenty::aggregation> read_aggregation(const json::value& arguments, const twenty::object& of,
                                             const twenty::access& may,
                                             std::vector<std::string>& notes) {
    twenty::aggregation what;
    const auto* filter = arguments.find("filter");
    TRY(prepared, twenty::prepare_filter(filter ? *filter : json::value{}, of, may));
    what.filter = std::move(prepared.value);
    notes = std::move(prepared.notes);
    if (const auto* measures = arguments.find("measures"); measures && measures->if_array())
        for (const auto& m : *measures->if_array()) {
            twenty::measure wanted;
            wanted.function = m.text("function");
            wanted.field = m.text("field");
            what.measures.push_back(std::move(wanted));
        }
    if (const auto* groups = arguments.find("groupBy"); groups && groups->if_array())
        for (const auto& g : *groups->if_array()) {
            twenty::grouping wanted;
            wanted.field = g.text("field");
            wanted.granularity = g.text("granularity");
            what.group_by.push_back(std::move(wanted));
        }
    what.limit = int_argument(arguments, "limit", default_groups);
    if (const auto zone = arguments.text("timeZone"); !zone.empty()) what.time_zone = zone;
    return what;
}

// One a value of a row: a name that is grouped by has two.
json::value columns_of(const twenty::aggregation& what,
                       const std::vector<std::string>& dimensions) {
    json::array columns;
    for (const auto& name : dimensions)
        columns.emplace_back(name);
    if (what.measures.empty()) columns.emplace_back("count");
    for (const auto& m : what.measures)
        columns.emplace_back(m.field.empty() ? m.function : m.function + "(" + m.field + ")");
    return columns;
}

// Twenty answers numbers of aggregates as texts; both forms pass as they are.
json::value row_of(const json::value& from, const std::vector<std::string>& keys, bool grouped) {
    json::array row;
    const auto* dimensions = grouped ? from.find("groupByDimensionValues") : nullptr;
    if (dimensions && dimensions->if_array()) row = *dimensions->if_array();
    for (const auto& key : keys) {
        const auto* v = from.find(key);
        row.push_back(v ? *v : json::value{});
    }
    return row;
}

} // namespace

task<crm_outcome> search_records(exchange& slot, const json::value& arguments, const call_context&,
                                 const twenty::access& may) {
    auto in = searched_objects(arguments, may);
    if (!in) co_return failed(in.failure());
    auto request = twenty::search_request(may, arguments.text("query"), *in,
                                          int_argument(arguments, "limit", default_hits));
    if (!request) co_return failed(request.failure());
    twenty::request sent = std::move(request).value();
    auto answer = co_await ask(slot, std::move(sent));
    if (!answer) co_return failed(answer.failure());
    if (!answer->ok()) co_return failed(*answer);
    json::array rows;
    const auto* edges = answer->data.at("search", "edges");
    if (edges && edges->if_array())
        for (const auto& edge : *edges->if_array()) {
            const auto* hit = edge.find("node");
            // Threat: the upstream search looks wider than the grant. Defence: checked again.
            const auto* of =
                hit ? may.schema().by_singular(hit->text("objectNameSingular")) : nullptr;
            if (!of || !may.can_read(*of)) continue;
            json::array row;
            row.emplace_back(of->name_singular);
            row.emplace_back(hit->text("recordId"));
            row.emplace_back(hit->text("label"));
            rows.emplace_back(std::move(row));
        }
    crm_outcome out;
    out.body.set("count", rows.size());
    out.body.set("columns", json::list({"object", "id", "label"}));
    out.body.set("rows", std::move(rows));
    co_return out;
}

task<crm_outcome> aggregate_records(exchange& slot, const json::value& arguments,
                                    const call_context&, const twenty::access& may) {
    auto found = may.readable(arguments.text("objectName"));
    if (!found) co_return failed(found.failure());
    const twenty::object& of = **found;
    crm_outcome out;
    auto what = read_aggregation(arguments, of, may, out.notes);
    if (!what) co_return failed(what.failure());
    auto prepared = twenty::prepare_aggregate(of, may, *what);
    if (!prepared) co_return failed(prepared.failure());
    twenty::request sent = std::move(prepared->request);
    auto answer = co_await ask(slot, std::move(sent));
    if (!answer) co_return failed(answer.failure());
    if (!answer->ok()) co_return failed(*answer);
    auto root = twenty::root_of(*answer, prepared->root);
    if (!root) co_return failed(root.failure());
    json::array rows;
    const bool grouped = prepared->grouped;
    if (const auto* groups = root->if_array(); grouped && groups)
        for (const auto& group : *groups)
            rows.push_back(row_of(group, prepared->keys, true));
    else
        rows.push_back(row_of(*root, prepared->keys, false));
    if (grouped && std::cmp_greater_equal(rows.size(), what->limit))
        out.notes.push_back("Only the first " + std::to_string(what->limit) +
                            " groups are shown; raise limit or filter.");
    out.body.set("object", of.name_singular);
    out.body.set("columns", columns_of(*what, prepared->dimensions));
    out.body.set("rows", std::move(rows));
    co_return out;
}

} // namespace mcp
