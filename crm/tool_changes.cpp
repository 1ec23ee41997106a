// list_changes and undo_changes: what this connection has changed, and the way back.
#include "base/text.hpp"
#include "crm/asked_changes.hpp"
#include "crm/batch.hpp"
#include "crm/changes.hpp"
#include "crm/fit.hpp"
#include "crm/tools.hpp"
#include "crm/undo.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <utility>

namespace crm {

namespace {

constexpr std::size_t most_undone = 200;   // records of one window
constexpr int most_windows = 5;            // of one call, while nothing in them can be taken back
constexpr std::size_t records_listed = 5;  // of a change, where nobody asked for it by name
constexpr std::size_t longest_value = 300; // of a field, before and after

json::value short_value(const json::value& v) {
    json::value out = v;
    (void)fit(out, longest_value, 4 * longest_value);
    return out;
}

// What a row shows: the record, and with `values` what its fields held before and hold since.
json::object shown_row(const undo_row& row, const twenty::object& of, const twenty::access& may,
                       bool values) {
    json::object out;
    out.append("id", row.id);
    if (!row.label.empty()) out.append("label", row.label);
    if (!values || (row.before.empty() && row.after.empty())) return out;
    const auto was = kept_values(json::value(row.before), row.before, of, may);
    json::object fields;
    const auto add = [&](const std::string& name) {
        if (fields.contains(name)) return;
        json::object both;
        if (const auto* v = was ? was->find(name) : nullptr) both.append("before", short_value(*v));
        if (const auto* v = row.after.find(name)) both.append("after", short_value(*v));
        fields.append(name, std::move(both));
    };
    for (const auto& [name, _] : row.before)
        add(name);
    for (const auto& [name, _] : row.after)
        add(name);
    out.append("fields", std::move(fields));
    return out;
}

// What a list shows of its changes.
struct list_look {
    bool values = false;
    std::string record; // empty: all of a change
    std::size_t most = page_budget;
};

// The fields that a change wrote, by the first of its records.
json::array fields_of_change(const std::vector<undo_row>& rows) {
    json::array out;
    if (rows.empty()) return out;
    for (const auto* some : {&rows.front().before, &rows.front().after})
        for (const auto& [name, _] : *some)
            if (std::ranges::find(out, json::value(name)) == out.end()) out.emplace_back(name);
    return out;
}

json::object shown_change(const change_record& change, const twenty::object& of,
                          const twenty::access& may, const list_look& how) {
    json::object out;
    out.append("id", change.id);
    out.append("at", text::iso_time(change.at));
    out.append("tool", change.tool);
    out.append("object", change.object);
    out.append("effect", change.effect);
    if (change.state != change_state::done) out.append("state", to_string(change.state));
    if (!change.undone.empty()) out.append("undone", is_undone(change) ? "all" : "some");
    if (!change.undoes.empty()) out.append("undoes", change.undoes);
    const auto rows = undo_rows(change);
    json::array records;
    std::size_t left = 0;
    std::size_t bytes = 0;
    for (const auto& row : rows) {
        if (!how.record.empty() && row.id != how.record) continue;
        auto line = json::value(shown_row(row, of, may, how.values));
        bytes += json::dumped_size(line) + 1;
        const bool fits = how.values ? bytes <= how.most : records.size() < records_listed;
        if (fits || records.empty())
            records.emplace_back(std::move(line));
        else
            ++left;
    }
    if (!how.values)
        if (auto fields = fields_of_change(rows); !fields.empty())
            out.append("fields", std::move(fields));
    out.append("records", std::move(records));
    if (left > 0) out.append("more", left);
    return out;
}

json::object shown_fate(const undo_row& row) {
    json::object out;
    out.append("change", row.change);
    out.append("object", row.object);
    out.append("id", row.id);
    if (!row.label.empty()) out.append("label", row.label);
    out.append("outcome", word_of(row.fate));
    if (!row.why.empty()) out.append("why", row.why);
    if (!row.conflict.empty()) out.append("fields", short_value(json::value(row.conflict)));
    return out;
}

async<result<found_changes>> listed_changes(call_slot& slot, const json::value* ids,
                                            change_query query) {
    if (ids) {
        std::vector<std::string> names = names_in(*ids);
        co_return co_await named_changes(slot, std::move(names));
    }
    const auto asked = query.limit;
    auto found = co_await ask_journal(slot, std::move(query));
    if (!found) co_return std::move(found).failure();
    found_changes out;
    out.more = may_be_more(*found, asked);
    out.changes = std::move(found).value();
    co_return out;
}

// False where the page had no room for all. `last` is where the next one begins behind.
// Threat: objects that a connection may no longer read are told by what it changed. Defence: access
// decides here as everywhere.
bool show_changes(crm_outcome& out, const std::vector<change_record>& found,
                  const twenty::access& may, const list_look& how, std::string& last) {
    json::array changes;
    std::size_t bytes = 0;
    bool all = true;
    for (const auto& change : found) {
        const auto of = may.readable(change.object);
        if (of) {
            auto line = shown_change(change, **of, may, how);
            bytes += json::dumped_size(json::value(line)) + 1;
            all = changes.empty() || bytes <= page_budget;
            if (!all) break;
            changes.emplace_back(std::move(line));
        }
        last = change.id;
    }
    out.body.set("changes", std::move(changes));
    return all;
}

async<result<found_changes>> wanted_changes(call_slot& slot, const json::value& arguments,
                                            const call_context& context) {
    const auto* ids = arguments.find("ids");
    const auto since = arguments.text("since");
    if ((ids != nullptr) == !since.empty())
        co_return error(errc::bad_request, "Give either \"ids\" or \"since\".");
    if (ids) {
        std::vector<std::string> names = names_in(*ids);
        if (names.empty()) co_return error(errc::bad_request, "\"ids\" is empty.");
        co_return co_await named_changes(slot, std::move(names));
    }
    auto from = read_since(since, context);
    if (!from) co_return std::move(from).failure();
    co_return co_await standing_changes(slot, *from);
}

// rows_to_undo() gives the rows of the changes from `next` on, and moves that behind them: as many
// as one window has room for. What is settled takes up no room, or a call that was taken back in
// part could never be taken back whole. Changes of what this connection may not see are left out.
std::vector<undo_row> rows_to_undo(const found_changes& found, std::size_t& next,
                                   const twenty::access& may, std::size_t& hidden) {
    std::vector<undo_row> rows;
    std::size_t ready = 0;
    for (; next < found.changes.size(); ++next) {
        const auto& change = found.changes[next];
        if (!may.readable(change.object)) {
            ++hidden;
            continue;
        }
        auto of_change = undo_rows(change);
        const auto more = static_cast<std::size_t>(
            std::ranges::count(of_change, undo_fate::ready, &undo_row::fate));
        if (ready > 0 && ready + more > most_undone) break;
        ready += more;
        for (auto& row : of_change)
            if (row.fate == undo_fate::ready || rows.size() - ready < most_undone)
                rows.push_back(std::move(row));
    }
    return rows;
}

void show_fates(crm_outcome& out, const std::vector<undo_row>& rows) {
    std::size_t undone = 0;
    std::size_t bytes = 0;
    std::size_t hidden = 0;
    json::array results;
    for (const auto& row : rows) {
        if (row.fate == undo_fate::undone) ++undone;
        auto line = shown_fate(row);
        bytes += json::dumped_size(json::value(line)) + 1;
        if (bytes > page_budget)
            ++hidden;
        else
            results.emplace_back(std::move(line));
    }
    out.body.set("undone", undone);
    out.body.set("results", std::move(results));
    if (hidden > 0) out.notes.push_back(std::to_string(hidden) + " further results are not shown.");
}

} // namespace

async<crm_outcome> list_changes(call_slot& slot, const json::value& arguments,
                                const call_context& context, const twenty::access& may) {
    const auto* ids = arguments.find("ids");
    change_query query;
    if (!ids) {
        auto wanted = query_of(arguments, context, may);
        if (!wanted) co_return failed(wanted.failure());
        query = std::move(wanted).value();
    }
    list_look how;
    how.values = ids || !query.records.empty();
    if (!query.records.empty()) how.record = query.records.front();
    auto listed = co_await listed_changes(slot, ids, std::move(query));
    if (!listed) co_return failed(listed.failure());
    found_changes found = std::move(listed).value();
    co_await settle_unknown(slot, context, may, found.changes);
    crm_outcome out;
    std::string last;
    const bool all = show_changes(out, found.changes, may, how, last);
    if (!ids && (!all || found.more)) out.body.set("cursor", last);
    if (ids && (!all || found.more))
        out.notes.emplace_back("The others are too long to be shown; name fewer.");
    co_return out;
}

async<crm_outcome> undo_changes(call_slot& slot, const json::value& arguments,
                                const call_context& context, const twenty::access& may) {
    auto wanted = co_await wanted_changes(slot, arguments, context);
    if (!wanted) co_return failed(wanted.failure());
    found_changes found = std::move(wanted).value();
    co_await settle_unknown(slot, context, may, found.changes);
    crm_outcome out;
    const bool dry = arguments.flag("preview");
    std::vector<undo_row> all;
    std::size_t next = 0;
    std::size_t hidden = 0;
    // Changes that others have written over are newer than those that can be taken back, and stay.
    for (int window = 0; window < most_windows; ++window) {
        std::vector<undo_row> rows = rows_to_undo(found, next, may, hidden);
        if (!dry) {
            auto no = co_await ask_for_undo(slot, context, may, rows);
            if (no) co_return std::move(*no);
        }
        co_await take_rows_back(slot, context, may, rows, dry);
        const auto undone = std::ranges::count(rows, undo_fate::undone, &undo_row::fate);
        for (auto& row : rows)
            all.push_back(std::move(row));
        if (dry || undone > 0 || next >= found.changes.size() || !has_time(context)) break;
    }
    show_fates(out, all);
    if (hidden > 0)
        out.notes.push_back(std::to_string(hidden) +
                            " of the changes are of objects that this connection does not see.");
    if (dry) out.body.set("preview", true);
    if (found.more || next < found.changes.size())
        out.notes.emplace_back("There are more changes than one call takes back; call again.");
    if (all.empty()) out.notes.emplace_back("There is nothing to take back.");
    co_return out;
}

} // namespace crm
