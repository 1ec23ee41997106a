// Merging records into one: merge_records' work. Twenty merges and deletes the others for good;
// what it would lose with them is moved first, what the others held is kept in the change journal,
// and the person is always asked.
#pragma once

#include "crm/hanging.hpp"
#include "crm/workspace.hpp"

#include <string>
#include <vector>

namespace crm {

// What a merge would come to, by what is stored now and by Twenty's dry run.
struct merge_view {
    std::vector<std::string> ids;    // the first stays
    std::vector<json::value> stored; // beside them, as Twenty answered
    json::value merged;              // as it will be, under another id
    json::object written;            // what changes of the one that stays
    std::string selection;           // what Twenty merges: what the key may read
    std::vector<hanging> kinds;
    std::vector<std::string> warnings; // what is lost
    std::optional<crm_outcome> failure;
};
async<merge_view> look_at_merge(call_slot& slot, const twenty::writable_object& of,
                                const twenty::access& may, std::vector<std::string> ids);

// The values that a record can be made anew with, as Twenty stores them, and its updatedAt.
json::value lasting_values(const json::value& record, const twenty::object& of,
                           const twenty::access& may);

// Moves, merges, and tells the journal. A merge that Twenty refuses moves back what was moved.
async<write_end> carry_out_merge(call_slot& slot, const call_context& context,
                                 const twenty::writable_object& of, const twenty::access& may,
                                 merge_view& view, std::vector<std::string>& notes);

} // namespace crm
