// Twenty's search across objects.
#pragma once

#include "base/json.hpp"
#include "demo/session.hpp"

#include <cstdint>
#include <string_view>

namespace demo {

// The connection that the root field `search` answers: hits in all searchable objects that the
// caller may read, best first; `only` and `without` are lists of object names or null.
json::value search_records(const session& with, std::string_view text, std::int64_t limit,
                           const json::value& only, const json::value& without);

} // namespace demo
