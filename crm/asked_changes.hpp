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

struct found_changes {
    std::vector<change_record> changes; // the newest first
    bool more = false;                  // there are others, which one call does not hold
    found_changes() {}
};
// The changes that `ids` name: one by its own id, or all of a call by the call's, which has no dot.
// errc::not_found: one of them is none of this connection.
async<result<found_changes>> named_changes(call_slot& slot, std::vector<std::string> ids);
// Those since a time that are not undone, without the undoing of what happened since: together they
// are nothing. What was undone since, and happened before, is a change like others.
async<result<found_changes>> standing_changes(call_slot& slot, std::int64_t since);

} // namespace crm
