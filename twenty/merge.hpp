// EMAILS, LINKS and PHONES hold a primary value and a list of others, and Twenty replaces the
// whole of them. What an update leaves of the stored ones.
// Threat: a new primary address silently destroys the ones that people collected. Defence:
// stored values stay unless the caller says otherwise.
#pragma once

#include "base/json.hpp"
#include "twenty/identity.hpp"
#include "twenty/schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace twenty {

// Does Twenty replace the whole of such a field?
bool holds_several(field_type type) noexcept;

// What to write so that `stored` becomes what `patch` means. The values of both are kept, each
// once: a new primary moves the old one to the front of the others, given others join the
// stored ones, and null clears what it is given for. With `replace` each given part takes the
// place of the stored one, and only parts that are not given stay. `stored` may be null.
// `notes` says what was kept that the patch does not name.
json::value merge_composite(const field& f, const json::value& stored, const json::value& patch,
                            bool replace, std::vector<std::string>& notes);

} // namespace twenty
