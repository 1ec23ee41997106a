// /rest/*: records, and the little of the REST metadata that clients ask for.
#pragma once

#include "demo/message.hpp"
#include "demo/session.hpp"

#include <string_view>
#include <vector>

namespace demo {

// The caller is known; see workspace.cpp for those who are not.
response answer_rest(session& with, const request& r);

// /rest/metadata/{objects|fields|apiKeys|webhooks|views}, given the segments after /rest.
response answer_rest_metadata(session& with, const request& r,
                              const std::vector<std::string>& segments);

// GET /rest/open-api: which paths there are.
response rest_open_api(const session& with);

} // namespace demo
