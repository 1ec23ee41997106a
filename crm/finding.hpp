// Searching by words for tools: what the key's role refuses is learnt and left out.
#pragma once

#include "crm/workspace.hpp"
#include "twenty/search.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace crm {

struct search_found {
    std::vector<twenty::hit> hits; // of objects that were asked for; ids are UUIDs
    bool cut = false;              // as many as were asked for: there may be more
    std::vector<std::string> notes;
    std::optional<error> failure;
    bool stale_schema = false;
};

// Looks for the words in those objects. One request; three for the first search of a session
// whose key may not read all of them: Twenty refuses the whole search then and does not say why,
// so each object is asked for once, and what refused is left out, with a note.
async<search_found> search_workspace(call_slot& slot, const twenty::access& may, std::string words,
                                     std::vector<twenty::readable_object> in, int limit);

// By id: what tells hits of one kind apart, of namesakes as well: a person's company and e-mail,
// a company's domain, an opportunity's company and stage. One request, and none while there is
// no kind with two hits.
using told_apart = std::map<std::string, std::string, std::less<>>;
async<told_apart> read_told_apart(call_slot& slot, const twenty::access& may,
                                  const std::vector<twenty::hit>& hits);

} // namespace crm
