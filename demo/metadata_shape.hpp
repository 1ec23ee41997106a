// Objects, fields and relations as the metadata API shows them.
#pragma once

#include "demo/session.hpp"

namespace demo {

// Without fields and relations: those refer to each other and are followed on demand.
json::object describe_object(const session& with, const object& o);
json::object describe_field(const session& with, const object& o, const field& f);

// One relation of a field; a MORPH_RELATION has several. The other side may be missing.
struct relation_view {
    const object* source = nullptr;
    const object* target = nullptr;
    const field* source_field = nullptr;
    const field* target_field = nullptr;
    bool many_to_one = true;
};
std::vector<relation_view> relations_of(const session& with, const object& o, const field& f);

// {"is":true}-style filters of ObjectFilter on a described object.
bool meets_metadata_filter(const json::object& described, const json::value& filter);

} // namespace demo
