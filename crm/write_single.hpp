// The writing tools' form for one record: each function is a tool's whole answer. Arguments are as
// in the tools' schemas.
#pragma once

#include "crm/write.hpp"

namespace crm {

async<crm_outcome> create_single(call_slot& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may,
                                 const twenty::writable_object& of);
// Updates the record that has the unique value, or creates one.
async<crm_outcome> upsert_single(call_slot& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may,
                                 const twenty::writable_object& of);
async<crm_outcome> update_single(call_slot& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may,
                                 const twenty::writable_object& of);
async<crm_outcome> delete_single(call_slot& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may,
                                 const twenty::writable_object& of);
async<crm_outcome> restore_single(call_slot& slot, const json::value& arguments,
                                  const call_context& context, const twenty::access& may,
                                  const twenty::writable_object& of);

} // namespace crm
