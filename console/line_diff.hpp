// The difference of two texts by lines, in the unified form that diff -u and patch have.
#pragma once

#include <string>
#include <string_view>

namespace console {

// Empty: they are the same. The lines of the middle, between what both begin and end with alike,
// are compared while there are few enough of them; else they are told as taken out and put in.
// Three lines around each change are shown.
std::string line_diff(std::string_view before, std::string_view after, std::string_view before_name,
                      std::string_view after_name);

} // namespace console
