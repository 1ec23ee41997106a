// What a person sees of the changes that a connection has made: by day, by record, before and
// after. Rendering only; the changes come as list_changes and undo_changes tell them.
#pragma once

#include "base/json.hpp"
#include "oauth/types.hpp"

#include <string>
#include <vector>

namespace web {

struct changes_view {
    std::string ticket;
    oauth::grant_summary of;
    json::value listed;  // of list_changes: {"changes", "cursor"}
    json::value values;  // of the same changes by their ids, as far as there was room; may be null
    std::string record;  // "company ID": of this one alone; empty: of all
    json::value undone;  // of undo_changes, where something was just taken back; else null
    std::string problem; // why something could not be shown or done; empty: nothing
    std::string quota;   // what it may still change, in words; empty: not known
};
std::string render_changes(const changes_view& view);

} // namespace web
