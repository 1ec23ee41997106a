#include "demo/graphql_call.hpp"

#include "base/text.hpp"
#include "demo/rest_query.hpp"

namespace demo {

namespace {

constexpr std::string_view undefined = "undefined";

json::value error_list(std::string message) {
    return json::make({{"errors", json::list({json::make({{"message", std::move(message)}})})}});
}

// A request without a body, or without a query in it, is never answered (errors/038 to 040):
// clients need a deadline.
response never_answered() {
    response silence;
    silence.hangs = true;
    return silence;
}

response bad_json() {
    return json_response(400, json::make({{"message", "Unexpected end of JSON input"},
                                          {"error", "Bad Request"},
                                          {"statusCode", 400}}));
}

// "GraphQL syntax error at 3:7: expected ..." in the words of graphql-js.
response syntax_error(const error& e) {
    std::string message = e.message;
    json::object out;
    const auto at = message.find(" at ");
    const auto end = message.find(": ");
    if (at != std::string::npos && end != std::string::npos) {
        const auto place = text::split(message.substr(at + 4, end - at - 4), ':');
        message = "Syntax Error: " + capitalised(message.substr(end + 2));
        out.append("message", message);
        if (place.size() == 2)
            out.append("locations", json::list({json::make({{"line", json::number{place[0]}},
                                                            {"column", json::number{place[1]}}})}));
    } else {
        out.append("message", "Syntax Error: " + message);
    }
    return json_response(200, json::make({{"errors", json::list({std::move(out)})}}));
}

std::variant<graphql_call, response> parse_call(std::string_view query, json::value variables,
                                                std::string_view name, const request& r) {
    auto parsed = graphql::parse(query);
    if (!parsed) return syntax_error(parsed.failure());
    graphql_call call;
    call.document = *std::move(parsed);
    call.variables = std::move(variables);
    call.operation = call.document.select(name);
    call.strict_status = r.accept.find("application/graphql-response+json") != std::string::npos;
    return call;
}

// resolved() keeps a variable that was not given apart from one that is null: Twenty sees
// JavaScript's `undefined`, and often says so.
json::value resolved(const graphql::value& v, const json::value& variables) {
    using kind = graphql::value::kind;
    if (v.type == kind::variable && !variables.find(v.text))
        return json::number{std::string(undefined)};
    if (v.type == kind::object) {
        json::object out;
        for (const auto& m : v.members)
            out.append(m.name, resolved(m.val, variables));
        return out;
    }
    if (v.type == kind::list) {
        json::array out;
        for (const auto& item : v.items)
            out.push_back(resolved(item, variables));
        return out;
    }
    return graphql::to_json(v, variables);
}

} // namespace

std::variant<graphql_call, response> read_graphql_call(const request& r) {
    if (r.method == "GET") {
        const auto parameters = query_of(r.target);
        const auto* query = text::find(parameters, "query");
        const auto* name = text::find(parameters, "operationName");
        return parse_call(query ? *query : std::string(), json::value(json::object()),
                          name ? *name : std::string(), r);
    }
    if (text::starts_with_ci(r.content_type, "application/graphql") &&
        !text::starts_with_ci(r.content_type, "application/graphql-response"))
        return parse_call(r.body, json::value(json::object()), {}, r);
    if (text::starts_with_ci(r.content_type, "application/x-www-form-urlencoded")) {
        const auto given = text::parse_form(r.body);
        const auto* query = given ? text::find(*given, "query") : nullptr;
        return parse_call(query ? *query : std::string(), json::value(json::object()), {}, r);
    }
    if (r.body.empty()) return never_answered();
    const auto body = json::parse(r.body, body_limits);
    if (!body) return bad_json();
    if (body->is_array() && body->if_array()->empty()) return never_answered();
    if (body->if_string())
        return json_response(400, json::make({{"message", "Unexpected token '\"', \"" + r.body +
                                                              "\" is not valid JSON"},
                                              {"error", "Bad Request"},
                                              {"statusCode", 400}}));
    if (body->is_array()) return json_response(400, error_list("Batching is not supported."));
    const auto* query = body->find("query");
    if (!query) return never_answered();
    if (query->is_null()) return json_response(200, error_list("Must provide query string."));
    if (!query->if_string())
        return json_response(400, error_list("Expected \"query\" param to be a string, but given " +
                                             std::string(query->type_name()) + "."));
    const auto* variables = body->find("variables");
    return parse_call(*query->if_string(),
                      variables && variables->if_object() ? *variables
                                                          : json::value(json::object()),
                      body->text("operationName"), r);
}

response graphql_refused(const graphql_call& call, json::array errors) {
    response out =
        json_response(call.strict_status ? 400 : 200, json::make({{"errors", std::move(errors)}}));
    if (call.strict_status) out.content_type = "application/graphql-response+json; charset=utf-8";
    return out;
}

json::array closed_introspection(const graphql_call& call) {
    json::array errors;
    const auto add = [&errors](const graphql::field& f) {
        errors.push_back(json::make(
            {{"message", "GraphQL introspection has been disabled, but the requested query "
                         "contained the field \"" +
                             f.name + "\"."},
             {"locations",
              json::list({json::make({{"line", f.at.line}, {"column", f.at.column}})})}}));
    };
    for (const auto* f : flatten(call.operation->selections, call.document, call.variables)) {
        if (f->name != "__type" && f->name != "__schema") continue;
        add(*f);
        for (const auto* inner : flatten(f->selections, call.document, call.variables))
            add(*inner);
    }
    return errors;
}

response graphql_auth_error(std::string_view message, bool revoked) {
    const auto user =
        revoked ? json::make({{"id", "q5OVn+"},
                              {"message", "You do not have permission to perform this action."}})
                : json::make({{"id", "z+7x/s"},
                              {"message", "You must be authenticated to perform this action."}});
    const auto extensions =
        json::make({{"subCode", revoked ? "FORBIDDEN_EXCEPTION" : "UNAUTHENTICATED"},
                    {"userFriendlyMessage", user},
                    {"code", revoked ? "FORBIDDEN" : "UNAUTHENTICATED"}});
    const auto body = json::make(
        {{"errors", json::list({json::make({{"message", message}, {"extensions", extensions}})})}});
    return {200, "application/json", json::dump(body)};
}

json::value argument_of(const graphql::field& f, std::string_view name,
                        const json::value& variables) {
    const auto* found = f.find_argument(name);
    if (!found) return json::value();
    json::value v = resolved(*found, variables);
    return is_undefined(v) ? json::value() : v;
}

bool is_undefined(const json::value& v) {
    return v.if_number() && v.if_number()->text == undefined;
}

} // namespace demo
