// How our errors look to an MCP client: one switch for JSON-RPC codes, one for the hints of
// tool results. A tool's failure is a result the model can act on, never a protocol error.
#pragma once

#include "base/result.hpp"
#include "mcp/catalogue.hpp"

#include <string_view>

namespace mcp {

// The JSON-RPC code of a failure outside tools (resources, prompts, completions).
int rpc_code(errc why) noexcept;

// What to do about it, for a model; empty where the message says everything. Holds for reads:
// a change whose answer was lost brings a hint of its own (failed_write).
std::string_view hint_of(errc why) noexcept;

// {"error":{"code","message","hint"?,"retryAfterSeconds"?,…}}. `extra`, if not null, is an
// object whose members are added.
tool_result tool_failure(const error& why, const json::value& extra = {});

// A successful result from a JSON object.
tool_result tool_success(const json::value& structured);

} // namespace mcp
