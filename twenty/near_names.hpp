// Names that an object lacks: what they can only mean, and what they may have meant.
#pragma once

#include "twenty/access.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twenty {

// The one part of a composite field that a plain name means ("firstName": name.firstName), or
// nothing: none, several, or a name that the object has itself. Never a typing error: a field may
// be newer than the schema we hold.
std::optional<std::string> meant_path(const access& may, const object& of, std::string_view name);

// At most three fields or parts that `name` may have meant, best first: parts, names and words of
// names with one typing error (titel: jobTitle), then near names.
std::vector<std::string> near_paths(const access& may, const object& of, std::string_view name);

} // namespace twenty
