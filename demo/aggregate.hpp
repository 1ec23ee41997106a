// Counts and sums over records, under Twenty's names: countNotEmptyId, avgEmployees,
// sumAmountAmountMicros, percentageEmptyStage...
#pragma once

#include "base/json.hpp"
#include "demo/store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace demo {

// nullopt when the object has no aggregate of that name.
std::optional<json::value> aggregate(const object& on, std::string_view name,
                                     const std::vector<const record*>& rows);

// What the field, or the part of a field, behind "AmountAmountMicros" or "Stage" is in a record;
// nullopt when there is none. The object outlives it.
using value_of = std::function<json::value(const record&)>;
std::optional<value_of> find_value(const object& on, std::string_view tail);

} // namespace demo
