#include "crm/undo_judge.hpp"

#include "base/text.hpp"
#include "crm/changes.hpp"
#include "crm/reading.hpp"
#include "twenty/names.hpp"

#include <utility>

namespace crm {

void present::add(json::value record) {
    auto id = text::lower(record.text("id"));
    records_.insert_or_assign(std::move(id), std::move(record));
}

json::value* present::find(const std::string& id) {
    const auto at = records_.find(id);
    return at == records_.end() ? nullptr : &at->second;
}

async<done> read_present(call_slot& slot, const twenty::readable_object& of,
                         const twenty::access& may, std::vector<std::string> ids,
                         const json::object& fields, present& out) {
    twenty::wanted_fields want = written_fields(of, may, fields);
    request_maker make = [&of, &ids](const std::string& selection) {
        return result<twenty::request>(twenty::records_request(of, ids, selection, true));
    };
    reading read =
        co_await read_root(slot, of, may, std::move(want), std::move(make), twenty::root_many(of));
    if (read.failure) {
        out.failure = std::move(read.failure);
        co_return done();
    }
    out.selection = std::move(read.selection);
    for (auto& node : read.take_nodes())
        out.add(std::move(node));
    co_return done();
}

bool is_deleted(const json::value& record) { return !record.text("deletedAt").empty(); }

json::value parsed_body(const std::string& body) {
    auto read = json::parse(body, json::upstream);
    return read ? std::move(read).value() : json::value();
}

const json::array& rows_in(const json::value& body) {
    static const json::array none;
    const auto* rows = body.find("rows");
    const auto* listed = rows ? rows->if_array() : nullptr;
    return listed ? *listed : none;
}

void decide(undo_row& row, undo_fate fate, std::string why) {
    row.fate = fate;
    row.why = std::move(why);
}

namespace {

// covers() holds what was written against what is stored, part by part: Twenty adds parts that were
// not given, and the milliseconds of a time.
bool covers(const json::value& stored, const json::value& written) {
    if (const auto* parts = written.if_object()) {
        for (const auto& [name, part] : *parts) {
            const auto* there = stored.find(name);
            if (name != "id" && !(there ? covers(*there, part) : part.is_null())) return false;
        }
        return true;
    }
    const auto* is = stored.if_string();
    const auto* was = written.if_string();
    if (is && was && *is != *was) {
        const auto at = text::read_iso_time(*is);
        return at && at == text::read_iso_time(*was);
    }
    return stored == written;
}

// compare_row() finds the fields that hold something else than was written. An undo of a create
// whose values were never read back goes by Twenty's own stamps.
void compare_row(undo_row& row, const json::value& now, const twenty::object& of,
                 const twenty::access& may) {
    if (!row.after_known && !row.written.empty() && covers(now, json::value(row.written))) return;
    if (!row.after_known) {
        if (row.back == write_kind::remove && !now.text("createdAt").empty() &&
            now.text("createdAt") == now.text("updatedAt"))
            return;
        return decide(row, undo_fate::conflict,
                      "What was written was not read back then, so nobody can tell whether it was "
                      "changed since.");
    }
    const auto held = kept_values(now, row.after, of, may);
    if (!held) return decide(row, undo_fate::conflict, "It cannot be read now.");
    for (const auto& [name, written] : row.after) {
        const auto* is = held->find(name);
        if (is && *is == written) continue;
        json::object both;
        both.append("written", written);
        both.append("now", is ? *is : json::value());
        row.conflict.append(name, std::move(both));
    }
    if (!row.conflict.empty()) decide(row, undo_fate::conflict, "It was changed since.");
}

} // namespace

bool holds_before(const undo_row& row, const json::value& now, const twenty::object& of,
                  const twenty::access& may) {
    const auto held = kept_values(now, row.before, of, may);
    const auto was = kept_values(json::value(row.before), row.before, of, may);
    return held && was && *held == *was;
}

void judge(undo_row& row, json::value* now, const twenty::object& of, const twenty::access& may) {
    if (row.fate != undo_fate::ready) return;
    if (!now)
        return row.back == write_kind::remove
                   ? decide(row, undo_fate::already, "There is no such record any more.")
                   : decide(row, undo_fate::impossible, "The record was destroyed since.");
    row.now = *now;
    const bool deleted = is_deleted(*now);
    if (row.back == write_kind::restore) {
        if (!deleted) return decide(row, undo_fate::conflict, "It was restored since.");
        now->if_object()->set("deletedAt", json::value());
    } else if (row.back == write_kind::remove) {
        if (deleted) return decide(row, undo_fate::conflict, "It was deleted since.");
        if (!row.after.empty() || !row.after_known) compare_row(row, *now, of, may);
        if (row.fate == undo_fate::ready) now->if_object()->set("deletedAt", "now");
    } else {
        if (deleted) return decide(row, undo_fate::conflict, "It was deleted since.");
        compare_row(row, *now, of, may);
        if (row.fate != undo_fate::ready) return;
        for (const auto& [name, was] : row.before)
            now->if_object()->set(name, was);
    }
}

} // namespace crm
