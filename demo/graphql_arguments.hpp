// What Twenty checks of a root before it looks at records.
#pragma once

#include "base/result.hpp"
#include "demo/graphql_types.hpp"

namespace demo {

enum class root_arguments { list, one, groups, any };

// Refuses arguments that the kind of root does not have, and paging numbers of another type.
result<done> check_arguments(root_arguments kind, const graphql::field& f,
                             const json::value& variables);

// A root needs the argument, of the type.
error missing_argument(std::string_view name, std::string_view type);

// Directives with a variable are beyond Twenty's own reading of a document: a TypeError.
result<done> check_directives(const graphql::selection_set& set, int depth = 0);

} // namespace demo
