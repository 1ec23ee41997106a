// The HTTP and document side that /graphql and /metadata share: reading a call, and the
// answers to calls that are none.
#pragma once

#include "demo/graphql_types.hpp"
#include "demo/message.hpp"
#include "demo/session.hpp"

#include <optional>
#include <string>
#include <variant>

namespace demo {

struct graphql_call {
    graphql::document document;
    const graphql::operation* operation = nullptr; // into document; nullptr: not decidable
    json::value variables;
    bool strict_status = false; // Accept: application/graphql-response+json
};

// The call, or the answer to what is no call: bad JSON, batches, no query, syntax errors.
// A call without a `query` member hangs, as on the real server.
std::variant<graphql_call, response> read_graphql_call(const request& r);

// {"errors":[...]} for a call that was not executed.
response graphql_refused(const graphql_call& call, json::array errors);

// The errors of an introspection that production mode refuses; empty when there is none.
json::array closed_introspection(const graphql_call& call);

// {"errors":[{...}]} for a bad, expired or revoked key.
response graphql_auth_error(std::string_view message, bool revoked);

// An argument with its variables; a variable that was not given is Twenty's `undefined`.
json::value argument_of(const graphql::field& f, std::string_view name,
                        const json::value& variables);
bool is_undefined(const json::value& v);

} // namespace demo
