// Twenty clears every record that has a choice which is taken out of its field, without a word
// [twenty-golden-2 metadata-change/036, 037].
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/schema.hpp"

#include <string_view>

namespace twenty {

// Refuses a metadata mutation that gives a field fewer choices than it has. Nothing else is judged;
// what is no document passes.
result<done> check_options_stay(const schema& model, std::string_view document,
                                const json::value& variables);

} // namespace twenty
