// The writing tools' form for one record: each function is a tool's whole answer. Arguments are as
// in the tools' schemas.
#pragma once

#include "crm/write.hpp"

namespace crm {

task<crm_outcome> create_single(exchange& slot, const json::value& arguments,
                                const call_context& context, const twenty::access& may,
                                const twenty::writable_object& of);
// Updates the record that has the unique value, or creates one.
task<crm_outcome> upsert_single(exchange& slot, const json::value& arguments,
                                const call_context& context, const twenty::access& may,
                                const twenty::writable_object& of);
task<crm_outcome> update_single(exchange& slot, const json::value& arguments,
                                const call_context& context, const twenty::access& may,
                                const twenty::writable_object& of);
task<crm_outcome> delete_single(exchange& slot, const json::value& arguments,
                                const twenty::access& may, const twenty::writable_object& of);
task<crm_outcome> restore_single(exchange& slot, const json::value& arguments,
                                 const call_context& context, const twenty::access& may,
                                 const twenty::writable_object& of);

} // namespace crm
