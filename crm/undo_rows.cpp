// The rows of a change, as its two bodies in the journal say them.
#include "crm/changes.hpp"
#include "crm/undo_judge.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace crm {

namespace {

constexpr std::array<std::string_view, 8> fates{"ready",      "undone", "already", "conflict",
                                                "impossible", "failed", "unknown", "left"};

write_kind back_of(write_kind what) {
    switch (what) {
    case write_kind::create:
    case write_kind::restore:
        return write_kind::remove;
    case write_kind::remove:
        return write_kind::restore;
    case write_kind::update:
        break;
    }
    return write_kind::update;
}

const json::object* members(const json::value* in, std::string_view name) {
    const auto* found = in ? in->find(name) : nullptr;
    return found ? found->if_object() : nullptr;
}

// What the bodies say of one record: `said` before the write, `ended` behind it.
void fill(undo_row& row, const json::value* said, const json::value* ended,
          const json::value* for_all) {
    if (said) row.label = std::string(said->text("label"));
    if (const auto* before = members(said, "before")) row.before = *before;
    if (const auto* written = members(said, "written"))
        row.written = *written;
    else if (for_all && for_all->if_object())
        row.written = *for_all->if_object();
    if (const auto* after = members(ended, "after")) {
        row.after = *after;
        row.after_known = true;
    }
}

// What is known without a look at the record.
void decide_by_change(undo_row& row, const change_record& change, std::optional<write_kind> what,
                      const json::value& begun) {
    if (row.was_undone) return decide(row, undo_fate::already, "It was taken back before.");
    if (change.state == change_state::refused)
        return decide(row, undo_fate::already, "Twenty refused it; nothing was written.");
    if (!what)
        return decide(row, undo_fate::impossible, "A " + change.effect + " cannot be taken back.");
    if (change.sealed_away || begun.is_null())
        return decide(row, undo_fate::impossible,
                      "Its values cannot be opened with this connection.");
    if (change.state != change_state::done)
        return decide(row, undo_fate::unknown,
                      "It is not known whether it happened; try again in two minutes.");
    if (*what == write_kind::update && row.before.empty())
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

std::vector<undo_row> undo_rows(const change_record& change) {
    std::vector<undo_row> out;
    const auto what = write_of(change.effect);
    const auto begun = parsed_body(change.begun);
    const auto ended = parsed_body(change.ended);
    const auto told = by_id(begun);
    const auto changed = by_id(ended); // as Twenty said
    auto ids = change.ids;
    if (ids.empty()) // a document's create, whose ids are Twenty's
        for (const auto& [id, _] : changed)
            ids.push_back(id);
    for (const auto& id : ids) {
        const auto said = told.find(id);
        const auto now = changed.find(id);
        // Twenty leaves out what it lacks of several.
        if (!changed.empty() && now == changed.end()) continue;
        undo_row row;
        row.change = change.id;
        row.object = change.object;
        row.id = id;
        row.was_undone = std::ranges::find(change.undone, id) != change.undone.end();
        if (what) row.back = back_of(*what);
        fill(row, said == told.end() ? nullptr : said->second,
             now == changed.end() ? nullptr : now->second, begun.find("written"));
        // A restore wrote nothing that could be compared.
        if (what == write_kind::restore) row.after_known = true;
        decide_by_change(row, change, what, begun);
        out.push_back(std::move(row));
    }
    return out;
}

} // namespace crm
