// How a stored record is shown, what of it is searched, and small facts about values.
#pragma once

#include "base/json.hpp"
#include "demo/roles.hpp"
#include "demo/store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace demo {

// A field's value as answers show it: empty texts for null, whole composites.
json::value shown(const field& f, const record& r);

// All stored columns that the role may read, as a REST answer at depth 0 shows them.
json::object shown(const object& o, const record& r, const permissions& rights);

// The text that people know the record by.
std::string label_of(const object& o, const record& r);

// The position of a value among its field's options, -1 when it is none of them.
int option_index(const field& f, const json::value& v);

} // namespace demo
