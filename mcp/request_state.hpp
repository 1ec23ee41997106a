// The requestState of MCP 2026-07-28's multi-round requests: what a client was asked and has
// answered so far, sealed. The server keeps nothing.
#pragma once

#include "mcp/interaction.hpp"
#include "mcp/server.hpp"

#include <string>

namespace mcp {

// How long a person may take between two rounds.
inline constexpr std::int64_t request_state_seconds = 15 * 60;

// Threat: a client alters or invents answers of earlier rounds, uses another person's state, or
// one of another request. Defence: authenticated encryption bound to the principal, the method
// and all parameters, with an end.
std::string seal_state(const json::object& answers, const incoming& request,
                       const call_context& context);

// What is known when `request` comes: the answers in its requestState, with its own
// inputResponses over them. errc::bad_request: not a state that was made for this request, or
// it has expired.
result<json::object> open_answers(const incoming& request, const call_context& context);

// {"inputRequests":…,"requestState":…}
std::string input_required_result(const input_required& asked, const call_slot& slot,
                                  const call_context& context);

} // namespace mcp
