// Models write {"firstName", "email", "city"} where Twenty wants the parts of a composite
// field. Which part a plain name means, and all of them gathered into their fields.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/access.hpp"
#include "twenty/schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace twenty {

// The part of a composite of this type that `name` means ("city": addressCity, "url":
// primaryLinkUrl), in any case and with or without _ and -. Empty: none.
std::string_view part_meant(field_type type, std::string_view name);

// The parts of readable composite fields that a plain name means on its own, as paths
// ("firstName": name.firstName; "email": emails.primaryEmail). Several: it is ambiguous.
std::vector<std::string> parts_named(std::string_view name, const object& of, const access& may);

// `input` with every flat or dotted name ("emails.primaryEmail") moved into its composite
// field; each move is noted. A name that the object has itself is never moved, nor one that
// could mean two fields. errc::bad_request when a part is given twice.
result<json::object> gather_flat(const json::object& input, const object& of, const access& may,
                                 std::vector<std::string>& notes);

} // namespace twenty
