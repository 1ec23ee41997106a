#include "demo/unique_values.hpp"

#include "demo/shape.hpp"

namespace demo {

namespace {

const json::value& unique_part(const field& f, const json::value& v) {
    static const json::value null;
    if (f.type->parts.empty()) return v;
    const std::string_view part =
        f.type->name == "LINKS" ? "primaryLinkUrl" : f.type->parts[0].name;
    const json::value* found = v.find(part);
    return found ? *found : null;
}

} // namespace

// find_clash() looks at deleted records, too: their values stay taken, and an upsert brings them
// back (uniqueness/031).
std::optional<clash> find_clash(const store& records, const object& on, const json::object& columns,
                                std::string_view own_id) {
    if (const auto* id = columns.find("id"); id && id->if_string() && *id->if_string() != own_id)
        if (const record* other = records.find(on, *id->if_string()))
            return clash{other, nullptr, false};
    for (const auto& f : on.fields) {
        const json::value* set = f.unique ? columns.find(f.name) : nullptr;
        if (!set) continue;
        const json::value& wanted = unique_part(f, *set);
        if (wanted.is_null()) continue;
        for (const auto& [id, row] : records.of(on))
            if (id != own_id && unique_part(f, stored(row, f.name)) == wanted)
                return clash{&row, &f, false};
    }
    return std::nullopt;
}

} // namespace demo
