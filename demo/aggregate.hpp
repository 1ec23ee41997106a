// Counts, sums and groups over records, under Twenty's names: countNotEmptyId, avgEmployees,
// sumAmountAmountMicros, percentageEmptyStage...
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "demo/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace demo {

// nullopt when the object has no aggregate of that name.
std::optional<json::value> aggregate(const object& on, std::string_view name,
                                     const std::vector<const record*>& rows);

struct group {
    json::array dimensions;
    std::vector<const record*> rows;
};

// groupBy as [{"stage":true},{"name":{"firstName":true}},{"closeDate":{"granularity":"MONTH",
// "timeZone":"UTC"}}]; zones are taken but every date is cut in UTC. Sorted by the dimensions,
// or by orderBy: [{"stage":"AscNullsFirst"}], [{"aggregate":{"countNotEmptyId":"DescNullsLast"}}].
result<std::vector<group>> group_rows(const object& on, const json::value& group_by,
                                      const json::value& order_by,
                                      const std::vector<const record*>& rows);

} // namespace demo
