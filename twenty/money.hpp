// Amounts of money between the units that people write and the micros that Twenty stores.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace twenty {

// "53.89" -> "53890000", exactly. nullopt: no plain decimal number, or more than six decimals.
std::optional<std::string> micros_of(std::string_view amount);

} // namespace twenty
