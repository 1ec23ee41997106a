// The schema as compact Markdown, with as much detail as a byte budget allows.
#pragma once

#include "twenty/access.hpp"

#include <cstddef>
#include <string>

namespace primer {

// Every object that `may` may read is named; detail is dropped level by level until the text
// fits. At the last level the text is cut at the budget, and says so.
std::string snapshot(const twenty::access& may, std::size_t budget);

} // namespace primer
