#include "demo/metadata_api.hpp"

#include "demo/graphql_call.hpp"
#include "demo/metadata_call.hpp"
#include "demo/newer.hpp"
#include "embedded/demo_metadata_types_txt.hpp"

namespace demo {

namespace {

metadata_answer run(metadata_call& c, const graphql::field& f) {
    if (f.name == "__typename")
        return json::value(c.call.operation->kind == graphql::operation_kind::mutation ? "Mutation"
                                                                                       : "Query");
    if (f.name == "__schema") return c.picked(introspect_schema(c.types), f);
    if (f.name == "__type")
        return c.picked(introspect_type(c.types, c.text_argument(f, "name")), f);
    if (!c.with.caller) return forbidden(c.with);
    for (const auto& family : {model_roots(), workspace_roots(), view_roots()})
        for (const auto& root : family)
            if (root.name == f.name) return root.run(c, f);
    return json::value();
}

} // namespace

// answer_metadata() ends at the first root that fails, where /graphql would go on.
response answer_metadata(session& with, const request& r) {
    auto read = read_graphql_call(r);
    if (auto* refused = std::get_if<response>(&read)) return *refused;
    const auto& call = std::get<graphql_call>(read);
    if (!call.operation)
        return graphql_refused(call,
                               {json::make({{"message", "Must provide operation name if query "
                                                        "contains multiple operations."}})});
    type_system types = parse_types(embedded::demo_metadata_types_txt, with.old_schema);
    if (with.model.newer()) add_rule_types(types);
    auto errors = with.production && !with.caller ? closed_introspection(call) : json::array();
    if (errors.empty()) errors = unknown_fields(types, call.document, *call.operation);
    if (!errors.empty()) return graphql_refused(call, std::move(errors));
    metadata_call running{with, call, types, metadata_view(with, call)};
    json::object data;
    for (const auto* f : flatten(call.operation->selections, call.document, call.variables)) {
        auto done = run(running, *f);
        auto* no = std::get_if<denied>(&done);
        if (no && no->before_all)
            return json_response(400, json::make({{"errors", json::list({std::move(no->error)})}}));
        if (no)
            return json_response(200, json::make({{"errors", json::list({std::move(no->error)})},
                                                  {"data", nullptr}}));
        data.set(f->key(), std::move(std::get<json::value>(done)));
    }
    return json_response(200, json::make({{"data", std::move(data)}}));
}

} // namespace demo
