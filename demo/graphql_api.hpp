// POST /graphql: records. Like the real server it executes record roots directly, without
// validating their selections: what it does not know is null.
#pragma once

#include "demo/message.hpp"
#include "demo/session.hpp"

namespace demo {

response answer_graphql(session& with, const request& r);

} // namespace demo
