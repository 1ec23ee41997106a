// Texts that are the same but for upper and lower case.
#pragma once

#include "base/json.hpp"
#include "twenty/access.hpp"
#include "twenty/schema.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace twenty {

// A text as a part of a LIKE pattern: it stands for itself, wildcards and all.
std::string literal_pattern(std::string_view text);
// {"ilike": …}: this text, in any case.
json::value same_text(std::string_view text);

// A prepared filter with `ilike` in the place of each `eq` on a text: its own letters, no
// wildcards. nullopt when it compares none so. E-mails, phones and links are not among them: their
// comparisons disregard case already (twenty/identity).
std::optional<json::value> without_case(const json::value& filter, const object& of,
                                        const access& may);

} // namespace twenty
