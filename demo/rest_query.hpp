// Targets and query parameters the way Express reads them.
#pragma once

#include "base/text.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace demo {

std::string_view path_of(std::string_view target); // raw, without the query
text::fields query_of(std::string_view target);    // decoded, empty when it cannot be

// The parameter's value when it was given exactly once; a repeated or bracketed one reads as
// absent, which is how Twenty comes to ignore it.
std::optional<std::string> single(const text::fields& query, std::string_view name);

} // namespace demo
