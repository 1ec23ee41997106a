// Values that one record of an object may have: ids, and those of fields marked unique.
#pragma once

#include "base/json.hpp"
#include "demo/store.hpp"

#include <optional>
#include <string_view>

namespace demo {

// The record that already holds a unique value of these columns, and the field that clashes.
struct clash {
    const record* with = nullptr;
    const field* on = nullptr;  // nullptr: the id itself
    bool among_several = false; // the other one is written by the same call
};
std::optional<clash> find_clash(const store& records, const object& on, const json::object& columns,
                                std::string_view own_id);

} // namespace demo
