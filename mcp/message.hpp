// The JSON-RPC envelope: what a message must look like before its method matters, and the
// text of every answer. Ids are kept as the bytes they came in and go back unchanged.
#pragma once

#include "mcp/server.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace mcp {

// JSON-RPC 2.0 §5.1 and the codes that MCP adds. Every code the server sends is listed here.
namespace code {
inline constexpr int parse_error = -32700;
inline constexpr int invalid_request = -32600;
inline constexpr int method_not_found = -32601;
inline constexpr int invalid_params = -32602;
inline constexpr int internal_error = -32603;
inline constexpr int bad_http = -32000;            // session era: a header is wrong
inline constexpr int session_not_found = -32001;   // session era, with HTTP 404
inline constexpr int header_mismatch = -32020;     // MCP 2026-07-28, HTTP 400
inline constexpr int missing_capability = -32021;  // MCP 2026-07-28, HTTP 400
inline constexpr int unsupported_version = -32022; // MCP 2026-07-28, HTTP 400
inline constexpr int insufficient_scope = 403;     // ours: outside the reserved range
} // namespace code

refusal refuse(int http_status, int error_code, std::string message, std::string id = {},
               std::string data = {});

// One element of a body. The era is not decided yet (it stays `session`).
std::variant<incoming, refusal> read_message(json::value document);

// {"code","message","data"}
std::string error_object(const refusal& refused);
// {"jsonrpc":"2.0","id":…,"result":…}; `result` is a JSON text.
std::string result_body(std::string_view id, std::string_view result);

} // namespace mcp
