// Reading one record by id: shared by get_record, the read-back after a write, and the
// resource twenty://record/{object}/{id}.
#pragma once

#include "mcp/workspace.hpp"

#include <string>

namespace mcp {

struct record_reading {
    json::value record; // compact
    std::string label;  // what people call it, may be empty
    std::vector<std::string> notes;
    std::optional<error> failure;
    bool stale_schema = false;
};

// `id` is a checked UUID. With deleted_too a soft-deleted record is found as well.
task<record_reading> read_record(exchange& slot, const twenty::object& of,
                                 const twenty::access& may, std::string id,
                                 twenty::wanted_fields want, bool deleted_too);

crm_outcome failed(const record_reading& broken);

} // namespace mcp
