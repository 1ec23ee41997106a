// Where a dotted name leads: object.field, object.relation.field, field.part.
#pragma once

#include "twenty/access.hpp"

#include <optional>
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

// By any of an object's names, and by the name of a field of any object (some of many).
name_places objects_called(const std::vector<twenty::access>& models, std::string_view name);
name_places fields_called(const std::vector<twenty::access>& models, std::string_view name);

// Where a path goes on from the places that its first segment names.
struct name_walk {
    bool arrived = false;
    // If not: the segment that names nothing, what stands before it, and from where it was looked
    // for.
    std::size_t missing = 0;
    name_places from;
};
// Models call parts of fields by plain names, too ("city"), and the tools take these; so they lead
// somewhere.
name_walk walk(const name_places& from, const std::vector<std::string_view>& path);

// What the missing segment was meant to be, best first. `sure`: one slip apart, nothing else.
std::vector<std::string> meant_at(const name_place& where, std::string_view name, bool sure);

} // namespace primer
