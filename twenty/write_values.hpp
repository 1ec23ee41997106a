// One field's value checked and put into the form in which Twenty stores it. The half of
// prepare_create() and prepare_update() that knows nothing of objects.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/schema.hpp"

#include <string>
#include <vector>

namespace twenty {

// Repairs are appended to `notes`. errc::bad_request says what would be right.
result<json::value> write_value(const field& f, const json::value& v,
                                std::vector<std::string>& notes);

} // namespace twenty
