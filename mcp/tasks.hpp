// The extension io.modelcontextprotocol/tasks (SEP-2663, for MCP 2026-07-28): a tools/call that
// goes on after its response, asked for with tasks/get. The records live with whoever runs the
// calls; this is what they look like from outside.
#pragma once

#include "mcp/coroutine.hpp"
#include "mcp/server.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

inline constexpr std::string_view tasks_extension = "io.modelcontextprotocol/tasks";

struct task_record {
    enum class state { working, input_required, completed, failed, cancelled };

    std::string id;
    state status = state::working;
    std::int64_t created_at = 0; // unix seconds
    std::int64_t updated_at = 0;
    std::int64_t ttl_ms = 0;              // it may be asked for at least so long after its creation
    std::string result;                   // of the tool, a JSON object; when completed
    std::string error;                    // {"code","message"}; when failed
    std::vector<input_request> questions; // open ones
    json::object answers;

    [[nodiscard]] bool ended() const noexcept {
        return status != state::working && status != state::input_required;
    }
};

// The result of the tools/call that became the task, and that of tasks/get; neither decorated.
std::string created_task(const task_record& t);
std::string detailed_task(const task_record& t);

// Takes the answers to open questions; other keys are ignored. True: none is open any more.
bool take_answers(task_record& t, const json::value& responses);

// Did this request declare the extension?
bool client_takes_tasks(const call_slot& slot);
// -32021 if it did not.
void require_tasks(const call_slot& slot);
// From here on the call is a task: its client has been answered, and what is left runs on.
// errc::unsupported: this request cannot become one; errc::busy: too many run already.
async<result<done>> become_task(call_slot& slot);

} // namespace mcp
