// The operators of filters: how models write them, and which of them Twenty allows on what.
#pragma once

#include "twenty/schema.hpp"

#include <string_view>
#include <vector>

namespace twenty {

// Twenty's name of an operator that may be spelled otherwise; empty: none.
std::string_view operator_of(std::string_view written);

// Operators of a field type, as Twenty allows them. Empty: the field can't be filtered.
const std::vector<std::string_view>& filter_operators(field_type type);

} // namespace twenty
