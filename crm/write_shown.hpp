// What a tool shows of a record that it has written.
#pragma once

#include "crm/before.hpp"
#include "crm/write.hpp"

#include <string>

namespace crm {

inline constexpr std::size_t longest_written_label = 300;

// The stored record after a write. The write has happened: a failure to read is only a note.
async<crm_outcome> show_written(call_slot& slot, write_kind what, const twenty::readable_object& of,
                                std::string id, const twenty::prepared_data& data,
                                const call_context& context, const twenty::access& may);
// What Twenty answered to an update, with what was there before: that is the way back for whoever
// changed the wrong thing.
crm_outcome show_updated(const twenty::object& of, const std::string& id,
                         const twenty::prepared_data& data, const stored_record& before,
                         const json::value& after, const call_context& context,
                         const twenty::access& may);

} // namespace crm
