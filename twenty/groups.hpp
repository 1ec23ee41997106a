// What an aggregation groups by, and the order of its groups.
#pragma once

#include "base/text.hpp"
#include "twenty/query.hpp"

#include <string>
#include <utility>
#include <vector>

namespace twenty {

// Threat: the zone becomes part of an SQL expression in Twenty. Defence: nothing but names.
result<std::string> checked_zone(std::string_view written);

// The groups' keys as Twenty takes them; beside each, what it is and the steps to its field.
struct dimensions {
    json::array keys;
    std::vector<dimension> all;
    std::vector<std::vector<std::string>> paths;
    void add(const std::vector<std::string>& steps, json::value v, const field* values = nullptr) {
        dimension what;
        what.name = text::join(steps, ".");
        what.values = values;
        add(steps, std::move(v), std::move(what));
    }
    void add(const std::vector<std::string>& steps, json::value v, dimension what) {
        all.push_back(std::move(what));
        paths.push_back(steps);
        for (auto s = steps.rbegin(); s != steps.rend(); ++s)
            v = json::make({{*s, std::move(v)}});
        keys.push_back(std::move(v));
    }
};

// Adds the field that `path` leads to; `above` are the relations crossed on the way.
result<done> group_field(const object& of, const access& may, const grouping& g,
                         const std::vector<std::string>& path, std::vector<std::string> above,
                         const std::string& time_zone, dimensions& out);

// orderBy's items in Twenty's words. `out` has the measures and dimensions.
result<std::string> group_order(const aggregation& what, const dimensions& dims,
                                aggregate_request& out);

} // namespace twenty
