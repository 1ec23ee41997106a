// The pictures that clients show beside the server and its tools (MCP 2025-11-25, icons). Their
// addresses are the server's own, as clients are told to expect.
#pragma once

#include "mcp/catalogue.hpp"
#include "oauth/identity.hpp"
#include "web/http.hpp"

#include <string>
#include <vector>

namespace web {

std::vector<mcp::icon> server_icons(const oauth::server_identity& who);
std::string tool_icons(const oauth::server_identity& who); // as mcp::catalogue::contents has it
// /icons/NAME.png and server.svg.
asio::awaitable<response> get_static_icon(request r);

} // namespace web
