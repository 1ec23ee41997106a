// The field types of Twenty as one table: what a value of the type consists of and which
// filter operators the server takes for it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace demo {

// What kind of JSON a leaf value is. Composite types consist of several leaves.
enum class leaf {
    text,
    number,
    boolean,
    uuid,
    date,
    date_time,
    select,
    multi_select,
    array,
    json,
    vector
};

struct composite_part {
    std::string_view name;
    leaf kind;
};

struct field_type {
    std::string_view name; // "FULL_NAME"
    leaf kind;             // for types without parts
    std::span<const composite_part> parts;
    std::string_view icon;
    std::string_view graphql; // output type in the record schema
};

// nullptr for an unknown name.
const field_type* find_field_type(std::string_view name);
std::span<const field_type> field_types();

// In the order in which Twenty lists them in its messages.
std::span<const std::string_view> filter_operators(leaf kind);

} // namespace demo
