// The deadly half of base/fault_point.hpp: where a crash test wants the process to end.
#pragma once

#include <string>

namespace faults {

// The process kills itself when it passes `point` for the `passing`-th time from now on. The
// same is done by a file with both, named by the environment variable FAULT_POINT_FILE, from the
// moment it appears; the process removes it before it dies, so that who put it there sees that
// it was this point.
void arm(const std::string& point, int passing = 1);

} // namespace faults
