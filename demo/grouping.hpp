// Twenty's groupBy: records sorted into groups by fields, parts of fields, buckets of dates, and
// values of the records that a relation leads to.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "demo/store.hpp"

#include <cstdint>
#include <vector>

namespace demo {

inline constexpr std::int64_t default_groups = 50; // without a limit

struct group {
    json::array dimensions;
    std::vector<const record*> rows;
};

// groupBy as [{"stage":true},{"name":{"firstName":true}},{"closeDate":{"granularity":"MONTH",
// "timeZone":"UTC"}},{"company":{"id":true}},{"company":{"name":true}},{"companyId":true}]; zones
// are taken but every date is cut in UTC. Sorted by the dimensions, or by orderBy:
// [{"stage":"AscNullsFirst"}], [{"aggregate":{"countNotEmptyId":"DescNullsLast"}}].
result<std::vector<group>> group_rows(const schema& model, const store& records, const object& on,
                                      const json::value& group_by, const json::value& order_by,
                                      const std::vector<const record*>& rows);

} // namespace demo
