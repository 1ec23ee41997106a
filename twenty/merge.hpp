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

// What clears a composite field: every part given as empty, because Twenty takes null for the
// whole without a word and keeps what is there [twenty-golden-2 null/002-005, 026, 029].
json::value cleared_value(const field& f);

// What to write so that `stored` becomes what `patch` means. The values of both are kept, each
// once: a new primary moves the old one to the front of the others, given others join the
// stored ones, and null clears what it is given for; with the primary goes what belongs to it
// (a label, a country). With `replace` the given values take the place of the stored ones, and
// only a primary that is not named stays. `stored` may be null. `notes` says what was kept that
// the patch does not name.
json::value merge_composite(const field& f, const json::value& stored, const json::value& patch,
                            bool replace, std::vector<std::string>& notes);

} // namespace twenty
