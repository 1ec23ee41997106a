// What a write may say: checks a record's input as Twenty does and turns it into columns.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "demo/roles.hpp"
#include "demo/store.hpp"

namespace demo {

struct input_source {
    const schema& model;
    const store& records;
    const permissions& rights;
};

// The columns to set. `current` is the record to be updated, nullptr on create: parts of names,
// addresses and amounts are merged into it, other composites are replaced. Refuses unknown
// fields, wrong types, dangling relations and fields that the role may not write.
result<json::object> read_input(const input_source& from, const object& on, const json::value& data,
                                const record* current);

// What a new record has where the input says nothing.
json::object defaults_of(const object& on);

} // namespace demo
