// What this server offers to its clients: the CRM's tools, resources and prompts.
#pragma once

#include "mcp/catalogue.hpp"

namespace crm {

// Without what depends on where the server is: its web site and its pictures.
mcp::catalogue::contents contents();
// Of these alone; built once.
const mcp::catalogue& catalogue();

} // namespace crm
