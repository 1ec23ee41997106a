// Which earlier changes a call means, and the journal's answer.
#pragma once

#include "crm/workspace.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crm {

// A day or a time as "since", unix seconds. errc::bad_request: neither.
result<std::int64_t> read_since(std::string_view written, const call_context& context);
// The texts of a list of ids.
std::vector<std::string> names_in(const json::value& ids);
// What the arguments of list_changes ask for, but for ids.
result<change_query> query_of(const json::value& arguments, const call_context& context,
                              const twenty::access& may);

async<result<std::vector<change_record>>> ask_journal(call_slot& slot, change_query wanted);
// A list may have been cut for its bytes, too.
bool may_be_more(const std::vector<change_record>& found, std::size_t asked);
// The changes that `ids` name, the newest first: one by its own id, or all of a call by the call's,
// which has no dot. errc::not_found: one of them is none of this connection.
async<result<std::vector<change_record>>> named_changes(call_slot& slot,
                                                        std::vector<std::string> ids);

} // namespace crm
