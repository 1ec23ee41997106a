// Views that people have saved in Twenty: found by name, and applied as filter, order and columns.
#pragma once

#include "base/json.hpp"
#include "crm/workspace.hpp"
#include "twenty/days.hpp"

#include <string>
#include <vector>

namespace crm {

// All but `identity` is as a caller would have written it, and is checked like that.
struct applied_view {
    std::string name;
    json::value identity; // the view as it is saved; belongs into a cursor
    json::value filter = json::object();
    std::string words; // its full-text search
    json::value order = json::array();
    std::vector<std::string> fields;
    std::vector<std::string> notes;
};

// The view of that name or id. Views of one person and those that list no records are none.
// errc::not_found with the names there are, errc::bad_request when several have the name or when
// it filters by something that can't be applied. Its days are days of the zone of `when`. One
// request.
async<result<applied_view>> read_view(call_slot& slot, const twenty::readable_object& of,
                                      const twenty::access& may, std::string name,
                                      twenty::moment when);

} // namespace crm
