// Twenty's search across objects.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "demo/session.hpp"

#include <cstdint>
#include <string>

namespace demo {

struct search_call {
    std::string text;
    std::int64_t limit = 0;
    json::value only;    // names of objects, or null
    json::value without; // the same
    json::value filter;
    std::string after;
};

// A filter that GraphQL itself refuses; the whole request is answered with HTTP 400 then.
std::optional<std::string> misspelt_search_filter(const json::value& filter);

// The connection that the root field `search` answers, best hits first: hits that have all the
// words, then those with some; in an object without such hits the records with the text inside a
// word. One object that the caller may not read takes the whole call with it.
result<json::value> search_records(const session& with, const search_call& call);

} // namespace demo
