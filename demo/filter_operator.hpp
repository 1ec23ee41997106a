// One operator of a filter on one value, as Twenty checks and compares it.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "demo/values.hpp"

#include <functional>
#include <string_view>

namespace demo {

// A stored value meets the operator; null is a value, too.
using value_test = std::function<bool(const json::value&)>;

// Refuses operators that the kind of leaf does not have, and operands that it cannot read.
// `lenient`: operands came as text (REST).
result<value_test> compile_operator(const leaf_of& of, std::string_view op,
                                    const json::value& operand, bool lenient);

// The operator asks for the empty text, which is null to Twenty.
bool is_empty_text(const leaf_of& of, std::string_view op, const json::value& operand);

} // namespace demo
