// What a tool may do while it runs, beside asking Twenty: report progress, log, ask the person,
// ask the client. One API for every protocol version: a session gets real requests on the
// call's stream; under 2026-07-28 the call ends with input_required, and when the client comes
// back with answers it runs again from its start and finds them. So whatever a tool does before
// it asks must be harmless to repeat.
#pragma once

#include "mcp/coroutine.hpp"
#include "mcp/server.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

// MCP, progress: `done` must grow from call to call. Without a token nothing is sent.
void report_progress(call_slot& slot, std::int64_t done, std::optional<std::int64_t> total,
                     std::string_view message);

// MCP, logging (catalogues that offer it only). `data` is a JSON text.
void log_to_client(call_slot& slot, const call_context& context, std::string_view level,
                   std::string_view logger, std::string_view data);
// RFC 5424's names, from debug to emergency.
bool is_log_level(std::string_view name) noexcept;

// Did this client declare that it answers questions of this kind?
bool client_answers(const call_slot& slot, const call_context& context, std::string_view method);

// Asks all of them at once; an object with one result for each key. errc::unsupported when the
// client never said that it could answer, upstream_timeout when nobody did, unavailable when no
// answer can arrive any more.
async<result<json::value>> ask_client(call_slot& slot, const call_context& context,
                                      std::vector<input_request> questions);

// An answer of the right shape; any other counts as not given (MCP 2026-07-28, MRTR).
bool usable_answer(const input_request& question, const json::value& answer);

// A form to the person. `schema` is flat (MCP 2025-06-18, elicitation).
input_request form(std::string key, std::string message, json::value schema);

enum class verdict { accepted, declined, cancelled, impossible };
// A yes or no. `cancelled`: the person made no choice, as also clients say that have nobody to ask;
// `impossible`: this client cannot ask its person.
// `key` names the question: under 2026-07-28 an answer is found by it.
async<verdict> confirm(call_slot& slot, const call_context& context, std::string question,
                       std::string key = "confirm");

// -- For handle() ------------------------------------------------------------------------------

// These unwind a call of the stateless era from wherever it asked. No error of ours: nothing
// but handle() catches them.
struct input_required {
    std::vector<input_request> questions;
};
struct missing_capability {
    std::string required; // a ClientCapabilities object
};
// For calls that make no sense without: -32021 under 2026-07-28, a refusal in a session.
void require_client(const call_slot& slot, const call_context& context, std::string_view method);

} // namespace mcp
