// The database as a visitor sees it, for the program's examination of itself. Hides the database's
// rooms from everybody above, as actors/store_file does.
#pragma once

#include "base/result.hpp"

#include <string>

namespace actors {

// See store::examine().
result<std::string> examine_store(const std::string& path);

} // namespace actors
