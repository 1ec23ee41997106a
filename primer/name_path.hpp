// Where a dotted name leads: object.field, object.relation.field, field.part.
#pragma once

#include "twenty/access.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace primer {

// Where one stands on the way: at an object, or at a field that is no relation. Neither: whatever
// comes next is let pass.
struct name_place {
    const twenty::access* may;
    const twenty::object* object = nullptr;
    const twenty::field* field = nullptr;
};
using name_places = std::vector<name_place>;

// So many fields may be looked at for all paths together: each costs in proportion to the models
// and fields that have its names. What is found without a look left means nothing.
struct look_budget {
    std::size_t left;

    bool spend(std::size_t looks) noexcept {
        left -= std::min(left, looks);
        return left > 0;
    }
};

// By the name of a field of any object, or by that of a relation. Of fields without options one of
// each type, for behind them is the same. However many have the name, each costs as much to add.
struct places_of_field {
    name_places places;

    void add(const twenty::access& may, const twenty::field& field);
    void add(const twenty::access& may, const twenty::relation& to);

  private:
    std::uint64_t types_ = 0; // of fields without options: a bit each
};

// Where a path goes on from the places that its first segment names.
struct name_walk {
    bool arrived = false;
    // If not: of the way that leads furthest the segment that names nothing, and from where it was
    // looked for.
    std::size_t missing = 0;
    name_places from;
};
// Models call parts of fields by plain names, too ("city"), and the tools take these; so they lead
// somewhere. Without a look left a path arrives.
name_walk walk(const name_places& from, const std::vector<std::string_view>& path,
               look_budget& looks);

// What the missing segment was meant to be, best first. `sure`: one slip apart, nothing else.
std::vector<std::string> meant_at(const name_place& where, std::string_view name, bool sure,
                                  look_budget& looks);

} // namespace primer
