// SQL's LIKE over UTF-8.
#pragma once

#include <string_view>

namespace demo {

// SQL LIKE: % is any run of characters, _ is any one, a backslash takes their meaning away.
bool sql_like(std::string_view text, std::string_view pattern);

} // namespace demo
