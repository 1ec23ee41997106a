#include "demo/graphql_core.hpp"

#include "demo/errors.hpp"
#include "demo/record_types.hpp"
#include "demo/search.hpp"

#include <array>
#include <string>
#include <variant>

namespace demo {

namespace {

json::value forbidden() {
    return json::make(
        {{"message", "Forbidden resource"},
         {"extensions",
          json::make({{"code", "FORBIDDEN"}, {"userFriendlyMessage", "An error occurred."}})}});
}

// misspelt_input() is what the validation of an input type answers.
response misspelt_input(std::string message) {
    const auto extensions = json::make({{"http", json::make({{"status", 400}})},
                                        {"code", "BAD_USER_INPUT"},
                                        {"userFriendlyMessage", "An error occurred."}});
    const auto wrong = json::make({{"message", std::move(message)}, {"extensions", extensions}});
    return json_response(400, json::make({{"errors", json::list({wrong})}}));
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 2> required_of_search{
    {{"searchInput", "String!"}, {"limit", "Int!"}}};

json::value missing_of_search(const graphql::field& f, std::string_view name,
                              std::string_view type) {
    return json::make(
        {{"message", "Field \"search\" argument \"" + std::string(name) + "\" of type \"" +
                         std::string(type) + "\" is required, but it was not provided."},
         {"locations", json::list({json::make({{"line", f.at.line}, {"column", f.at.column}})})}});
}

std::string text_argument(const graphql::field& f, std::string_view name,
                          const graphql_call& call) {
    const json::value v = argument_of(f, name, call.variables);
    return v.if_string() ? *v.if_string() : std::string();
}

// `core_answer` is what a root gives; a response ends the call there and then.
using core_answer = std::variant<json::value, response>;

// Adds to `errors` what does not end the call.
core_answer search_root(session& with, const graphql_call& call, const graphql::field& f,
                        json::array& errors) {
    for (const auto& [name, type] : required_of_search)
        if (!f.find_argument(name)) errors.push_back(missing_of_search(f, name, type));
    if (!errors.empty()) return graphql_refused(call, std::move(errors));
    if (!with.caller) {
        errors.push_back(forbidden());
        return json::value();
    }
    search_call asked;
    asked.text = text_argument(f, "searchInput", call);
    asked.limit = argument_of(f, "limit", call.variables).as_int().value_or(0);
    asked.only = argument_of(f, "includedObjectNameSingulars", call.variables);
    asked.without = argument_of(f, "excludedObjectNameSingulars", call.variables);
    asked.filter = argument_of(f, "filter", call.variables);
    asked.after = text_argument(f, "after", call);
    if (auto wrong = misspelt_search_filter(asked.filter)) return misspelt_input(*std::move(wrong));
    auto found = search_records(with, asked);
    if (found) return *std::move(found);
    errors.push_back(graphql_error(found.failure()));
    return json::value();
}

core_answer core_root(session& with, const graphql_call& call, const type_system& core,
                      const graphql::field& f, json::array& errors) {
    if (f.name == "__typename")
        return json::value(call.operation->kind == graphql::operation_kind::mutation ? "Mutation"
                                                                                     : "Query");
    if (f.name == "search") return search_root(with, call, f, errors);
    if (f.name != "__schema" && f.name != "__type") return json::value();
    const type_system types = with.caller ? record_types(with.model) : core;
    return f.name == "__schema" ? introspect_schema(types)
                                : introspect_type(types, text_argument(f, "name", call));
}

} // namespace

// answer_core() answers what Twenty leaves to its GraphQL library: introspection, search, and
// documents that mix roots. Names are checked against the types before anything runs.
response answer_core(session& with, const graphql_call& call) {
    const type_system core = core_types();
    auto errors = with.production && !with.caller ? closed_introspection(call) : json::array();
    if (errors.empty()) errors = unknown_fields(core, call.document, *call.operation);
    if (!errors.empty()) return graphql_refused(call, std::move(errors));
    json::object data;
    for (const auto* f : flatten(call.operation->selections, call.document, call.variables)) {
        auto done = core_root(with, call, core, *f, errors);
        if (auto* ended = std::get_if<response>(&done)) return std::move(*ended);
        data.set(f->key(),
                 pick(std::get<json::value>(done), f->selections, call.document, call.variables));
    }
    json::object body;
    if (!errors.empty()) {
        body.append("errors", std::move(errors));
        body.append("data", nullptr);
    } else {
        body.append("data", std::move(data));
    }
    return json_response(200, std::move(body));
}

} // namespace demo
