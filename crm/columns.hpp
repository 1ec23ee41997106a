// Which fields a list of records shows, and which of them become columns of their own.
#pragma once

#include "base/json.hpp"
#include "crm/protocol.hpp"
#include "twenty/access.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

// Fields of a page when the caller names none: the record's name, what this session has named of
// the object lately (whoever filters or sorts by a field, asks for it or writes it, wants to see
// it), what identifies a record and what people look at first, when it changed last unless it has
// a time of its own. `memory` may be null.
std::vector<std::string> list_fields(const twenty::object& of, const twenty::access& may,
                                     const session_memory* memory = nullptr);

// Notes that the session named these fields: one name, or those of a filter, an order or the
// values of a write.
void remember_used(session_memory* memory, const twenty::object& of, const json::value& named);

// Paths of a compact record whose objects are split into columns: composites, to-one
// relations, and composites of these.
std::set<std::string> split_paths(const twenty::object& of, const twenty::access& may);

// The member of a compact record that shows what a path in "fields" names: "email" is shown as
// emails, "jobtitle.x" as jobTitle. A name that the object lacks stays as it is.
std::string shown_member(const twenty::object& of, const twenty::access& may,
                         std::string_view path);

// A record's label as one line of text: without invisible characters, 300 bytes at most.
std::string shown_label(std::string_view written);

// A list of names given as an array of strings or as one comma-separated string. Of more than
// twenty::most_names there is one too many in it, for the caller to refuse.
std::vector<std::string> name_list(const json::value* given);
// The whole number of an argument, whose bounds are in the tool's schema.
int int_argument(const json::value& arguments, std::string_view name, int fallback);

} // namespace crm
