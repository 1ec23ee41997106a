// The rows of a change, as its two bodies in the journal say them.
#include "crm/changes.hpp"
#include "crm/undo_judge.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace crm {

namespace {

constexpr std::array<std::string_view, 8> fates{"ready",      "undone", "already", "conflict",
                                                "impossible", "failed", "unknown", "left"};

const json::object* members(const json::value* in, std::string_view name) {
    const auto* found = in ? in->find(name) : nullptr;
    return found ? found->if_object() : nullptr;
}

// What the bodies say of one record: `said` before the write, `ended` behind it.
void fill(undo_row& row, const json::value* said, const json::value* ended,
          const json::value* for_all) {
    if (said) {
        row.label = std::string(said->text("label"));
        row.seen = std::string(said->text("seen"));
    }
    if (ended) {
        row.left = std::string(ended->text("updatedAt"));
        row.deleted_at = std::string(ended->text("deletedAt"));
    }
    if (const auto* before = members(said, "before")) row.before = *before;
    if (const auto* written = members(said, "written"))
        row.written = *written;
    else if (for_all && for_all->if_object())
        row.written = *for_all->if_object();
    if (const auto* after = members(ended, "after")) {
        row.after = *after;
        row.after_known = true;
    }
    if (row.what != write_kind::update) return;
    for (const auto& [name, _] : row.written)
        if (name != "id" && !row.before.contains(name)) row.lost.push_back(name);
}

// What is known without a look at the record.
void decide_by_change(undo_row& row, const change_record& change, std::optional<write_kind> what,
                      const json::value& begun, const json::value& ended) {
    if (change.state == change_state::refused)
        return decide(row, undo_fate::already, "Nothing was written.");
    if (row.was_undone) return decide(row, undo_fate::already, "It was taken back before.");
    if (!what)
        return decide(row, undo_fate::impossible, "A " + change.effect + " cannot be taken back.");
    if (change.sealed_away || begun.is_null())
        return decide(row, undo_fate::impossible,
                      "Its values cannot be opened with this connection.");
    // What was looked up in vain goes by the record's values alone.
    if (change.state != change_state::done && ended.is_null())
        return decide(row, undo_fate::unknown,
                      "It is not known whether it happened; try again in two minutes.");
    const bool needs_before = *what == write_kind::update || *what == write_kind::merge;
    if (needs_before && row.before.empty())
        decide(row, undo_fate::impossible,
               begun.flag("tooLong") ? "Its values were too long to be kept."
                                     : "What was there before could not be read then.");
}

std::map<std::string, const json::value*> by_id(const json::value& body) {
    std::map<std::string, const json::value*> out;
    for (const auto& row : rows_in(body))
        out.emplace(row.text("id"), &row);
    return out;
}

} // namespace

std::string_view word_of(undo_fate fate) noexcept {
    return fates.at(static_cast<std::size_t>(fate));
}

write_kind back_of(write_kind what) noexcept {
    switch (what) {
    case write_kind::create:
    case write_kind::restore:
        return write_kind::remove;
    case write_kind::remove:
        return write_kind::restore;
    case write_kind::merge:
        return write_kind::create;
    case write_kind::update:
        break;
    }
    return write_kind::update;
}

std::vector<std::string> records_of(const change_record& change) {
    auto ids = change.ids;
    if (ids.empty())
        for (const auto& [id, _] : by_id(parsed_body(change.ended)))
            ids.push_back(id);
    return ids;
}

bool is_undone(const change_record& change) {
    const std::set<std::string_view> undone(change.undone.begin(), change.undone.end());
    const auto ids = records_of(change);
    return !ids.empty() &&
           std::ranges::all_of(ids, [&](const auto& id) { return undone.contains(id); });
}

std::vector<undo_row> undo_rows(const change_record& change) {
    std::vector<undo_row> out;
    const auto what = write_of(change.effect);
    const auto begun = parsed_body(change.begun);
    const auto ended = parsed_body(change.ended);
    const auto told = by_id(begun);
    const auto changed = by_id(ended); // as Twenty said
    const std::set<std::string_view> undone(change.undone.begin(), change.undone.end());
    const std::set<std::string_view> perhaps(change.undone_perhaps.begin(),
                                             change.undone_perhaps.end());
    const auto ids = records_of(change);
    for (const auto& id : ids) {
        const auto said = told.find(id);
        const auto now = changed.find(id);
        // The record that stays is in a merge with what it got of the others.
        const bool is_gone = said != told.end() && said->second->flag("gone");
        const auto did = what == write_kind::merge && !is_gone ? write_kind::update : what;
        // Twenty leaves out what it lacks of several.
        if (change.state == change_state::done && !changed.empty() && now == changed.end() &&
            did != write_kind::merge)
            continue;
        undo_row row;
        row.change = change.id;
        row.number = change.number;
        row.at = change.at;
        row.object = change.object;
        row.id = id;
        row.was_undone = undone.contains(id);
        row.perhaps_undone = perhaps.contains(id);
        if (did) row.what = *did;
        fill(row, said == told.end() ? nullptr : said->second,
             now == changed.end() ? nullptr : now->second, begun.find("written"));
        decide_by_change(row, change, did, begun, ended);
        out.push_back(std::move(row));
    }
    return out;
}

} // namespace crm
