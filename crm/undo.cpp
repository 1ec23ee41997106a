#include "crm/undo.hpp"

#include "base/text.hpp"
#include "crm/batch.hpp"
#include "crm/undo_judge.hpp"

#include <algorithm>
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

void take_over(undo_row& row, const batch_row& written) {
    switch (written.now) {
    case batch_row::state::done:
        return decide(row, undo_fate::undone, "");
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
                       std::vector<undo_row*> rows, std::string selection) {
    batch all(of, may, "changes");
    all.selection = std::move(selection);
    std::vector<undo_row*> written;
    for (auto* row : rows) {
        batch_row next;
        next.index = all.rows.size();
        next.id = row->id;
        next.what = row->back;
        next.before = row->now;
        if (row->back == write_kind::update) {
            auto data = undo_data(*row, of, may);
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
        take_over(*written[i], all.rows[i]);
    for (auto* row : written)
        if (row->fate == undo_fate::left && all.stopped) row->why = all.stopped->message;
    co_return done();
}

} // namespace

async<done> take_rows_back(call_slot& slot, const call_context& context, const twenty::access& may,
                           std::vector<undo_row>& rows, bool dry) {
    std::map<std::string, std::vector<std::string>> ids; // by object
    std::set<std::string> seen;
    for (const auto& row : rows)
        if (row.fate == undo_fate::ready && seen.insert(row.object + " " + row.id).second)
            ids[row.object].push_back(row.id);
    std::map<std::string, present> there;
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
    // A record whose later change could not be taken back does not hold what an earlier one wrote.
    std::set<std::string> stuck;
    for (std::size_t i = 0; i < rows.size();) {
        // The rows of a change stand together.
        std::vector<undo_row*> ready;
        const std::string change = rows[i].change;
        const std::string object = rows[i].object;
        const auto of = may.writable(object);
        present& now = there[object];
        for (; i < rows.size() && rows[i].change == change; ++i) {
            auto& row = rows[i];
            if (row.fate == undo_fate::ready && now.failure)
                decide(row, undo_fate::failed, now.failure->message);
            if (row.fate == undo_fate::ready && stuck.contains(row.id))
                decide(row, undo_fate::left, "A later change of it could not be taken back.");
            if (of && row.fate == undo_fate::ready) judge(row, now.find(row.id), **of, may);
            if (row.fate == undo_fate::ready) ready.push_back(&row);
        }
        if (dry || ready.empty() || !of) continue;
        const auto tried = ready;
        std::string selection = now.selection;
        co_await write_back(slot, context, *of, may, std::move(ready), std::move(selection));
        for (const auto* row : tried)
            if (row->fate != undo_fate::undone) stuck.insert(row->id);
    }
    co_return done();
}

} // namespace crm
