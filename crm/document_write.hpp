// A mutation that was written by hand, as the change journal has it: what it changes is read from
// its text, what was there before from Twenty.
#pragma once

#include "crm/workspace.hpp"
#include "twenty/document_change.hpp"

#include <string>

namespace crm {

struct document_write {
    twenty::document_change what;
    std::string change; // empty: nothing was written down
};
// Before the request leaves, with `what` known. A failure says that nothing was sent.
async<result<done>> begin_document(call_slot& slot, const twenty::access& may, document_write& out);
async<done> end_document(call_slot& slot, const twenty::access& may, const document_write& write,
                         const result<twenty::answer>& answer);

// Where to look when the answer to a mutation was lost.
json::object perhaps_ran();

} // namespace crm
