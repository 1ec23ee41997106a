// What this server offers to its clients: the CRM's tools, resources and prompts.
#pragma once

#include "mcp/catalogue.hpp"

namespace crm {

// Built once.
const mcp::catalogue& catalogue();

} // namespace crm
