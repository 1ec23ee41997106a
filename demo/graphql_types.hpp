// GraphQL type definitions as data, and what a validating GraphQL server does with them:
// introspection, "Cannot query field", and picking the selected members out of an answer.
#pragma once

#include "base/json.hpp"
#include "twenty/graphql.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace demo {

namespace graphql = twenty::graphql;

struct type_argument {
    std::string name;
    std::string type; // "[PersonFilterInput!]!"
};

struct type_member { // a field, an input field, or an enum value
    std::string name;
    std::vector<type_argument> arguments;
    std::string type;
    bool deprecated = false;
};

struct type_definition {
    std::string kind; // OBJECT, INPUT_OBJECT, ENUM, SCALAR
    std::string name;
    std::vector<type_member> members;

    [[nodiscard]] const type_member* find(std::string_view member) const;
};

struct type_system {
    std::vector<type_definition> types; // "Query" is one of them; "Mutation" may be

    [[nodiscard]] const type_definition* find(std::string_view name) const;
};

// Lines of "type|input|enum|scalar NAME MEMBER...", a member being name, name:Type or
// name(argument:Type,...):Type. A member marked + is hidden and one marked - is shown only
// when `old` is set; ~ marks a deprecated one.
type_system parse_types(std::string_view text, bool old);

// "[Object!]!" -> "Object".
std::string_view bare_type(std::string_view type);

// A selection set with its fragments spread out, and without what @skip and @include drop.
std::vector<const graphql::field*> flatten(const graphql::selection_set& set,
                                           const graphql::document& doc,
                                           const json::value& variables);

// The validation errors for unknown fields, as Twenty words them.
json::array unknown_fields(const type_system& types, const graphql::document& doc,
                           const graphql::operation& op);
json::value cannot_query(const type_definition& type, const graphql::field& wanted);

// `source` cut down to what is selected, aliases and all; lists are mapped, missing members
// become null.
json::value pick(const json::value& source, const graphql::selection_set& set,
                 const graphql::document& doc, const json::value& variables);

// {name kind fields{...} inputFields enumValues}; null when there is no such type.
json::value introspect_type(const type_system& types, std::string_view name);
json::value introspect_schema(const type_system& types);

} // namespace demo
