// The little languages in Twenty's REST parameters, read with the real server's habits: blanks
// count, brackets must balance even inside quotes, an apostrophe opens a quote.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace demo {

// "and(name.firstName[ilike]:%a%,companyId[is]:NULL)" -> the JSON filter; values stay text.
result<json::value> parse_rest_filter(std::string_view filter);

// "createdAt[DescNullsLast],name.firstName" -> the JSON sort order.
result<json::value> parse_rest_order(std::string_view order);

// nullopt stands for "not given". Limit: 60 by default, 200 at most. Depth: 0 or 1.
result<std::int64_t> parse_rest_limit(const std::optional<std::string>& limit);
result<int> parse_rest_depth(const std::optional<std::string>& depth);

} // namespace demo
