// POST /metadata: the schema and the workspace, as an ordinary validating GraphQL server.
#pragma once

#include "demo/message.hpp"
#include "demo/session.hpp"

namespace demo {

response answer_metadata(session& with, const request& r);

} // namespace demo
