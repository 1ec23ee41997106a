// How a call of a session is taken back.
#include "actors/session.hpp"
#include "mcp/message.hpp"

namespace actors {

// MCP 2025-11-25, cancellation. Not for a grant's own session: several clients share it, and
// their request ids may be alike. Of two calls with the same id the one that waits goes.
void session_logic::take_back(const mcp::incoming& m) {
    if (m.method != "notifications/cancelled" || origin_.id.empty()) return;
    const auto* id = m.params.find("requestId");
    if (!id) return;
    const std::string wanted = json::dump(*id);
    const auto is_it = [&](const call& c) {
        return !c.message.batch && !c.message.messages.empty() &&
               c.message.messages.front().id == wanted;
    };
    for (const auto number : queue_.waiting()) {
        call& c = *find(number);
        if (!is_it(c)) continue;
        tell_of_refused(c, errc::cancelled);
        mcp_reply nothing;
        nothing.status = 202;
        nothing.log = std::move(c.reply.log);
        take_out(number)->promise->answer(std::move(nothing));
        return;
    }
    for (const auto& [number, c] : calls_)
        if (is_it(*c) && c->report.method != "initialize") return abandon(number);
}

// Ends a call that runs: nobody wants its result any more. What it awaits is destroyed with its
// coroutine, and what it has asked for elsewhere is taken back.
void session_logic::abandon(std::uint64_t number) {
    const auto held = take_out(number);
    tell(peers_.pool, cancel_call{self_->id(), number});
    tell_of_refused(*held, errc::cancelled);
    take_back_questions(*held);
    if (held->life.is_task()) {
        end_task(*held, mcp::task_record::state::cancelled);
    } else if (held->life.on_stream()) {
        streams_.note(held->stream, std::move(held->reply.log));
        streams_.finish(held->stream);
    } else {
        if (held->out) held->out->watch(nullptr);
        mcp_reply nothing = std::move(held->reply);
        nothing.status = 202; // no JSON-RPC response is sent for a cancelled request
        held->promise->answer(std::move(nothing));
    }
}

} // namespace actors
