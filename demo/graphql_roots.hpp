// The root fields of records on /graphql: find, create, update and the others of each object, by
// the name that Twenty makes of the object's.
#pragma once

#include "demo/graphql_call.hpp"
#include "demo/session.hpp"

#include <optional>
#include <string_view>

namespace demo {

enum class root {
    find_many,
    find_one,
    duplicates,
    group_by,
    create_one,
    create_many,
    update_one,
    update_many,
    delete_one,
    delete_many,
    destroy_one,
    destroy_many,
    restore_one,
    restore_many,
    merge,
};

struct root_field {
    root what;
    const object* on;
};

std::optional<root_field> find_root(const schema& model, std::string_view name, bool mutation);

} // namespace demo
