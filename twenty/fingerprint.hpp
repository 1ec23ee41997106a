// Are two data models the same, as far as anybody who reads them can tell?
#pragma once

#include "twenty/schema.hpp"

#include <string>

namespace twenty {

// 32 bytes. The order in which Twenty lists fields does not matter, their ids neither.
std::string fingerprint(const schema& model);

} // namespace twenty
