// What the log, the audit trail and the metrics are told of a tool's work: the object, which
// records were written, how many are shown. Names of the data model and ids, never a value.
#pragma once

#include "crm/workspace.hpp"

namespace crm {

// Before a tool writes: what may have been changed, should nothing be heard of its end.
void tell_begun(mcp::call_report& told, const json::value& arguments, const twenty::access& may);
// `arguments` are the tool's. Of a failed write the ids are those that it may have written.
void tell(mcp::call_report& told, const json::value& arguments, const twenty::access& may,
          const crm_outcome& done);

} // namespace crm
