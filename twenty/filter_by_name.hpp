// Filters that name a record where Twenty wants its id. Used by prepare_filter().
#pragma once

#include "base/json.hpp"
#include "twenty/access.hpp"

#include <string>
#include <string_view>

namespace twenty {

// The text of "x", {"eq":"x"} and ["x"]; nullptr: there is none.
const std::string* bare_text(const json::value& v);

// Says how to ask for the name `given` of the record that `relation` leads to.
std::string by_name_instead(const access& may, const std::string& relation, const object& target,
                            std::string_view given);

} // namespace twenty
