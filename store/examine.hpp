// Looks at a database from outside, beside a service that may have it open.
#pragma once

#include "base/result.hpp"

#include <string>

namespace store {

// SQLite's own quick check, and the file's version: "version 6, no damage". errc::unavailable: it
// cannot be opened, is damaged, or is not this program's.
result<std::string> examine(const std::string& path);

} // namespace store
