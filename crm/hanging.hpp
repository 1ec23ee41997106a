// What belongs to records that are merged away: the links of their notes and tasks, attachments,
// timeline entries, and the records that lead to them. Twenty 2.19 moves the latter to the record
// that stays and deletes what leads to one of several objects together with the others
// [twenty-golden-2 merge/058, 059, 072], so those are moved first.
#pragma once

#include "crm/write.hpp"

#include <optional>
#include <string>
#include <vector>

namespace crm {

struct hanging {
    explicit hanging(twenty::readable_object o) : rows(std::move(o)) {}

    twenty::readable_object rows;
    std::string column;            // of the rows: it holds the id of the record they belong to
    std::string name;              // "notes", "opportunities"
    std::vector<std::string> ends; // of rows that only link: the columns of their other ends
    bool moved_by_twenty = false;  // in a merge, and by all versions
    bool is_bookkeeping = false;   // Twenty's own: no reason to leave a merge undone
    bool is_moved_here = true;     // before the merge, so that an undo can bring them back
    json::array found;             // rows to move: id, the columns, updatedAt
    std::int64_t total = 0;        // there are
    std::int64_t doubles = 0;      // links to what the record that stays is linked to as well
    std::optional<error> unread;
};
// By the relations of `of` that lead to many.
std::vector<hanging> kinds_of_hanging(const twenty::object& of, const twenty::access& may);

// Rows that belong to `others`, at most 1,000 of a kind. `keeps`: whose they will be.
async<done> read_hanging(call_slot& slot, const twenty::access& may, const std::string& keeps,
                         const std::vector<std::string>& others, std::vector<hanging>& kinds);

// How many rows move, and what is to be said of the kinds: "moved: notes (3)", for people.
std::int64_t moving(const std::vector<hanging>& kinds);
std::vector<std::string> hanging_lines(const std::vector<hanging>& kinds);
// The first kind of which not all can be moved, though it would be lost.
std::optional<error> unmovable(const std::vector<hanging>& kinds);

// Moves them, told to the journal. A failure names what could not be moved; bookkeeping that could
// not is a note. move_back() is for a merge that was refused.
async<write_end> move_hanging(call_slot& slot, const twenty::access& may, const std::string& keeps,
                              std::vector<hanging>& kinds, std::vector<std::string>& notes);
async<write_end> move_back(call_slot& slot, const twenty::access& may, const std::string& keeps,
                           const std::vector<hanging>& kinds);

} // namespace crm
