#include "base/text.hpp"
#include "mcp/client_limits.hpp"
#include "mcp/crm_tools.hpp"
#include "twenty/filter.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace mcp {

namespace {

constexpr int default_groups = 50;
constexpr std::size_t longest_label = 300;

// A record's text like any other, so without invisible characters, and short.
std::string plain(std::string_view written) {
    const auto label = text::without_invisible(written, false);
    if (label.size() <= longest_label) return label;
    return std::string(text::cut_utf8(label, longest_label)) + "…";
}
int given_limit(const json::value& arguments) {
    const auto* v = arguments.find("limit");
    return v ? static_cast<int>(v->as_int().value_or(default_groups)) : default_groups;
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
    what.limit = given_limit(arguments);
    if (const auto zone = arguments.text("timeZone"); !zone.empty()) what.time_zone = zone;
    return what;
}

// A relation takes two columns, as in find_records; a name that is grouped by has two of its own.
json::value columns_of(const twenty::aggregate_request& asked) {
    json::array columns;
    for (const auto& d : asked.dimensions) {
        columns.emplace_back(d.records ? d.name + ".id" : d.name);
        if (d.records) columns.emplace_back(d.name + ".label");
    }
    for (const auto& name : asked.columns)
        columns.emplace_back(name);
    return columns;
}

using labels = std::map<std::string, std::string, std::less<>>; // by id

const json::value* dimension_value(const json::value& group, std::size_t n) {
    const auto* values = group.find("groupByDimensionValues");
    const auto* listed = values ? values->if_array() : nullptr;
    return listed && n < listed->size() ? &(*listed)[n] : nullptr;
}

// Twenty answers numbers of aggregates as texts; both forms pass as they are.
json::value row_of(const json::value& from, const twenty::aggregate_request& asked,
                   const std::vector<labels>& names) {
    json::array row;
    for (std::size_t i = 0; i < asked.dimensions.size(); ++i) {
        const auto* v = dimension_value(from, i);
        const auto* written = v ? v->if_string() : nullptr;
        row.push_back(written ? json::value(plain(*written)) : v ? *v : json::value{});
        if (!asked.dimensions[i].records) continue;
        const auto label = written ? names[i].find(*written) : names[i].end();
        row.push_back(label != names[i].end() ? json::value(plain(label->second)) : json::value{});
    }
    for (const auto& key : asked.keys) {
        const auto* v = from.find(key);
        row.push_back(v ? *v : json::value{});
    }
    return row;
}

std::vector<std::string> ids_of(const json::array& groups, std::size_t dimension) {
    std::vector<std::string> ids;
    for (const auto& group : groups)
        if (const auto* v = dimension_value(group, dimension); v && v->if_string())
            if (std::find(ids.begin(), ids.end(), *v->if_string()) == ids.end())
                ids.push_back(*v->if_string());
    return ids;
}

// The names of the records that groups stand for. Without them the ids have to do.
task<labels> read_labels(exchange& slot, const twenty::object& of, const twenty::access& may,
                         std::vector<std::string> ids, std::vector<std::string>& notes) {
    labels found;
    const auto* label = may.label(of);
    if (ids.empty() || !label) co_return found;
    twenty::wanted_fields want;
    want.fields.push_back(label->name);
    request_maker make = [&of, &ids](const std::string& selection) {
        return result<twenty::request>(twenty::records_request(of, ids, selection));
    };
    reading read =
        co_await read_root(slot, of, may, std::move(want), std::move(make), of.name_plural);
    if (read.failure) {
        notes.push_back("The names of " + of.name_plural +
                        " could not be read: " + read.failure->message);
        co_return found;
    }
    notes.insert(notes.end(), read.notes.begin(), read.notes.end());
    const auto nodes = twenty::connection_nodes(read.root);
    if (const auto* all = nodes.if_array())
        for (const auto& node : *all)
            if (auto name = twenty::record_label(node, of); !name.empty())
                found.emplace(node.text("id"), std::move(name));
    co_return found;
}

} // namespace

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
    const twenty::aggregate_request asked = std::move(prepared).value();
    add_notes(out, asked.notes);
    twenty::request sent = asked.request;
    auto answer = co_await ask(slot, std::move(sent));
    if (!answer) co_return failed(answer.failure());
    const bool alone = std::all_of(asked.dimensions.begin(), asked.dimensions.end(),
                                   [](const auto& d) { return d.records == nullptr; });
    if (alone) remember_read(slot, of, *answer);
    if (!answer->ok()) co_return failed(*answer);
    auto root = twenty::root_of(*answer, asked.root);
    if (!root) co_return failed(root.failure());

    json::array groups;
    if (const auto* listed = root->if_array(); asked.grouped && listed)
        groups = *listed;
    else if (!asked.grouped)
        groups.push_back(*root);
    const bool formed = (!asked.grouped || root->is_array()) &&
                        std::all_of(groups.begin(), groups.end(),
                                    [](const auto& group) { return group.is_object(); });
    if (!formed) co_return failed(twenty::unexpected_form());
    std::vector<labels> names(asked.dimensions.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto* records = asked.dimensions[i].records;
        if (!records) continue;
        std::vector<std::string> ids = ids_of(groups, i);
        names[i] = co_await read_labels(slot, *records, may, std::move(ids), out.notes);
    }
    json::array rows;
    const std::size_t budget = fitting(slot, page_budget);
    std::size_t bytes = 0;
    for (const auto& group : groups) {
        auto row = row_of(group, asked, names);
        bytes += json::dump(row).size() + 1;
        if (bytes > budget && !rows.empty()) break;
        rows.push_back(std::move(row));
    }
    if (rows.size() < groups.size())
        out.notes.push_back("Only " + std::to_string(rows.size()) + " of " +
                            std::to_string(groups.size()) +
                            " groups fit in; filter, or group by something with fewer values.");
    else if (asked.grouped && std::cmp_greater_equal(rows.size(), what->limit))
        out.notes.push_back("Only the first " + std::to_string(what->limit) +
                            " groups are shown; raise limit or filter.");
    out.body.set("object", of.name_singular);
    out.body.set("columns", columns_of(asked));
    out.body.set("rows", std::move(rows));
    co_return out;
}
} // namespace mcp
