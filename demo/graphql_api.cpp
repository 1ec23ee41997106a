#include "demo/graphql_api.hpp"

#include "demo/errors.hpp"
#include "demo/graphql_call.hpp"
#include "demo/graphql_core.hpp"
#include "demo/graphql_executor.hpp"
#include "demo/graphql_roots.hpp"

#include <algorithm>
#include <set>

namespace demo {

namespace {

constexpr std::size_t most_roots = 20;

json::value too_complex(std::string message) {
    return json::make(
        {{"data", json::object()},
         {"errors",
          json::list({json::make({{"message", std::move(message)},
                                  {"extensions", json::make({{"code", "BAD_USER_INPUT"}})}})})}});
}

std::optional<response> too_many_roots(const std::vector<const graphql::field*>& roots) {
    if (roots.size() > most_roots)
        return json_response(
            200, too_complex("Query too complex - Too many root resolvers requested: " +
                             std::to_string(roots.size()) +
                             " - Maximum allowed root resolvers: " + std::to_string(most_roots)));
    std::set<std::string_view> seen;
    for (const auto* f : roots)
        if (!seen.insert(f->name).second)
            return json_response(200, too_complex("Duplicate root resolver: \"" + f->name + "\""));
    return std::nullopt;
}

response split_refused() {
    const auto why = json::make(
        {{"message", "This query cannot be executed as a single request. Please split it into "
                     "separate queries."},
         {"extensions", json::make({{"code", "BAD_USER_INPUT"}})}});
    return json_response(200, json::make({{"errors", json::list({why})}}));
}

response ambiguous_operation() {
    return {
        500, "text/plain;charset=UTF-8",
        "GraphQLError: Must provide operation name when document contains multiple operations.\n"
        "    at findOperationDefinition (/app/packages/twenty-server/dist/engine/api/graphql/"
        "direct-execution/find-operation-definition.js:18:15)\n"
        "    at onRequest (/app/packages/twenty-server/dist/engine/api/graphql/hooks.js:74:98)\n"};
}

json::value only_message(std::string_view message) {
    return json::make({{"errors", json::list({json::make({{"message", message}})})}});
}

// refused_operation() says what is wrong with a call before any of its fields is looked at.
std::optional<response> refused_operation(const request& r, const graphql_call& call) {
    if (!call.operation && call.document.operations.size() == 1)
        return json_response(400, only_message("Could not determine what operation to execute."));
    if (!call.operation) return ambiguous_operation();
    if (r.method == "GET" && call.operation->kind == graphql::operation_kind::mutation)
        return json_response(
            405, only_message("Can only perform a mutation operation from a POST request."));
    if (call.operation->kind == graphql::operation_kind::subscription)
        return graphql_refused(
            call,
            {json::make({{"message", "Schema is not configured to execute subscription operation."},
                         {"locations", json::list({json::make({{"line", 1}, {"column", 1}})})}})});
    return std::nullopt;
}

using root_list = std::vector<const graphql::field*>;

// @skip and @include are ignored here, unless the document has a fragment at its root.
root_list roots_of(const graphql_call& call) {
    root_list roots;
    for (const auto& s : call.operation->selections)
        if (const auto* f = std::get_if<graphql::field>(&s.node))
            roots.push_back(f);
        else
            return flatten(call.operation->selections, call.document, call.variables);
    return roots;
}

// run_roots() runs each root by itself: what one has changed stays when the next fails, and its
// null stands beside the other's data.
response run_roots(session& with, const graphql_call& call, const root_list& roots, bool mutation) {
    graphql_executor executor(with, call);
    json::object data;
    json::array errors;
    for (const auto* f : roots) {
        auto done = executor.run(*find_root(with.model, f->name, mutation), *f);
        if (!done) errors.push_back(graphql_error(done.failure()));
        data.set(f->key(), done ? *std::move(done) : json::value());
    }
    json::object body;
    body.append("data", std::move(data));
    if (!errors.empty()) body.append("errors", std::move(errors));
    return json_response(200, std::move(body));
}

} // namespace

response answer_graphql(session& with, const request& r) {
    if (r.method != "GET" && r.method != "POST")
        return json_response(405, only_message("GraphQL only supports GET and POST requests."));
    auto read = read_graphql_call(r);
    if (auto* refused = std::get_if<response>(&read)) return *refused;
    const auto& call = std::get<graphql_call>(read);
    if (auto refused = refused_operation(r, call)) return *refused;

    const bool mutation = call.operation->kind == graphql::operation_kind::mutation;
    const auto roots = roots_of(call);
    // Twenty runs records past its GraphQL library, but only where every root is one of records.
    const auto is_root = [&](const auto* f) {
        return find_root(with.model, f->name, mutation).has_value();
    };
    const bool may_run = r.method == "POST" && with.caller;
    const bool direct = may_run && std::all_of(roots.begin(), roots.end(), is_root);
    const bool some = may_run && std::any_of(roots.begin(), roots.end(), is_root);
    if (!direct && some && mutation) return split_refused();
    if (!direct) return answer_core(with, call);
    if (auto refused = too_many_roots(roots)) return *refused;
    return run_roots(with, call, roots, mutation);
}

} // namespace demo
