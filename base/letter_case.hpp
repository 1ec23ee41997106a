// Upper and lower case of any script, as PostgreSQL's ILIKE regards it: letter by letter.
#pragma once

#include <string>
#include <string_view>

namespace text {

// UTF-8 with each letter in lower case; bytes that are no UTF-8 stay as they are. Linear.
std::string lower_letters(std::string_view utf8);
bool same_letters(std::string_view a, std::string_view b);

} // namespace text
