// Exact comparisons of texts made ones that take upper and lower case as the same.
#pragma once

#include "base/json.hpp"
#include "twenty/access.hpp"
#include "twenty/schema.hpp"

#include <optional>

namespace twenty {

// A prepared filter with `ilike` in the place of each `eq` on a text: its own letters, no
// wildcards. nullopt when it compares none so. E-mails, phones and links are not among them: their
// comparisons disregard case already (twenty/identity).
std::optional<json::value> without_case(const json::value& filter, const object& of,
                                        const access& may);

} // namespace twenty
