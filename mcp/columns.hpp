// Which fields a list of records shows, and which of them become columns of their own.
#pragma once

#include "base/json.hpp"
#include "twenty/access.hpp"

#include <set>
#include <string>
#include <vector>

namespace mcp {

// Fields of a page when the caller names none: the record's name, what identifies it, what
// people look at first, when it changed last.
std::vector<std::string> list_fields(const twenty::object& of, const twenty::access& may);

// Paths of a compact record whose objects are split into columns: composites, to-one
// relations, and composites of these.
std::set<std::string> split_paths(const twenty::object& of, const twenty::access& may);

// A list of names given as an array of strings or as one comma-separated string.
std::vector<std::string> name_list(const json::value* given);

} // namespace mcp
