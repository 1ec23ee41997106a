// Compares two answers value by value, as far as a value follows from what a story wrote itself.
#pragma once

#include "base/json.hpp"

#include <string>
#include <vector>

namespace demo_test {

// Human-readable differences, empty when the answers are alike. Times, cursors and ids that the
// server chose need only be there or not be there; without `ordered` lists are sets.
std::vector<std::string> value_differences(const json::value& expected, const json::value& actual,
                                           bool ordered);

} // namespace demo_test
