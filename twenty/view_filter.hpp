// The filters of saved views, as Twenty keeps them (operand and value, no operators), made into a
// filter as a caller would write it.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/days.hpp"
#include "twenty/schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace twenty {

struct view_filter {
    const twenty::field* of = nullptr;
    std::string operand; // ViewFilterOperand: IS, CONTAINS, IS_RELATIVE, …
    json::value value;   // a text or a list; older servers keep lists as JSON in a text
    std::string part;    // subFieldName, may be empty
};

// Unchecked: prepare_filter comes next. Days begin and end in the zone of
// `when`, or in that which a relative span names. errc::bad_request when the field's type and
// operand have no such filter, or the value is of another form.
result<json::value> filter_of_view(const view_filter& f, const moment& when);

// Every operand that Twenty has, for tests; VECTOR_SEARCH is a search and no filter.
const std::vector<std::string_view>& view_operands();

} // namespace twenty
