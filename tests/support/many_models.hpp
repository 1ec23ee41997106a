// As many data models as are kept at once (actors/settings.hpp), each of another workspace.
#pragma once

#include "twenty/schema.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace support {

inline constexpr std::size_t models_kept = 64;

// Each of 40 objects with 40 fields. Names that are not `own` all workspaces have: thingN, and
// fieldN of type RELATION (to thing0) or FULL_NAME. The last one alone has the object
// `lastStandingObject`, with a field `lastField`.
inline std::vector<twenty::schema_ptr> many_models(bool own) {
    constexpr int objects = 40;
    constexpr int fields = 40;
    std::vector<twenty::schema_ptr> out;
    for (std::size_t m = 0; m < models_kept; ++m) {
        const std::string before = own ? "w" + std::to_string(100 + m) : "";
        std::vector<twenty::object> all(objects);
        for (int o = 0; o < objects; ++o) {
            auto& object = all[static_cast<std::size_t>(o)];
            const auto number = std::to_string(o);
            object.name_singular = before + "thing" + number;
            object.name_plural = before + "things" + number;
            object.label_singular = before + "Thing " + number;
            object.label_plural = before + "Things " + number;
            object.fields.resize(fields);
            for (int f = 0; f < fields; ++f) {
                auto& field = object.fields[static_cast<std::size_t>(f)];
                field.name = before + "field" + std::to_string(own ? o * fields + f : f);
                field.label = "Label of " + field.name;
                field.type = f < 2 ? twenty::field_type::relation : twenty::field_type::full_name;
                field.type_name = f < 2 ? "RELATION" : "FULL_NAME";
                if (f < 2)
                    field.relations.push_back({twenty::relation_kind::many_to_one,
                                               before + "thing0", "", field.name + "Id",
                                               field.name});
            }
        }
        if (m + 1 == models_kept) {
            all.back().name_singular = "lastStandingObject";
            all.back().fields.back().name = "lastField";
        }
        out.push_back(
            std::make_shared<const twenty::schema>("w" + std::to_string(m), "W", std::move(all)));
    }
    return out;
}

} // namespace support
