// The records, in memory. A record holds one member per stored column: composite fields as
// objects, join columns by their own name; an empty text is null, as in Twenty's database.
#pragma once

#include "base/json.hpp"
#include "demo/schema.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace demo {

using record = json::object;
// Ordered by id, which is Twenty's default order.
using table = std::map<std::string, record, std::less<>>;

class store {
  public:
    [[nodiscard]] table& of(const object& o) { return tables_[o.singular]; }
    [[nodiscard]] const table& of(const object& o) const;
    // nullptr when there is none; deleted records are found as well.
    [[nodiscard]] const record* find(const object& o, std::string_view id) const;

    // The next identifier for a record that comes without one.
    std::string new_id();

  private:
    std::map<std::string, table, std::less<>> tables_;
    std::uint64_t made_ = 0;
};

// The stored value, null when the record has none.
const json::value& stored(const record& r, std::string_view column);
bool is_deleted(const record& r);
std::string_view id_of(const record& r);

} // namespace demo
