// Twenty's JSON filters: checked as the server checks them, and turned into a predicate.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "demo/store.hpp"

#include <functional>

namespace demo {

using predicate = std::function<bool(const record&)>;

struct filter_source {
    const schema& model;
    const store& records; // must outlive the predicate
    bool lenient = false; // values came as text (REST)
    bool deleted_too = false;
};

// An empty text stands beside other conditions: Twenty's writes refuse such a filter.
bool breaks_out(const json::value& filter);

// An empty object takes every record. Deleted records are left out unless the filter speaks of
// deletedAt anywhere or the source says otherwise. Refuses as Twenty does, subCode
// INVALID_ARGS_FILTER.
result<predicate> compile_filter(const filter_source& from, const object& on,
                                 const json::value& filter);

} // namespace demo
