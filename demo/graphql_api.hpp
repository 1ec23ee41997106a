// POST /graphql: records. Like the real server it executes record roots directly, without
// validating their selections: what it does not know is null.
#pragma once

#include "demo/message.hpp"
#include "demo/session.hpp"

namespace demo {

response answer_graphql(session& with, const request& r);

// {"edges":[{"node":{...}}]} of the search over all readable objects, best hits first. Also
// what the search of the core schema answers.
json::value search_records(const session& with, std::string_view text, std::int64_t limit,
                           const json::value& only, const json::value& without);

} // namespace demo
