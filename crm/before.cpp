#include "crm/before.hpp"

#include "base/text.hpp"
#include "crm/reading.hpp"
#include "twenty/names.hpp"
#include "twenty/shape.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace crm {

namespace {

using state = batch_row::state;

// take_in() puts what is stored into `data`, or says why the record cannot be updated as it wants.
result<done> take_in(twenty::prepared_data& data, const twenty::object& of,
                     const json::value& stored, const std::vector<std::string>& notes) {
    // Twenty would change a deleted record and leave it deleted, so that nobody sees the change.
    if (!stored.text("deletedAt").empty()) return deleted_record(of, stored.text("id"));
    // Without the stored parts an update would silently clear them.
    for (const auto& name : data.merge)
        if (!stored.find(name))
            return unreadable(notes.empty() ? "\"" + name + "\" could not be read."
                                            : notes.front());
    return twenty::merge_stored(data, of, stored);
}

// A key that may write what it may not read can still do what needs no reading.
bool goes_unread(const error& why, bool needs_stored) {
    return why.code == errc::not_allowed && !needs_stored;
}

// not_written() tells a failure of the read before the write from one of the write itself.
crm_outcome not_written(crm_outcome before) {
    const auto code = before.failure->code;
    if (code == errc::upstream_down || code == errc::upstream_timeout)
        before.failure->message += " Nothing was written.";
    return before;
}

void settle(batch& all, batch_row& row, const json::value& stored,
            const std::vector<std::string>& notes) {
    const bool is_deleted = !stored.text("deletedAt").empty();
    row.before = stored;
    if (row.what == write_kind::update) {
        auto merged = take_in(row.data, all.of, stored, notes);
        if (!merged) all.fail(row, merged.failure());
    } else if (is_deleted == (row.what == write_kind::remove)) {
        row.now = state::done;
        row.stored = stored;
        // A record that is deleted or restored already is done; Twenty would stamp it anew.
        ++all.so_already;
    }
}

// go_on_unread() lets a batch go on without what was stored where nothing depends on it.
void go_on_unread(batch& all, reading& read, bool needs_stored) {
    if (goes_unread(*read.failure, needs_stored)) {
        all.notes.emplace_back("What was stored before could not be read.");
    } else if (read.stale_schema) {
        all.stale.emplace();
        all.stale->failure = std::move(read.failure);
        all.stale->stale_schema = true;
    } else {
        all.stopped = std::move(read.failure);
        if (all.stopped->code == errc::too_large)
            all.stopped->message = "What these records hold is too long to be read at once, "
                                   "and so nothing was changed; give fewer " +
                                   std::string(all.argument) + " a call.";
    }
}

} // namespace

async<stored_record> read_stored(call_slot& slot, const twenty::readable_object& of,
                                 const twenty::access& may, std::string id,
                                 const json::object& fields, bool needs_stored) {
    stored_record out;
    twenty::wanted_fields want = written_fields(of, may, fields);
    request_maker make = [&of, &id](const std::string& selection) {
        // Deleted records are read too, to be told from those that are not there.
        return twenty::get_request(of, id, selection, true);
    };
    reading read =
        co_await read_root(slot, of, may, std::move(want), std::move(make), twenty::root_one(of));
    if (read.failure && goes_unread(*read.failure, needs_stored)) {
        out.notes.emplace_back("What was stored before could not be read.");
        co_return out;
    }
    if (read.failure && read.failure->code == errc::not_found)
        out.failure = failed(missing_record(of));
    else if (read.failure)
        out.failure = not_written(failed(read));
    else if (read.root.text("id").empty())
        out.failure = failed(twenty::unexpected_form());
    if (out.failure) co_return out;
    out.record = std::move(read.root);
    out.selection = std::move(read.selection);
    out.notes = std::move(read.notes);
    co_return out;
}

// read_before() gives up where an update cannot be safe: there is no such record, it is deleted, or
// a value of several parts cannot be read. Where only "before" would be missing it goes on.
async<stored_record> read_before(call_slot& slot, const twenty::readable_object& of,
                                 const twenty::access& may, std::string id,
                                 twenty::prepared_data& data) {
    stored_record out =
        co_await read_stored(slot, of, may, std::move(id), data.values, !data.merge.empty());
    if (out.failure || out.record.is_null()) co_return out;
    auto merged = take_in(data, of, out.record, out.notes);
    if (!merged) out.failure = failed(merged.failure());
    co_return out;
}

async<stored_record> read_state(call_slot& slot, const twenty::readable_object& of,
                                const twenty::access& may, std::string id) {
    const json::object nothing;
    co_return co_await read_stored(slot, of, may, std::move(id), nothing, false);
}

void leave_out_stamps(twenty::wanted_fields& want, const json::object& written,
                      const call_slot& slot) {
    const bool keeps = slot.context->keeps_changes;
    std::erase_if(want.fields, [&](const auto& f) {
        return (f == "createdAt" || (f == "updatedAt" && !keeps)) && !written.contains(f);
    });
}

async<done> read_before(call_slot& slot, batch& all) {
    std::vector<std::string> ids;
    // One selection serves all rows, so it has what any of them writes.
    json::object written;
    bool needs_stored = false;
    for (const auto& row : all.rows) {
        if (row.now != state::waiting || row.what == write_kind::create) continue;
        ids.push_back(row.id);
        needs_stored = needs_stored || !row.data.merge.empty();
        for (const auto& [name, _] : row.data.values)
            if (!written.contains(name)) written.append(name, json::value());
    }
    if (ids.empty()) co_return done();
    twenty::wanted_fields want = written_fields(all.of, all.may, written);
    leave_out_stamps(want, written, slot);
    request_maker make = [&all, &ids](const std::string& selection) {
        return result<twenty::request>(twenty::records_request(all.of, ids, selection, true));
    };
    reading read = co_await read_root(slot, all.of, all.may, std::move(want), std::move(make),
                                      twenty::root_many(all.of));
    if (read.failure) {
        go_on_unread(all, read, needs_stored);
        co_return done();
    }
    all.selection = std::move(read.selection);
    const auto nodes = twenty::connection_nodes(std::move(read.root));
    std::map<std::string, const json::value*> stored;
    if (const auto* listed = nodes.if_array())
        for (const auto& node : *listed)
            stored.emplace(text::lower(node.text("id")), &node);
    for (auto& row : all.rows) {
        if (row.now != state::waiting || row.what == write_kind::create) continue;
        const auto found = stored.find(row.id);
        if (found == stored.end())
            all.fail(row, missing_record(all.of));
        else
            settle(all, row, *found->second, read.notes);
    }
    all.notes.insert(all.notes.end(), read.notes.begin(), read.notes.end());
    co_return done();
}

json::object changed_from(const json::value& before, const json::value& after,
                          const json::object& values, const twenty::object& of,
                          const twenty::access& may) {
    json::object out;
    // Compact records are compared, because a value may come back in another form than it is shown.
    const auto was = twenty::compact_record(before, of, may);
    const auto is = twenty::compact_record(after, of, may);
    for (const auto& [name, _] : values) {
        if (!before.find(name) || !after.find(name)) continue;
        const auto* old = was.find(name);
        const auto* now = is.find(name);
        const bool same = old && now ? *old == *now : old == now;
        if (!same) out.append(name, old ? *old : json::value());
    }
    return out;
}

void show_cleared(json::value& record, const json::value& stored, const json::object& values) {
    auto* members = record.if_object();
    if (!members) return;
    for (const auto& [name, _] : values) {
        const auto* now = stored.find(name);
        if (name == "id" || !now || members->contains(name)) continue;
        // A position is in no compact record, and yet is what was written.
        members->append(name, now->is_number() ? *now : json::value());
    }
}

std::vector<std::string> links_to_deleted(const json::value& stored, const json::object& values,
                                          const twenty::object& of) {
    std::vector<std::string> notes;
    for (const auto& [name, given] : values) {
        const auto* now = stored.find(name);
        if (given.if_string() && now && now->is_null() && of.find_join(name))
            notes.push_back("\"" + name +
                            "\" is stored and reads as empty: the record that it names is deleted. "
                            "restore_record brings that back, or link another one.");
    }
    return notes;
}

} // namespace crm
