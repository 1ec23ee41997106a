#include "primer/name_path.hpp"

#include "base/text.hpp"
#include "twenty/flat_input.hpp"
#include "twenty/near_names.hpp"

#include <algorithm>

namespace primer {

namespace {

using twenty::field_type;

// So many fields of one name tell what may stand behind it.
constexpr std::size_t most_fields = 64;

void add_target(const twenty::access& may, const twenty::relation& to, name_places& out) {
    if (const auto* target = may.schema().by_singular(to.target_object))
        out.push_back({&may, target});
}

void add_field(const twenty::access& may, const twenty::field& field, name_places& out) {
    if (field.relations.empty()) out.push_back({&may, nullptr, &field});
    for (const auto& to : field.relations)
        add_target(may, to, out);
}

bool behind_object(const name_place& at, std::string_view name, name_places& out) {
    const auto spelt = twenty::exact_name(*at.may, *at.object, name);
    if (const auto* field = at.object->find_field(spelt)) {
        add_field(*at.may, *field, out);
    } else if (const auto relation = at.object->find_relation(spelt)) {
        add_target(*at.may, *relation->to, out);
    } else if (at.object->find_join(spelt) ||
               !twenty::parts_named(name, *at.object, *at.may).empty()) {
        out.push_back({at.may});
    } else {
        return false;
    }
    return true;
}

std::vector<std::string> names_behind(const twenty::field& field) {
    std::vector<std::string> out;
    if (const auto* composite = twenty::composite_of(field.type))
        for (const auto& part : composite->parts)
            out.emplace_back(part.name);
    for (const auto& option : field.options)
        out.push_back(option.value);
    return out;
}

bool behind_field(const name_place& at, std::string_view name, name_places& out) {
    const auto names = names_behind(*at.field);
    const bool named =
        at.field->type == field_type::raw_json || at.field->type == field_type::other ||
        !twenty::part_meant(at.field->type, name).empty() ||
        std::ranges::any_of(names, [&](const auto& each) { return text::iequals(each, name); });
    if (named) out.push_back({at.may});
    return named;
}

bool behind(const name_place& at, std::string_view name, name_places& out) {
    if (at.object) return behind_object(at, name, out);
    if (at.field) return behind_field(at, name, out);
    out.push_back(at);
    return true;
}

} // namespace

name_places objects_called(const std::vector<twenty::access>& models, std::string_view name) {
    name_places out;
    for (const auto& may : models)
        if (const auto* object = may.schema().find(name)) out.push_back({&may, object});
    return out;
}

name_places fields_called(const std::vector<twenty::access>& models, std::string_view name) {
    name_places out;
    for (const auto& may : models)
        for (const auto& object : may.schema().objects()) {
            if (out.size() >= most_fields) return out;
            if (const auto* field = object.find_field(name))
                add_field(may, *field, out);
            else if (const auto relation = object.find_relation(name))
                add_target(may, *relation->to, out);
        }
    return out;
}

name_walk walk(const name_places& from, const std::vector<std::string_view>& path) {
    name_places here;
    for (std::size_t at = 1; at < path.size(); ++at) {
        const auto& places = at == 1 ? from : here;
        name_places next;
        bool named = false;
        for (const auto& place : places)
            if (behind(place, path[at], next)) named = true;
        if (!named) return {false, at, places};
        here = std::move(next);
    }
    return {true, 0, {}};
}

std::vector<std::string> meant_at(const name_place& where, std::string_view name, bool sure) {
    std::vector<std::string> near;
    if (where.object)
        near = twenty::near_paths(*where.may, *where.object, name);
    else if (where.field)
        near = names_behind(*where.field);
    if (sure || where.field)
        std::erase_if(near, [low = text::lower(name)](const auto& each) {
            return !text::one_slip(low, text::lower(each));
        });
    return near;
}

} // namespace primer
