// What the model and the person read of an error of Twenty's, where its own words would not help or
// would tell too much.
#pragma once

#include "twenty/answer.hpp"

#include <string_view>

namespace twenty {

// Twenty 2.45 and later share each record with some people, and answer the same for the others.
inline constexpr std::string_view no_such_record =
    "There is no such record, or it is deleted or not shared with this API key.";

// Decides what an error means, and gives it its words. Its fields are as Twenty sent them.
void settle(upstream_error& e);
// Words for the meaning that is decided.
void explain(upstream_error& e);

} // namespace twenty
