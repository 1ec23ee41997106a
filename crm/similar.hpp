// Records that a new one probably repeats: with the same e-mail address, domain or full name. They
// are shown beside what was created and hinder nothing; upsertBy is for those who know.
#pragma once

#include "crm/workspace.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace crm {

// For each of `created` (values of new records) the stored ones that are probably the same, as a
// list of {id, label, why}, empty for none. One request at most, and none where nothing can be
// compared; what cannot be read is left out.
async<std::vector<json::array>> find_similar(call_slot& slot, const twenty::writable_object& of,
                                             const twenty::access& may,
                                             std::vector<const json::object*> created);

// For each of `created` the first earlier one that is probably the same, by the same rule.
std::vector<std::optional<std::size_t>> find_twins(const twenty::object& of,
                                                   const twenty::access& may,
                                                   const std::vector<const json::object*>& created);

// What is said once beside such a list.
std::string similar_note(const twenty::object& of);

} // namespace crm
