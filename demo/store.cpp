#include "demo/store.hpp"

namespace demo {

const table& store::of(const object& o) const {
    static const table none;
    const auto found = tables_.find(o.singular);
    return found == tables_.end() ? none : found->second;
}

const record* store::find(const object& o, std::string_view id) const {
    const table& rows = of(o);
    const auto found = rows.find(id);
    return found == rows.end() ? nullptr : &found->second;
}

std::string store::new_id() { return uuid_of("record:" + std::to_string(++made_)); }

const json::value& stored(const record& r, std::string_view column) {
    static const json::value null;
    const json::value* found = r.find(column);
    return found ? *found : null;
}

bool is_deleted(const record& r) { return !stored(r, "deletedAt").is_null(); }

std::string_view id_of(const record& r) { return *stored(r, "id").if_string(); }

} // namespace demo
