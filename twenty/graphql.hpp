// Executable GraphQL documents as plain data (GraphQL spec, October 2021, §2). The demo
// workspace runs what is parsed here, and the access policy judges it: both must see the same
// document, so the parser is strict. What it accepts has exactly one reading.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace twenty::graphql {

struct position {
    std::size_t line = 1;
    std::size_t column = 1; // in bytes, from 1
};

struct object_field;

// §2.9. `text` holds the variable's name, the digits of a number, the decoded string, the
// enum name, or "true"/"false"; `items` a list's values; `members` an object's fields.
struct value {
    enum class kind {
        variable,
        integer,
        floating,
        string,
        boolean,
        null,
        enumeration,
        list,
        object
    };
    kind type = kind::null;
    std::string text;
    std::vector<value> items;
    std::vector<object_field> members;
    position at;

    // Member of an object, nullptr when absent or no object.
    [[nodiscard]] const value* find(std::string_view name) const noexcept;
};

struct object_field {
    std::string name;
    value val;
};

struct argument {
    std::string name;
    value val;
    position at;
};

struct directive {
    std::string name; // without the @
    std::vector<argument> arguments;
    position at;
};

struct selection;
using selection_set = std::vector<selection>;

struct field {
    std::string alias; // empty when none was given
    std::string name;
    std::vector<argument> arguments;
    std::vector<directive> directives;
    selection_set selections; // empty for a leaf
    position at;

    // The key of the answer: the alias, or else the name.
    [[nodiscard]] const std::string& key() const noexcept { return alias.empty() ? name : alias; }
    [[nodiscard]] const value* find_argument(std::string_view wanted) const noexcept;
};

struct fragment_spread {
    std::string name;
    std::vector<directive> directives;
    position at;
};

struct inline_fragment {
    std::string type_condition; // empty when none was given
    std::vector<directive> directives;
    selection_set selections;
    position at;
};

struct selection {
    std::variant<field, fragment_spread, inline_fragment> node;
};

struct variable_definition {
    std::string name;
    std::string type; // as written, without spaces: "[PersonOrderByInput!]"
    std::optional<value> fallback;
    std::vector<directive> directives;
    position at;
};

enum class operation_kind { query, mutation, subscription };
std::string_view to_string(operation_kind kind) noexcept;

struct operation {
    operation_kind kind = operation_kind::query;
    std::string name; // empty when anonymous
    std::vector<variable_definition> variables;
    std::vector<directive> directives;
    selection_set selections;
    position at;
};

struct fragment {
    std::string name;
    std::string type_condition;
    std::vector<directive> directives;
    selection_set selections;
    position at;
};

struct document {
    std::vector<operation> operations; // at least one
    std::vector<fragment> fragments;

    // nullptr when absent.
    [[nodiscard]] const fragment* find_fragment(std::string_view name) const noexcept;
    // §6.1 GetOperation: the named one, or the only one when no name is given; else nullptr.
    [[nodiscard]] const operation* select(std::string_view operation_name) const noexcept;
};

struct limits {
    std::size_t bytes = 64 * 1024;
    std::size_t tokens = 5000;
    std::size_t depth = 32; // selection sets, lists, objects and type brackets, all nested
};

// errc::bad_request when the text is no executable document or exceeds a limit
// (errc::too_large for its bytes); the message says what was expected at "line:column".
// Refused beyond the grammar: repeated names of operations, fragments, variables, arguments
// and object fields, and a document without an operation.
// Threat: a document that the policy reads one way and Twenty another. Defence: whatever has
// two readings is refused. Fragment cycles are grammatical: whoever follows spreads must stop
// at its own depth.
result<document> parse(std::string_view text, const limits& allowed = {});

// The JSON that an argument stands for. An enum becomes its name, a missing variable null.
// `variable` finds the value of a name, or nullptr.
using find_variable = std::function<const json::value*(std::string_view name)>;
json::value to_json(const value& v, const find_variable& variable);
json::value to_json(const value& v, const json::value& variables);

} // namespace twenty::graphql
