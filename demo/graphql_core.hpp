// The roots of /graphql that are no records: search and introspection, validated like ordinary
// GraphQL.
#pragma once

#include "demo/graphql_call.hpp"
#include "demo/message.hpp"
#include "demo/session.hpp"

namespace demo {

response answer_core(session& with, const graphql_call& call);

} // namespace demo
