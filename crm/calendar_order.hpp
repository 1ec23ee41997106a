// Groups by days of the week, months or quarters of the year, in the order of the calendar. Twenty
// names them ("Monday", "March", "Q2") and can sort by the letters alone.
#pragma once

#include "base/json.hpp"
#include "twenty/query.hpp"

namespace crm {

// Is there such a group, and no order that the caller wants?
bool comes_by_calendar(const twenty::aggregation& what);

// Sorts Twenty's groups by the calendar, within years and days where these are grouped by as well;
// what is equal in that keeps its order. False: they keep the order of the request, because a name
// makes two dimensions of one group.
bool sort_by_calendar(json::array& groups, const twenty::aggregation& what,
                      const twenty::aggregate_request& asked);

} // namespace crm
