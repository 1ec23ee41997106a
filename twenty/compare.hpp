// Conditions on one column: operators as models write them, values checked by the column's
// type. The half of prepare_filter() that knows nothing of objects and relations.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/days.hpp"
#include "twenty/operators.hpp"
#include "twenty/schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace twenty {

// One comparable thing: a scalar field, a part of a composite, a join column.
struct column {
    std::string path; // for messages
    field_type type;
    const field* options = nullptr; // the field whose choices apply
    std::vector<std::string> steps; // from the object to the column: company, name
};

// Filter objects of one operator each, all of which must hold. `v` is an object of operators,
// or a bare value. Repairs are appended to `notes`.
result<json::array> compare(const column& c, const json::value& v, const moment& at,
                            std::vector<std::string>& notes);

} // namespace twenty
