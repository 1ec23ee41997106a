// Amounts of money between the units that people write and the micros that Twenty stores.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace twenty {

// "53.89" -> "53890000", exactly. nullopt: no plain decimal number, or more than six decimals.
std::optional<std::string> micros_of(std::string_view amount);

// A value, a list or an object of operators in units made one in micros. What is no number (NULL)
// stays. errc::bad_request for amounts that micros cannot hold; `field` is for the message.
struct in_micros {
    json::value value;
    bool amounts = false; // some were converted
};
result<in_micros> compared_in_micros(std::string_view field, const json::value& v);

} // namespace twenty
