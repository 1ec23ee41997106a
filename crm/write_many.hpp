// The writing tools' form for many records. Arguments are as in the tools' schemas: `records`,
// at most 60, or `ids`, at most 200.
#pragma once

#include "crm/write.hpp"

namespace crm {

// With upsertBy a record that has the unique value already is updated instead.
async<crm_outcome> create_many(call_slot& slot, const json::value& arguments,
                               const call_context& context, const twenty::access& may,
                               const twenty::writable_object& of);
async<crm_outcome> update_many(call_slot& slot, const json::value& arguments,
                               const call_context& context, const twenty::access& may,
                               const twenty::writable_object& of);
// The same `data` for all `ids`.
async<crm_outcome> update_equally(call_slot& slot, const json::value& arguments,
                                  const call_context& context, const twenty::access& may,
                                  const twenty::writable_object& of);
// Deletes or restores.
async<crm_outcome> change_many(call_slot& slot, write_kind what, const json::value& arguments,
                               const call_context& context, const twenty::access& may,
                               const twenty::writable_object& of);

} // namespace crm
