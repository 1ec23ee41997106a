// Records that are probably the same, among those that are stored: find_duplicates' work. What two
// of them share is compared here, in any spelling; Twenty's own search compares names by case and
// additional addresses never.
#pragma once

#include "crm/telling.hpp"
#include "crm/workspace.hpp"

#include <set>
#include <string>
#include <vector>

namespace crm {

// Records that share something, by their places in the list, with what they share.
struct alike {
    std::vector<std::size_t> members; // two or more, in their order
    std::set<std::string_view> why;   // reason()s
    bool only_by_name = true;
};
// Who shares something with a third one is in one group with both. First those that share more than
// a name, then the larger ones.
std::vector<alike> group_alike(const std::vector<const twenty::field*>& fields,
                               const json::array& records);

// Those among an object's records, as {"groups": [{why, records}]}.
async<crm_outcome> duplicates_among(call_slot& slot, const twenty::readable_object& of,
                                    const twenty::access& may);
// Those of one record, as {id, label, "duplicates": [{id, label, createdAt, why}]}.
async<crm_outcome> duplicates_of(call_slot& slot, const twenty::readable_object& of,
                                 const twenty::access& may, std::string id);

} // namespace crm
