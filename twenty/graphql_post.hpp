// The body of a request to Twenty's GraphQL, for the builders of this room alone: whoever else
// wants a request names what it is for (twenty/query.hpp, many.hpp, search.hpp, saved_views.hpp).
#pragma once

#include "base/json.hpp"
#include "twenty/transport.hpp"

#include <string_view>

namespace twenty {

// Whether a variable says anything: not null, {} or []. Others are neither declared nor sent.
bool filled(const json::value& v);
// POST /graphql with {"query","variables"}; empty variables are left out.
request graphql_post(std::string_view document, json::value variables);

} // namespace twenty
