// Listings by search words: which records have them, and in which order.
#pragma once

#include "crm/listing.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>

namespace crm {

using ranks = std::map<std::string, std::size_t, std::less<>>; // by id

// Puts the ids that have the words beside the filter. Twenty has no filter by words: its search
// gives the ids, at most most_hits.
async<result<ranks>> find_words(call_slot& slot, listing& l, const twenty::access& may);
// The part of a ranked listing that is shown: sorted by rank, from its position on.
void sort_by_rank(json::array& edges, const listing& l, const ranks& by);

} // namespace crm
