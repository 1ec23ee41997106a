#include "crm/undo_judge.hpp"

#include "base/text.hpp"
#include "crm/changes.hpp"
#include "crm/reading.hpp"
#include "twenty/names.hpp"

#include <algorithm>
#include <set>
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

// A delete counts as the change's own so long before and behind it: clocks differ, and a request
// may take its time.
constexpr std::int64_t early = 120; // seconds
constexpr std::int64_t late = 300;

bool is_empty(const json::value& v) {
    const auto* text = v.if_string();
    const auto* list = v.if_array();
    return v.is_null() || (text && text->empty()) || (list && list->empty());
}

// same() knows one value in its several forms: with the milliseconds of a time, a number as a text.
bool same(const json::value& stored, const json::value& written) {
    if (stored == written || (is_empty(stored) && is_empty(written))) return true;
    const auto* is = stored.if_string();
    const auto* was = written.if_string();
    if (is && was) {
        const auto at = text::read_iso_time(*is);
        return at && at == text::read_iso_time(*was);
    }
    if (is && written.is_number()) return *is == json::dump(written);
    return was && stored.is_number() && *was == json::dump(stored);
}

// holds_value() is true of a value in parts whose other parts are empty, or as they were before.
bool holds_value(const json::value& stored, const json::value& written, const json::value* before) {
    const auto* given = written.if_object();
    const auto* there = stored.if_object();
    if (!given || !there) {
        if (given)
            return is_empty(stored) && std::ranges::all_of(*given, [](const auto& part) {
                       return is_empty(part.second);
                   });
        if (there && is_empty(written))
            return std::ranges::all_of(*there,
                                       [](const auto& part) { return is_empty(part.second); });
        return same(stored, written);
    }
    for (const auto& [name, part] : *given)
        if (const auto* is = stored.find(name); is ? !same(*is, part) : !is_empty(part))
            return false;
    for (const auto& [name, part] : *there) {
        if (given->contains(name) || is_empty(part)) continue;
        const auto* was = before ? before->find(name) : nullptr;
        if (!was || !same(part, *was)) return false;
    }
    return true;
}

// compare_row() finds the fields that hold something else than was written.
void compare_row(undo_row& row, const json::value& now, const twenty::object& of,
                 const twenty::access& may) {
    if (!row.after_known) {
        if (holds_written(row, now)) return;
        return decide(row, undo_fate::conflict,
                      "It does not hold what was written; it was changed since.");
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

// show_stamps() is for a record that somebody else wrote to, in fields that the change does not
// know.
void show_stamps(undo_row& row, const json::value& now) {
    json::object both;
    both.append("written", row.left.empty() ? now.text("createdAt") : std::string_view(row.left));
    both.append("now", now.text("updatedAt"));
    row.conflict.append("updatedAt", std::move(both));
    decide(row, undo_fate::conflict, "Somebody else changed it since.");
}

bool is_own_delete(const undo_row& row, const json::value& now) {
    return row.deleted_at.empty() ? was_deleted_then(row, now)
                                  : now.text("deletedAt") == row.deleted_at;
}

void judge_restore(undo_row& row, json::value& now, const std::vector<own_stamps>& own) {
    if (!is_deleted(now))
        return row.perhaps_undone ? decide(row, undo_fate::already, "It is there.")
                                  : decide(row, undo_fate::conflict, "It was restored since.");
    if (!is_only_ours(row, now, own))
        return decide(row, undo_fate::conflict, "It was restored since, and deleted once more.");
    now.if_object()->set("deletedAt", json::value());
}

void judge_remove(undo_row& row, json::value& now, const std::vector<own_stamps>& own,
                  const twenty::object& of, const twenty::access& may) {
    if (is_deleted(now))
        return row.perhaps_undone ? decide(row, undo_fate::already, "It is deleted.")
                                  : decide(row, undo_fate::conflict, "It was deleted since.");
    // Where its values were not read behind a create, the stamps of an untouched record are enough.
    const bool untouched = !asks_whose(row, &now) && !now.text("updatedAt").empty();
    if (row.what == write_kind::create && (row.after_known || !untouched))
        compare_row(row, now, of, may);
    if (row.fate != undo_fate::ready) return;
    if (!is_only_ours(row, now, own)) return show_stamps(row, now);
    now.if_object()->set("deletedAt", "now");
}

void judge_update(undo_row& row, json::value& now, const twenty::object& of,
                  const twenty::access& may) {
    const auto was = kept_values(json::value(row.before), row.before, of, may);
    if (row.after_known && row.lost.empty() && was && *was == row.after)
        return decide(row, undo_fate::already, "It changed nothing.");
    if (is_deleted(now)) return decide(row, undo_fate::conflict, "It was deleted since.");
    if (row.perhaps_undone && holds_before(row, now, of, may))
        return decide(row, undo_fate::already, "It is as it was before.");
    compare_row(row, now, of, may);
    if (row.fate != undo_fate::ready) return;
    for (const auto& [name, was] : row.before)
        now.if_object()->set(name, was);
    if (row.lost.empty()) return;
    row.why = "Not known, and left as they are: " + text::join(row.lost, ", ") + ".";
}

// judge_recreation() is for a record that a merge took away for good: its values are known, and
// what hung on it is told by changes of its own.
void judge_recreation(undo_row& row, const json::value* now) {
    if (now)
        return row.perhaps_undone ? decide(row, undo_fate::already, "It is there.")
                                  : decide(row, undo_fate::conflict, "There is such a record.");
    row.why =
        "Made anew, with its values and its id. Mails, files and what Twenty itself kept of it "
        "do not come back, nor do links to what the other record was linked to as well.";
}

} // namespace

bool holds_before(const undo_row& row, const json::value& now, const twenty::object& of,
                  const twenty::access& may) {
    const auto held = kept_values(now, row.before, of, may);
    const auto was = kept_values(json::value(row.before), row.before, of, may);
    return held && was && *held == *was;
}

bool holds_written(const undo_row& row, const json::value& now) {
    return std::ranges::all_of(row.written, [&](const auto& field) {
        const auto& [name, written] = field;
        if (name == "id" || name == "position") return true;
        const auto* there = now.find(name);
        return there ? holds_value(*there, written, row.before.find(name)) : false;
    });
}

bool was_deleted_then(const undo_row& row, const json::value& now) {
    const auto at = text::read_iso_time(now.text("deletedAt"));
    return at && *at >= row.at - early && *at <= row.at + late;
}

bool asks_whose(const undo_row& row, const json::value* now) {
    if (!now || row.what == write_kind::update || row.what == write_kind::merge) return false;
    if (row.what == write_kind::remove) return is_deleted(*now) && !is_own_delete(row, *now);
    if (is_deleted(*now)) return false;
    const std::string_view base =
        row.what == write_kind::create ? now->text("createdAt") : std::string_view(row.left);
    return !base.empty() && !now->text("updatedAt").empty() && base != now->text("updatedAt");
}

bool is_only_ours(const undo_row& row, const json::value& now, const std::vector<own_stamps>& own) {
    if (!asks_whose(row, &now)) return true;
    if (row.what == write_kind::remove)
        return std::ranges::any_of(own, [&](const auto& change) {
            return change.number > row.number && change.deleted_at == now.text("deletedAt");
        });
    std::set<std::string_view> ours;
    ours.insert(row.what == write_kind::create ? now.text("createdAt")
                                               : std::string_view(row.left));
    if (!row.left.empty()) ours.insert(row.left);
    // A mutation that was written by hand may not answer its stamp; the next change has seen it.
    bool is_known = true;
    for (const auto& change : own) {
        if (change.number <= row.number) continue;
        if (is_known && !change.seen.empty() && !ours.contains(change.seen)) return false;
        if (!is_known) ours.insert(change.seen);
        is_known = !change.left.empty();
        if (is_known) ours.insert(change.left);
    }
    return ours.contains(now.text("updatedAt"));
}

void judge(undo_row& row, json::value* now, const std::vector<own_stamps>& own,
           const twenty::object& of, const twenty::access& may) {
    if (row.fate != undo_fate::ready) return;
    if (row.what == write_kind::merge) return judge_recreation(row, now);
    if (!now)
        return back_of(row.what) == write_kind::remove
                   ? decide(row, undo_fate::already, "There is no such record any more.")
                   : decide(row, undo_fate::impossible, "The record was destroyed since.");
    row.now = *now;
    switch (back_of(row.what)) {
    case write_kind::restore:
        return judge_restore(row, *now, own);
    case write_kind::remove:
        return judge_remove(row, *now, own, of, may);
    case write_kind::update:
    case write_kind::create:
    case write_kind::merge:
        return judge_update(row, *now, of, may);
    }
}

} // namespace crm
