// What a timeline entry says of a change, in short. Twenty keeps whole copies of records in its
// properties, the texts of mails among them.
#pragma once

#include "base/json.hpp"

#include <string_view>

namespace twenty {

// {diff:{field:{before, after}}} with short values, at most 8 fields. Without a diff null: the
// record itself says more than its copy, and a mail's or meeting's may be private.
json::value short_properties(const json::value& properties);

} // namespace twenty
