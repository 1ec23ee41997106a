// The GraphQL types of /graphql, generated from the schema for introspection.
#pragma once

#include "demo/graphql_types.hpp"
#include "demo/schema.hpp"

namespace demo {

// What exists without any object: search and its kin.
type_system core_types();

// Everything an authenticated introspection shows. As on the real server it lists operators
// that the filters then refuse, and leaves out `search`.
type_system record_types(const schema& model);

} // namespace demo
