// The protocol core as one function: a parsed JSON-RPC request and what is known of its
// session go in, an answer comes out. It knows both protocol eras and a catalogue (tools,
// resources, prompts); it knows nothing of HTTP sockets, OAuth or actors. The session actor
// runs the coroutine that handle() returns and writes down the session changes it reports.
#pragma once

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "mcp/call_report.hpp"
#include "mcp/coroutine.hpp"
#include "mcp/subscription.hpp"
#include "twenty/connection.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mcp {

class catalogue;
class session_memory;

// Which protocol a message speaks (MCP 2026-07-28, versioning; decided from the body first).
enum class era {
    session,   // 2025-03-26, 2025-06-18, 2025-11-25: initialize, optional session id
    stateless, // 2026-07-28: every request describes itself
};

// What the HTTP layer read of one POST, before any session is involved.
struct http_headers {
    std::string protocol_version; // MCP-Protocol-Version, empty when absent
    std::string method;           // Mcp-Method
    std::string name;             // Mcp-Name, raw
    // Mcp-Param-*: what follows the prefix in lower case, and the raw value.
    std::vector<std::pair<std::string, std::string>> params = {};
    // A transport without headers (MCP, stdio): a message speaks for itself, and `protocol_version`
    // is what its session has negotiated.
    bool absent = false;
};

struct incoming {
    enum class kind { request, notification, response };
    kind what = kind::request;
    mcp::era era = mcp::era::session;
    std::string id;     // raw JSON of the id, empty for a notification
    std::string method; // empty for a response
    json::value params; // object or null
    json::value result; // of a response; null when it is an error
    // Stateless era: the values of Mcp-Param-* headers, decoded; nullopt: not decodable.
    std::vector<std::pair<std::string, std::optional<std::string>>> header_params;
    bool without_headers = false;         // http_headers::absent
    std::optional<error> wrong_arguments; // as find_wrong_call() found them
};

// A refusal at the protocol's own level: HTTP status plus JSON-RPC error.
struct refusal {
    int http_status = 400;
    int code = -32600;
    std::string message;
    std::string id;   // raw JSON id to echo; empty: unknown
    std::string data; // raw JSON, may be empty
};

// The JSON-RPC body of a refusal; an unknown id is written as null.
std::string error_body(const refusal& refused);

// Parses and classifies a body. Batches (2025-03-26) come back as several messages.
struct classified {
    std::vector<incoming> messages;
    bool batch = false; // the answers of the requests go back as one JSON array
};
std::variant<classified, refusal> classify(std::string_view body, const http_headers& headers);

// What is wrong with a batch where this version was negotiated; nullopt: nothing, or none was.
std::optional<refusal> refuse_batch(std::string_view version);

// The negotiated state of a session (or of a single stateless request).
struct session_state {
    std::string protocol_version; // empty before initialize
    std::string client_info;      // JSON object text
    std::string client_capabilities;
    std::string log_level; // logging/setLevel; empty: never set
};

// Everything a handler may know. Owned by the caller, must outlive the coroutine.
struct call_context {
    const twenty::connection* connection = nullptr; // null only without a workspace (fixtures)
    bool scope_write = false; // the token's own scope; the mode is in the connection
    // For `initialize`: the session that the request's header names, else empty.
    session_state session;
    bool in_session = true;           // false: the client named none, and shares its grant's own
    session_memory* memory = nullptr; // null: nothing is remembered
    std::string twenty_base_url;      // public address of the workspace, for record links
    std::int64_t now = 0;             // unix seconds
    // What a requestState is sealed with, and for whom (MCP 2026-07-28, multi-round trips).
    const secret* state_key = nullptr;
    std::string_view principal;
    std::function<std::string()> new_id = crypto::random_uuid; // ids of records we create
    // How long the call may still take; a long piece of work ends in time and says how far it
    // came.
    std::function<std::chrono::milliseconds()> time_left = [] {
        return std::chrono::milliseconds(45'000);
    };
    const mcp::catalogue* catalogue = nullptr; // never null while a message is handled
    bool keeps_changes = false;                // the change journal is on
    twenty::caution caution;                   // when the person is asked, and how much may change
    bool counts_changes = false;               // by its quota
    const secret* question_key = nullptr;      // names what people are asked
    // Why nothing may be written at this moment, whatever the connection may do; nullopt: it may.
    std::function<std::optional<error>()> refuse_write = [] { return std::optional<error>(); };

    // May this call change the workspace? Both the token and what was consented to say so.
    [[nodiscard]] bool may_write() const noexcept {
        return scope_write && (!connection || connection->mode == twenty::mode::write);
    }
};

struct answer {
    int http_status = 200; // 202 for notifications, 404 unknown method of 2026-07-28, 403 scope
    std::string body;      // the JSON-RPC response; empty for notifications
    std::optional<session_state> initialized; // set by initialize: the caller makes a session
    bool insufficient_scope = false;          // 403: the caller adds the challenge header
    // What the caller has to remember or to begin; most answers have none.
    std::optional<std::string> log_level;          // logging/setLevel
    std::optional<subscription_edit> subscription; // resources/subscribe and unsubscribe
    std::optional<interest> listen; // subscriptions/listen: no body, a stream begins instead
    std::string task_result;        // of a call that became a task, or
    std::string task_error;         // {"code","message"}
};

// One message. Never fails: every error is an answer. `slot.out` may be set before it starts, and
// `slot.told` says afterwards what it came to.
async<answer> handle(call_slot& slot, incoming message, const call_context& context);

// The answer to a message that is not handled at all: a tool result with isError for one
// tools/call, so that the model can act on it, otherwise a JSON-RPC error for each request.
std::string failure_body(const classified& messages, const error& why, const catalogue& offered);

// Is the message a call that handle() answers with what is wrong about it, whatever else is so: of
// a tool that is not offered, or with arguments that its schema refuses? What was found of the
// arguments is kept in the message, so that they are looked at once.
bool find_wrong_call(incoming& m, const catalogue& offered);

// The method's name in the table of methods, which lives as long as the program; empty: none there.
std::string_view known_method(std::string_view name) noexcept;

// The versions, newest first (2026-07-28 is the stateless one).
const std::vector<std::string_view>& supported_versions();

} // namespace mcp
