// The rules that people set for the records of an object (Twenty 2.44 and later), as they stand.
// What a refused write broke is in broken_rules.hpp.
#pragma once

#include "base/json.hpp"
#include "twenty/access.hpp"
#include "twenty/transport.hpp"

#include <optional>

namespace twenty {

// Asks for an object's rules; any role may, where Twenty has rules switched on. Nothing where
// there are none (schema::has_rules).
std::optional<request> rules_request(const access& may, const readable_object& of);

// [{"message": …, "field": …}] of the active ones: what whoever breaks one is told, and the field
// it is shown at, if the grant may see that. At most 20.
json::array read_rules(const json::value& data, const access& may, const object& of);

} // namespace twenty
