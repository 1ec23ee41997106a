// What this server reads in a GraphQL document, for a comparison with another reader. Each line of
// the standard input is a JSON object with `query` and perhaps `variables`. Its answer is a line
// with the tree that the policy judges, or with the refusal, and with the body that goes to Twenty
// when a tool lets the document pass.
#include "tests/support/sample_schema.hpp"
#include "twenty/graphql.hpp"

#include <iostream>
#include <string>
#include <variant>
#include <vector>

namespace {

namespace graphql = twenty::graphql;

// Declared before all(), which looks for them where it stands.
json::value tree(const graphql::value& v);
json::value tree(const graphql::object_field& f);
json::value tree(const graphql::argument& a);
json::value tree(const graphql::directive& d);
json::value tree(const graphql::selection& s);
json::value tree(const graphql::variable_definition& v);
json::value tree(const graphql::operation& op);
json::value tree(const graphql::fragment& f);

template <class T> json::value all(const std::vector<T>& items) {
    json::array out;
    for (const auto& item : items)
        out.push_back(tree(item));
    return out;
}

std::string_view kind_name(graphql::value::kind kind) {
    using enum graphql::value::kind;
    switch (kind) {
    case variable:
        return "Variable";
    case integer:
        return "IntValue";
    case floating:
        return "FloatValue";
    case string:
        return "StringValue";
    case boolean:
        return "BooleanValue";
    case null:
        return "NullValue";
    case enumeration:
        return "EnumValue";
    case list:
        return "ListValue";
    case object:
        return "ObjectValue";
    }
    return {};
}

json::value tree(const graphql::object_field& f) { return json::list({f.name, tree(f.val)}); }

json::value tree(const graphql::value& v) {
    json::value inside = v.text;
    if (v.type == graphql::value::kind::list) inside = all(v.items);
    if (v.type == graphql::value::kind::object) inside = all(v.members);
    return json::list({kind_name(v.type), std::move(inside)});
}

json::value tree(const graphql::argument& a) { return json::list({a.name, tree(a.val)}); }

json::value tree(const graphql::directive& d) {
    return json::make({{"name", d.name}, {"arguments", all(d.arguments)}});
}

json::value tree(const graphql::selection& s) {
    if (const auto* f = std::get_if<graphql::field>(&s.node))
        return json::make({{"key", f->key()},
                           {"name", f->name},
                           {"arguments", all(f->arguments)},
                           {"directives", all(f->directives)},
                           {"selections", all(f->selections)}});
    if (const auto* spread = std::get_if<graphql::fragment_spread>(&s.node))
        return json::make({{"spread", spread->name}, {"directives", all(spread->directives)}});
    const auto& in = std::get<graphql::inline_fragment>(s.node);
    return json::make({{"on", in.type_condition},
                       {"directives", all(in.directives)},
                       {"selections", all(in.selections)}});
}

json::value tree(const graphql::variable_definition& v) {
    return json::make({{"name", v.name},
                       {"type", v.type},
                       {"default", v.fallback ? tree(*v.fallback) : json::value()},
                       {"directives", all(v.directives)}});
}

json::value tree(const graphql::operation& op) {
    return json::make({{"kind", graphql::to_string(op.kind)},
                       {"name", op.name},
                       {"variables", all(op.variables)},
                       {"directives", all(op.directives)},
                       {"selections", all(op.selections)}});
}

json::value tree(const graphql::fragment& f) {
    return json::make({{"name", f.name},
                       {"on", f.type_condition},
                       {"directives", all(f.directives)},
                       {"selections", all(f.selections)}});
}

// The tool's body; null: refused.
json::value sent(twenty::graphql_tool tool, std::string_view document,
                 const json::value& variables) {
    static const auto everything = support::sample_access(twenty::mode::write);
    auto built =
        twenty::graphql_request(everything, tool, twenty::endpoint::records, document, variables);
    return built ? json::value(std::move(built->body)) : json::value();
}

json::value read(const std::string& line) {
    const auto body = json::parse(line);
    if (!body) return json::make({{"refused", body.failure().message}});
    const auto document = body->text("query");
    const auto parsed = graphql::parse(document);
    if (!parsed) return json::make({{"refused", parsed.failure().message}});
    const auto* given = body->find("variables");
    const auto variables = given ? *given : json::value();
    const auto* alone = parsed->select({});
    return json::make(
        {{"operations", all(parsed->operations)},
         {"fragments", all(parsed->fragments)},
         {"alone", alone ? tree(*alone) : json::value()},
         {"run_graphql", sent(twenty::graphql_tool::query, document, variables)},
         {"run_graphql_mutation", sent(twenty::graphql_tool::mutation, document, variables)}});
}

} // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);)
        std::cout << json::dump(read(line)) << '\n';
}
