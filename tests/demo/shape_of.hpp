// Compares the shape of two answers: the same members with the same types, the same codes and
// messages, whatever the data. Shared by the replay of recordings and of our own fixtures.
#pragma once

#include "base/json.hpp"

#include <string>
#include <vector>

namespace demo_test {

// Human-readable differences, empty when the shapes agree. What is expected may be an answer or a
// shape of tests/demo/shapes. Lists agree when their first
// elements do; a null agrees with any value except where an answer's data begins.
std::vector<std::string> shape_differences(const json::value& expected, const json::value& actual);

// A message without what depends on the data: ids, database names, parser wording.
std::string message_pattern(std::string message);

} // namespace demo_test
