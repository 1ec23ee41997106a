// What Twenty makes of addresses, phone numbers and links before it stores them, part by part.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace demo {

// Each takes the parts that a write gave for one field and leaves out what it did not give.
result<done> normalise_emails(json::object& parts, std::string_view field);
result<done> normalise_phones(json::object& parts);
result<done> normalise_links(json::object& parts);

// Lower-case host in punycode, no slash at the end; a host without a scheme stays as it is.
result<std::string> normalised_url(std::string_view given);

} // namespace demo
