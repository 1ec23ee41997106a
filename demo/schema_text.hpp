// Reads the notation of schema.txt, which is explained there.
#pragma once

#include "demo/schema.hpp"

#include <deque>
#include <string_view>

namespace demo {

// One field line. The text is part of the program, so it is trusted to be well formed; a test
// reads all of it.
field parse_field(std::string_view line);

// The embedded schema.txt. Fields as written there: no standard fields, no inverse sides.
std::deque<object> parse_schema_text();

} // namespace demo
