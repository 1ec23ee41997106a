#include "base/text.hpp"
#include "crm/calendar_order.hpp"
#include "crm/choice_labels.hpp"
#include "crm/columns.hpp"
#include "crm/compared.hpp"
#include "crm/having.hpp"
#include "crm/moment.hpp"
#include "crm/reading.hpp"
#include "crm/tools.hpp"
#include "mcp/client_limits.hpp"
#include "twenty/bounds.hpp"
#include "twenty/filter.hpp"
#include "twenty/names.hpp"
#include "twenty/shape.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace crm {

namespace {

constexpr int default_groups = 50;

// {"function":"sum","field":"amount"}, or both in one as the columns name it: sum(amount).
twenty::measure measure_of(const json::value& written) {
    twenty::measure wanted;
    wanted.function = text::trim(written.text("function"));
    wanted.field = text::trim(written.text("field"));
    const auto open = wanted.function.find_first_of("( :");
    if (!wanted.field.empty() || open == std::string::npos) return wanted;
    wanted.field = text::trim(std::string_view(wanted.function).substr(open + 1));
    wanted.function.resize(open);
    if (wanted.field.ends_with(')')) wanted.field.pop_back();
    if (wanted.field == "*") wanted.field.clear();
    return wanted;
}

// {"field":"closeDate","granularity":"WEEK"}, or both in one: closeDate:WEEK.
twenty::grouping grouping_of(const json::value& written) {
    twenty::grouping wanted;
    wanted.field = text::trim(written.text("field"));
    wanted.granularity = written.text("granularity");
    const auto split = wanted.field.find_first_of(" :(");
    if (!wanted.granularity.empty() || split == std::string::npos) return wanted;
    wanted.granularity = text::trim(std::string_view(wanted.field).substr(split + 1));
    if (wanted.granularity.ends_with(')')) wanted.granularity.pop_back();
    wanted.field.resize(split);
    return wanted;
}

result<twenty::aggregation> read_aggregation(const json::value& arguments, const twenty::object& of,
                                             const call_context& context, const twenty::access& may,
                                             std::vector<std::string>& notes,
                                             std::vector<having>& conditions) {
    twenty::aggregation what;
    const auto* filter = arguments.find("filter");
    TRY(at, moment_of(arguments, context));
    TRY(split, split_having(filter ? *filter : json::value{}, of, may, at));
    TRY(prepared, twenty::prepare_filter(split.rest, of, may, at));
    conditions = std::move(split.conditions);
    what.filter = std::move(prepared.value);
    notes = std::move(split.notes);
    notes.insert(notes.end(), prepared.notes.begin(), prepared.notes.end());
    if (const auto* measures = arguments.find("measures"); measures && measures->if_array())
        for (const auto& m : *measures->if_array())
            what.measures.push_back(measure_of(m));
    if (const auto* groups = arguments.find("groupBy"); groups && groups->if_array())
        for (const auto& g : *groups->if_array())
            what.group_by.push_back(grouping_of(g));
    what.order_by = name_list(arguments.find("orderBy"));
    if (what.order_by.size() > twenty::most_names)
        return error{errc::bad_request, "At most " + std::to_string(twenty::most_names) +
                                            " names are taken in \"orderBy\"."};
    what.limit = int_argument(arguments, "limit", default_groups);
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

// Twenty answers numbers of aggregates as texts or numbers; both forms pass as they are, in units
// where people count in them.
json::value measured(const json::value* v, bool in_units) {
    if (!v) return {};
    const auto micros = in_units ? twenty::as_number(*v) : std::nullopt;
    if (!micros) return twenty::cleaned(*v);
    // Numbers beyond 21 digits come in powers of ten, where the point cannot be moved in the text.
    if (micros->text.find_first_of("eE") != std::string::npos)
        return json::value::of_double(json::value(*micros).as_double().value_or(0) / 1e6);
    return json::number{twenty::amount_text(micros->text)};
}

json::value row_of(const json::value& from, const twenty::aggregate_request& asked,
                   const std::vector<labels>& names) {
    json::array row;
    for (std::size_t i = 0; i < asked.dimensions.size(); ++i) {
        const auto* v = dimension_value(from, i);
        const auto* written = v ? v->if_string() : nullptr;
        row.push_back(written ? json::value(shown_label(*written))
                      : v     ? twenty::cleaned(*v)
                              : json::value{});
        if (!asked.dimensions[i].records) continue;
        const auto label = written ? names[i].find(*written) : names[i].end();
        row.push_back(label != names[i].end() ? json::value(shown_label(label->second))
                                              : json::value{});
    }
    for (std::size_t i = 0; i < asked.keys.size(); ++i)
        row.push_back(measured(from.find(asked.keys[i]), asked.in_units[i]));
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
async<labels> read_labels(call_slot& slot, const twenty::readable_object& of,
                          const twenty::access& may, std::vector<std::string> ids,
                          std::vector<std::string>& notes) {
    labels found;
    const auto* label = may.label(of);
    if (ids.empty() || !label) co_return found;
    twenty::wanted_fields want;
    want.fields.push_back(label->name);
    request_maker make = [&of, &ids](const std::string& selection) {
        return result<twenty::request>(twenty::records_request(of, ids, selection));
    };
    reading read =
        co_await read_root(slot, of, may, std::move(want), std::move(make), twenty::root_many(of));
    if (read.failure) {
        notes.push_back("The names of " + of->name_plural +
                        " could not be read: " + read.failure->message);
        co_return found;
    }
    notes.insert(notes.end(), read.notes.begin(), read.notes.end());
    const auto nodes = twenty::connection_nodes(std::move(read.root));
    if (const auto* all = nodes.if_array())
        for (const auto& node : *all)
            if (auto name = twenty::record_label(node, of); !name.empty())
                found.emplace(node.text("id"), std::move(name));
    co_return found;
}

// Beside each dimension the names of its records, where it stands for some.
async<std::vector<labels>> read_all_labels(call_slot& slot, const twenty::aggregate_request& asked,
                                           const json::array& groups, const twenty::access& may,
                                           std::vector<std::string>& notes) {
    std::vector<labels> names(asked.dimensions.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto& records = asked.dimensions[i].records;
        if (!records) continue;
        std::vector<std::string> ids = ids_of(groups, i);
        names[i] = co_await read_labels(slot, *records, may, std::move(ids), notes);
    }
    co_return names;
}

// rows_of() has as many of the groups as fit in; one at least.
json::array rows_of(const json::array& groups, const twenty::aggregate_request& asked,
                    const std::vector<labels>& names, std::size_t budget) {
    json::array rows;
    std::size_t bytes = 0;
    for (const auto& group : groups) {
        auto row = row_of(group, asked, names);
        bytes += json::dumped_size(row) + 1;
        if (bytes > budget && !rows.empty()) break;
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string note_on_cut(std::size_t shown, std::size_t all) {
    return "Only " + std::to_string(shown) + " of " + std::to_string(all) +
           " groups fit in; filter, or group by something with fewer values.";
}

std::string note_on_more(std::size_t limit, const std::string& order) {
    return "There are more groups; these are the first " + std::to_string(limit) + " by " + order +
           ". " +
           (limit < twenty::most_groups ? "limit takes up to 200."
                                        : "No call shows more: filter for the others.");
}

void add_choices(choice_labels& choices, const json::array& groups,
                 const twenty::aggregate_request& asked) {
    for (std::size_t i = 0; i < asked.dimensions.size(); ++i)
        for (const auto& group : groups)
            if (const auto* v = dimension_value(group, i); v && asked.dimensions[i].values)
                choices.add(asked.dimensions[i].name, *asked.dimensions[i].values, *v);
}

// The groups of an answer; without grouping the whole is one.
result<json::array> groups_in(const json::value& root, bool grouped) {
    json::array groups;
    if (const auto* listed = root.if_array(); grouped && listed)
        groups = *listed;
    else if (!grouped)
        groups.push_back(root);
    const bool formed = (!grouped || root.is_array()) &&
                        std::all_of(groups.begin(), groups.end(),
                                    [](const auto& group) { return group.is_object(); });
    if (!formed) return twenty::unexpected_form();
    return groups;
}

} // namespace

// aggregate_records() prepares its request before conditions on lists cost requests of their own,
// so that what is wrong with it is said at once; with their ids in the filter it is prepared once
// more. A refusal is remembered of this object only when the request needed no other one (`alone`).
async<crm_outcome> aggregate_records(call_slot& slot, const json::value& arguments,
                                     const call_context& context, const twenty::access& may) {
    auto found = may.readable(arguments.text("objectName"));
    if (!found) co_return failed(found.failure());
    const twenty::readable_object& of = *found;
    crm_outcome out;
    std::vector<having> conditions;
    auto what = read_aggregation(arguments, of, context, may, out.notes, conditions);
    if (!what) co_return failed(what.failure());
    const auto limit = static_cast<std::size_t>(std::clamp(what->limit, 1, twenty::most_groups));
    const bool by_calendar = comes_by_calendar(*what);
    if (by_calendar) what->limit = twenty::most_groups; // sorted here, so all of them are wanted
    auto prepared = twenty::prepare_aggregate(of, may, *what);
    if (!prepared) co_return failed(prepared.failure());
    if (!conditions.empty()) {
        auto joined = co_await ask_having(slot, of, std::move(conditions));
        if (!joined) co_return failed(joined.failure());
        what->filter = twenty::both(std::move(what->filter), std::move(joined).value());
        prepared = twenty::prepare_aggregate(of, may, *what);
    }
    const twenty::aggregate_request asked = std::move(prepared).value();
    add_notes(out, asked.notes);
    twenty::request sent = asked.request;
    const bool alone = std::all_of(asked.dimensions.begin(), asked.dimensions.end(),
                                   [](const auto& d) { return !d.records; }) &&
                       !compares_related(of, may, what->filter);
    auto answer = co_await ask_about(slot, of, std::move(sent), !alone);
    if (!answer) co_return failed(answer.failure());
    if (!answer->ok()) co_return failed(*answer);
    auto root = twenty::root_of(std::move(*answer), asked.root);
    if (!root) co_return failed(root.failure());
    auto formed = groups_in(*root, asked.grouped);
    if (!formed) co_return failed(formed.failure());
    json::array groups = std::move(formed).value();
    // Among more groups than one answer has, the calendar's first ones may be missing.
    const bool all_read = groups.size() <= static_cast<std::size_t>(twenty::most_groups);
    const bool sorted = by_calendar && all_read && sort_by_calendar(groups, *what, asked);
    const bool more = asked.grouped && groups.size() > limit;
    if (more) groups.resize(limit);
    std::vector<labels> names = co_await read_all_labels(slot, asked, groups, may, out.notes);
    json::array rows = rows_of(groups, asked, names, fitting(slot, page_budget));
    if (rows.size() < groups.size())
        out.notes.push_back(note_on_cut(rows.size(), groups.size()));
    else if (more)
        out.notes.push_back(note_on_more(limit, sorted ? "the calendar" : asked.order));
    choice_labels choices;
    add_choices(choices, groups, asked);
    out.body.set("object", of->name_singular);
    out.body.set("columns", columns_of(asked));
    out.body.set("rows", std::move(rows));
    choices.write_to(out.body);
    co_return out;
}
} // namespace crm
