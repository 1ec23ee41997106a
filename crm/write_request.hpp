// The one request of a write: how it is built, sent, and what its answer means. crm/write tells the
// change journal before and behind it.
#pragma once

#include "crm/write.hpp"

#include <string>
#include <vector>

namespace crm {

result<twenty::request> request_for(const twenty::writable_object& of, write_kind what,
                                    const std::string& id, const json::object& values,
                                    const std::string& selection);
result<twenty::request> request_for_all(const twenty::writable_object& of, write_kind what,
                                        const std::vector<std::string>& ids,
                                        const json::object& values, const std::string& selection);
// A failure from before any request.
write_end unsent_write(error why);
// Of a failed_write(): its hint where to look says that the write may have happened.
write_end ended(crm_outcome failure);

async<write_end> send_one(call_slot& slot, const twenty::writable_object& of,
                          const twenty::access& may, write_kind what, std::string id,
                          twenty::request request);
async<write_end> send_together(call_slot& slot, const twenty::writable_object& of,
                               const twenty::access& may, write_kind what, twenty::request request);
// `ids` are those of the new records.
async<write_end> send_new(call_slot& slot, const twenty::writable_object& of,
                          const twenty::access& may, std::vector<std::string> ids,
                          twenty::request request);

} // namespace crm
