#include "primer/name_path.hpp"

#include "base/text.hpp"
#include "twenty/flat_input.hpp"
#include "twenty/near_names.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace primer {

namespace {

using twenty::field_type;

// Relations of one name mostly lead to one object, in each model.
void add_target(const twenty::access& may, const twenty::relation& to, name_places& out) {
    const auto* target = may.schema().by_singular(to.target_object);
    if (target && (out.empty() || out.back().object != target)) out.push_back({&may, target});
}

void add_field(const twenty::access& may, const twenty::field& field, name_places& out) {
    if (field.relations.empty()) out.push_back({&may, nullptr, &field});
    for (const auto& to : field.relations)
        add_target(may, to, out);
}

bool behind_object(const name_place& at, std::string_view name, name_places& out) {
    const auto spelt = at.object->find_field(name) ? std::string(name)
                                                   : twenty::exact_name(*at.may, *at.object, name);
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
    const auto& field = *at.field;
    const auto* composite = twenty::composite_of(field.type);
    const bool named =
        field.type == field_type::raw_json || field.type == field_type::other ||
        !twenty::part_meant(field.type, name).empty() ||
        (composite &&
         std::ranges::any_of(composite->parts,
                             [&](const auto& part) { return text::iequals(part.name, name); })) ||
        std::ranges::any_of(field.options,
                            [&](const auto& option) { return text::iequals(option.value, name); });
    if (named) out.push_back({at.may});
    return named;
}

bool behind(const name_place& at, std::string_view name, name_places& out) {
    if (at.object) return behind_object(at, name, out);
    if (at.field) return behind_field(at, name, out);
    out.push_back(at);
    return true;
}

// The names behind it, and a little for each place.
std::size_t cost_of(const name_place& place) noexcept {
    return 4 + (place.object ? place.object->fields.size() : 0) +
           (place.field ? place.field->options.size() : 0);
}

// Several ways may lead to one place; what lies behind it is looked at once.
void drop_equal(name_places& places) {
    if (places.size() < 2) return;
    std::set<std::tuple<const void*, const void*, const void*>> seen;
    std::erase_if(places, [&](const name_place& each) {
        return !seen.emplace(each.may, each.object, each.field).second;
    });
}

name_walk walk_from(const name_place& start, const std::vector<std::string_view>& path,
                    look_budget& looks) {
    name_places here{start};
    for (std::size_t at = 1; at < path.size(); ++at) {
        name_places next;
        bool named = false;
        for (const auto& place : here) {
            if (!looks.spend(cost_of(place))) return {true, 0, {}};
            if (behind(place, path[at], next)) named = true;
        }
        if (!named) return {false, at, std::move(here)};
        drop_equal(next);
        here = std::move(next);
    }
    return {true, 0, {}};
}

} // namespace

void places_of_field::add(const twenty::access& may, const twenty::field& field) {
    if (field.relations.empty() && field.options.empty()) {
        const auto type = std::uint64_t{1} << static_cast<unsigned>(field.type);
        if ((types_ & type) != 0) return;
        types_ |= type;
    }
    add_field(may, field, places);
}

void places_of_field::add(const twenty::access& may, const twenty::relation& to) {
    add_target(may, to, places);
}

name_walk walk(const name_places& from, const std::vector<std::string_view>& path,
               look_budget& looks) {
    name_walk furthest{false, 1, {}};
    for (const auto& start : from) {
        auto way = walk_from(start, path, looks);
        if (way.arrived) return way;
        if (way.missing > furthest.missing ||
            (way.missing == furthest.missing && furthest.from.empty()))
            furthest = std::move(way);
    }
    return furthest;
}

std::vector<std::string> meant_at(const name_place& where, std::string_view name, bool sure,
                                  look_budget& looks) {
    std::vector<std::string> near;
    // A name that is near takes longer to find than an equal one.
    if (!looks.spend(8 * cost_of(where))) return near;
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
