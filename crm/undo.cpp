#include "crm/undo.hpp"

#include "base/text.hpp"
#include "crm/asked_changes.hpp"
#include "crm/batch.hpp"
#include "crm/undo_judge.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

namespace crm {

namespace {

// All fields that the rows of an object are compared or written by.
json::object fields_of(const std::vector<undo_row>& rows, const std::string& object) {
    json::object out;
    for (const auto& row : rows)
        if (row.object == object)
            for (const auto* some : {&row.before, &row.after, &row.written})
                for (const auto& [name, _] : *some)
                    if (name != "id" && !out.contains(name)) out.append(name, json::value());
    return out;
}

// Twenty answers a composite with all of its parts, and takes null for the whole of an empty one.
json::value as_written(const json::value& stored) {
    const auto* parts = stored.if_object();
    if (!parts) return stored;
    const bool empty = std::ranges::all_of(*parts, [](const auto& part) {
        const auto* s = part.second.if_string();
        const auto* list = part.second.if_array();
        return part.second.is_null() || (s && s->empty()) || (list && list->empty());
    });
    return empty ? json::value() : stored;
}

result<twenty::prepared_data> undo_data(const undo_row& row, const twenty::object& of,
                                        const twenty::access& may) {
    json::object back;
    for (const auto& [name, was] : row.before)
        back.append(name, as_written(was));
    return twenty::prepare_update(json::value(std::move(back)), of, may, true);
}

result<twenty::prepared_data> recreation_data(const undo_row& row, const twenty::object& of,
                                              const twenty::access& may) {
    json::object values;
    for (const auto& [name, was] : row.before)
        if (auto v = as_written(was); !v.is_null()) values.append(name, std::move(v));
    return twenty::prepare_create(json::value(std::move(values)), of, may);
}

// The record is moved on as Twenty has answered, with the stamps that the next row looks at.
void take_over(undo_row& row, const batch_row& written, json::value* now) {
    if (const auto* stored = written.stored.if_object(); stored && now)
        for (const auto& [name, v] : *stored)
            now->if_object()->set(name, v);
    switch (written.now) {
    case batch_row::state::done: // what could not be put back stays said
        return decide(row, undo_fate::undone, std::move(row.why));
    case batch_row::state::unknown:
        return decide(row, undo_fate::unknown, "No answer came; call again to see.");
    case batch_row::state::failed:
        return decide(row, undo_fate::failed,
                      written.end.failure ? written.end.failure->message : "");
    case batch_row::state::waiting:
        return decide(row, undo_fate::left, "Call again for the rest.");
    }
}

// write_back() writes the ready rows of one change, together where that is possible.
async<done> write_back(call_slot& slot, const call_context& context,
                       const twenty::writable_object& of, const twenty::access& may,
                       std::vector<undo_row*> rows, present& there) {
    batch all(of, may, "changes");
    all.selection = there.selection;
    std::vector<undo_row*> written;
    for (auto* row : rows) {
        batch_row next;
        next.index = all.rows.size();
        next.id = row->id;
        next.what = back_of(row->what);
        next.before = row->now;
        if (next.what == write_kind::update || next.what == write_kind::create) {
            auto data = next.what == write_kind::update ? undo_data(*row, of, may)
                                                        : recreation_data(*row, of, may);
            if (!data) {
                decide(*row, undo_fate::failed, data.failure().message);
                continue;
            }
            next.data = std::move(data).value();
        }
        all.rows.push_back(std::move(next));
        written.push_back(row);
    }
    slot.undoes = rows.front()->change;
    co_await write_rows(slot, all, context);
    slot.undoes.clear();
    for (std::size_t i = 0; i < written.size(); ++i)
        take_over(*written[i], all.rows[i], there.find(written[i]->id));
    for (auto* row : written)
        if (row->fate == undo_fate::left && all.stopped) row->why = all.stopped->message;
    co_return done();
}

// leave_out_gone() takes out of a row the fields that its object has no more.
void leave_out_gone(undo_row& row, const twenty::object& of) {
    std::vector<std::string> gone;
    for (auto* some : {&row.before, &row.after, &row.written}) {
        std::vector<std::string> lacking;
        for (const auto& [name, _] : *some)
            if (name != "id" && !of.find_field(name) && !of.find_join(name))
                lacking.push_back(name);
        for (auto& name : lacking) {
            some->erase(name);
            if (std::ranges::find(gone, name) == gone.end()) gone.push_back(std::move(name));
        }
    }
    if (gone.empty() || row.fate != undo_fate::ready) return;
    for (auto& name : gone)
        if (std::ranges::find(row.lost, name) == row.lost.end())
            row.lost.push_back(std::move(name));
    if (row.what == write_kind::update && row.before.empty())
        decide(row, undo_fate::impossible,
               "Its object has no such field any more: " + text::join(row.lost, ", ") + ".");
}

// read_records() reads what the rows are about, one request for each object.
async<done> read_records(call_slot& slot, const twenty::access& may, std::vector<undo_row>& rows,
                         std::map<std::string, present>& there) {
    std::map<std::string, std::vector<std::string>> ids; // by object
    std::set<std::string> seen;
    for (auto& row : rows) {
        const auto* of = may.schema().by_singular(row.object);
        if (of) leave_out_gone(row, *of);
        if (row.fate == undo_fate::ready && seen.insert(row.object + " " + row.id).second)
            ids[row.object].push_back(row.id);
    }
    for (auto& [object, wanted] : ids) {
        auto of = may.writable(object);
        present& now = there[object];
        if (!of) {
            now.failure = of.failure();
            continue;
        }
        const json::object fields = fields_of(rows, object);
        co_await read_present(slot, *of, may, std::move(wanted), fields, now);
    }
    co_return done();
}

using stamps_by_record = std::map<std::string, std::vector<own_stamps>, std::less<>>;

void add_stamps(stamps_by_record& out, const change_record& change) {
    for (const auto& row : undo_rows(change)) {
        own_stamps stamps;
        stamps.number = change.number;
        stamps.seen = row.seen;
        stamps.left = row.left;
        if (!change.undoes.empty()) stamps.deleted_at = row.deleted_at;
        out[row.id].push_back(std::move(stamps));
    }
}

// What was just taken back is the newest of all.
own_stamps stamps_of_undo(const undo_row& row, const json::value* now) {
    own_stamps out;
    out.number = std::numeric_limits<std::int64_t>::max();
    out.seen = row.now.text("updatedAt");
    out.left = now ? now->text("updatedAt") : "";
    out.deleted_at = now ? now->text("deletedAt") : "";
    return out;
}

// read_own() reads what else this connection did to records that somebody wrote to since, or that
// this call will write to: to tell whether it was anybody else.
async<stamps_by_record> read_own(call_slot& slot, const std::vector<undo_row>& rows,
                                 std::map<std::string, present>& there) {
    stamps_by_record out;
    std::map<std::string_view, int> times;
    for (const auto& row : rows)
        ++times[row.id];
    change_query query;
    for (const auto& row : rows) {
        const bool goes = row.fate == undo_fate::ready && row.what != write_kind::update;
        if (goes && (times[row.id] > 1 || asks_whose(row, there[row.object].find(row.id))))
            query.records.push_back(row.id);
    }
    if (query.records.empty()) co_return out;
    query.limit = mcp::most_changes_listed;
    auto found = co_await ask_journal(slot, std::move(query));
    if (!found) co_return out;
    std::ranges::reverse(*found); // the oldest first
    for (const auto& change : *found)
        if (change.state == change_state::done) add_stamps(out, change);
    co_return out;
}

// judge_change() decides about the rows of one change; those that are to be written.
std::vector<undo_row*> judge_change(const std::vector<undo_row*>& rows, const stamps_by_record& own,
                                    present& there, const std::set<std::string>& stuck,
                                    const twenty::object& of, const twenty::access& may) {
    static const std::vector<own_stamps> none;
    std::vector<undo_row*> ready;
    for (auto* row : rows) {
        const bool is_ready = row->fate == undo_fate::ready;
        if (is_ready && there.failure)
            decide(*row, undo_fate::failed, there.failure->message);
        else if (is_ready && stuck.contains(row->id))
            decide(*row, undo_fate::left, "A later change of it could not be taken back.");
        const auto known = own.find(row->id);
        judge(*row, there.find(row->id), known == own.end() ? none : known->second, of, may);
        if (row->fate == undo_fate::ready) ready.push_back(row);
    }
    return ready;
}

} // namespace

async<done> take_rows_back(call_slot& slot, const call_context& context, const twenty::access& may,
                           std::vector<undo_row>& rows, bool dry) {
    std::map<std::string, present> there; // by object
    co_await read_records(slot, may, rows, there);
    stamps_by_record own = co_await read_own(slot, rows, there);
    // A record whose later change could not be taken back does not hold what an earlier one wrote.
    std::set<std::string> stuck;
    for (std::size_t i = 0; i < rows.size();) {
        // The rows of a change stand together.
        std::vector<undo_row*> of_change;
        const std::string change = rows[i].change;
        const std::string object = rows[i].object;
        for (; i < rows.size() && rows[i].change == change; ++i)
            of_change.push_back(&rows[i]);
        present& now = there[object];
        auto of = may.writable(object);
        if (!of) {
            for (auto* row : of_change)
                if (row->fate == undo_fate::ready)
                    decide(*row, undo_fate::failed, of.failure().message);
            continue;
        }
        std::vector<undo_row*> ready = judge_change(of_change, own, now, stuck, **of, may);
        if (dry || ready.empty()) continue;
        // A record that is put back lets go of what is unique in one that is made anew.
        const auto anew = std::stable_partition(ready.begin(), ready.end(), [](const auto* row) {
            return row->what != write_kind::merge;
        });
        std::vector<undo_row*> gone(anew, ready.end());
        std::vector<undo_row*> stored(ready.begin(), anew);
        if (!stored.empty()) co_await write_back(slot, context, *of, may, std::move(stored), now);
        if (!gone.empty()) co_await write_back(slot, context, *of, may, std::move(gone), now);
        for (const auto* row : ready) {
            if (row->fate == undo_fate::undone)
                own[row->id].push_back(stamps_of_undo(*row, now.find(row->id)));
            else
                stuck.insert(row->id);
        }
    }
    co_return done();
}

} // namespace crm
