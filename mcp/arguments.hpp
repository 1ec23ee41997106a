// Checks a call's arguments against the tool's own input schema, so that a handler never meets
// a wrong type and a model learns what to change. Covers the keywords that our schemas use
// (type, properties, required, additionalProperties:false, enum, minimum, maximum, minLength,
// maxLength, items, minItems, maxItems, anyOf of such); others are left to the tool.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

namespace mcp {

// The arguments, with what models often send as text put right: a number, a boolean, an object
// or an array written as a JSON string becomes itself where the schema wants that type, and an
// optional argument that says nothing (null, "", [], {}, 0 below the least) is taken away, as is
// what some clients add to every call. errc::bad_request names the argument and what is wrong with
// it, with an example of the whole argument where the schema has what to make one of.
result<json::value> check_arguments(json::value arguments, const json::value& schema);

} // namespace mcp
