// Which JSON a leaf of a field takes, in filters as in writes, and how Twenty words it when it
// does not.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "demo/errors.hpp"
#include "demo/schema.hpp"

#include <string>
#include <string_view>

namespace demo {

// A leaf of a field: a simple field itself, or one part of a composite ("emails.primaryEmail").
struct leaf_of {
    const field* of = nullptr;
    leaf kind = leaf::text;
    std::string path;
};

// The canonical stored form (dates in UTC, ids in lower case, empty text as null), or the
// refusal `kind`. With `lenient` numbers and booleans may come as text, as in a REST filter.
result<json::value> read_leaf(const leaf_of& to, const json::value& given, refusal kind,
                              bool lenient);

// A UUID of version 1 to 5; Twenty takes neither the nil UUID nor version 7.
bool is_record_id(std::string_view text);

} // namespace demo
