// A mutation that was written by hand, as its person and the change journal have it: what it
// changes is read from its text, what was there before from Twenty.
#pragma once

#include "crm/workspace.hpp"
#include "twenty/document_change.hpp"

#include <optional>
#include <string>

namespace crm {

struct document_write {
    twenty::document_change what;
    std::string text;
    bool is_metadata = false;
    std::string change; // empty: nothing was written down
};
// Before the request leaves, with `what` known. Otherwise than nullopt: nothing may be sent, and
// the call ends with this.
async<std::optional<crm_outcome>> begin_document(call_slot& slot, const call_context& context,
                                                 const twenty::access& may, document_write& out);
async<done> end_document(call_slot& slot, const twenty::access& may, const document_write& write,
                         const result<twenty::answer>& answer);

// Where to look when the answer to a mutation was lost.
json::object perhaps_ran();

} // namespace crm
