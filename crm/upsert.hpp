// Creating a record or, where one has the unique value already, updating that one. Twenty's
// own upsert replaces all addresses of the record it finds and doesn't say what it did; a look
// before the write does neither.
#pragma once

#include "crm/batch.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crm {

// The unique field that the caller named: "emails.primaryEmail", "emails", "domainName".
// errc::bad_request with the object's unique fields.
result<const twenty::field*> unique_field(const twenty::object& of, const twenty::access& may,
                                          std::string_view name);
// The value of that field in what is to be written; errc::bad_request when it has none.
result<json::value> unique_value(const twenty::field& key, const json::object& values);
// Do two values of that field mean the same, in any spelling?
bool same_value(const twenty::field& key, const json::value& a, const json::value& b);

// The stored record that has each of `values`, in any spelling, as primary or additional one, or
// null, with its id, deletedAt and the key. Deleted records are found as well.
async<result<std::vector<json::value>>>
find_holders(call_slot& slot, const twenty::readable_object& of, const twenty::access& may,
             const twenty::field& key, std::vector<json::value> values);
// Who was found by an additional address keeps the primary one.
void keep_primary(const twenty::field& key, const json::value& holder, twenty::prepared_data& data);

// Names the record that stands in the way of each write that failed for a unique value, where
// Twenty does not: a deleted one [twenty-golden-2 uniqueness/030]. An update may name values that
// its own record has already: `own_id` is never in the way.
async<done> name_holder(call_slot& slot, const twenty::readable_object& of,
                        const twenty::access& may, const json::object& values, write_end& end,
                        std::string_view own_id = {});
async<done> name_holders(call_slot& slot, batch& all);

} // namespace crm
