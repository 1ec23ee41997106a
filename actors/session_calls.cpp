// How a session runs its calls: starts each message's coroutine, performs what it asks for,
// resumes it, and turns its answers into the reply to the POST.
#include "actors/session.hpp"
#include "actors/upstream.hpp"
#include "base/text.hpp"
#include "mcp/message.hpp"
#include "primer/primer.hpp"

namespace actors {

namespace {

// One JSON array of all bodies.
std::string joined(const std::vector<std::string>& bodies) {
    std::string out = "[";
    for (const auto& body : bodies) {
        if (out.size() > 1) out += ',';
        out += body;
    }
    return out += ']';
}

mcp::answer failed(const std::string& id) {
    mcp::answer out;
    out.body = mcp::error_body(mcp::refuse(200, mcp::code::internal_error, "Internal error.", id));
    return out;
}

} // namespace

session_logic::running::running(waiting w, deadline d)
    : promise(std::move(w.promise)), who(std::move(w.call.who)), message(std::move(w.call.message)),
      until(d) {
    if (message.messages.empty()) return;
    const auto& first = message.messages.front();
    reply.log_method = text::cut_utf8(first.method, 64);
    if (first.method == "tools/call")
        reply.log_tool = text::cut_utf8(first.params.text("name"), 64);
}

session_logic::running* session_logic::find(std::uint64_t number) {
    const auto found = running_.find(number);
    return found == running_.end() ? nullptr : found->second.get();
}

// -- Running -----------------------------------------------------------------------------------

void session_logic::begin_next(running& r) {
    auto& message = r.message.messages[r.next++];
    r.task.emplace([&](mcp::exchange& slot) {
        auto taken = std::move(message);
        message.id = taken.id; // cancellation and failures still name it
        return mcp::handle(slot, std::move(taken), r.context);
    });
    r.task->start();
}

void session_logic::drive(std::uint64_t number) {
    running& r = *find(number);
    while (r.task->finished()) {
        collect(r);
        if (r.next == r.message.messages.size()) return finish(number);
        begin_next(r);
    }
    perform(number, r.task->take_need());
}

void session_logic::collect(running& r) {
    try {
        r.last = r.task->take();
    } catch (const std::exception& e) {
        logging::event(logging::level::error, "call_failed",
                       {{"method", r.reply.log_method}, {"what", e.what()}});
        r.last = failed(r.message.messages[r.next - 1].id);
    }
    r.task.reset();
    if (!r.last.body.empty()) r.bodies.push_back(std::move(r.last.body));
}

void session_logic::finish(std::uint64_t number) {
    const auto held = std::move(running_.extract(number).mapped());
    running& r = *held;
    mcp_reply reply = std::move(r.reply);
    if (r.message.batch) {
        reply.status = r.bodies.empty() ? 202 : 200;
        if (!r.bodies.empty()) reply.body = joined(r.bodies);
    } else {
        reply.status = r.last.http_status;
        if (!r.bodies.empty()) reply.body = std::move(r.bodies.front());
        if (r.last.insufficient_scope) {
            reply.status = 403;
            reply.challenge = errc::scope_missing;
        }
    }
    if (r.last.initialized && !origin_.id.empty()) {
        negotiated_ = std::move(*r.last.initialized);
        save(std::move(r.promise), std::move(reply));
    } else {
        r.promise.answer(std::move(reply));
        refuse_initialize();
    }
    start_waiting();
    end_if_done();
}

// The id goes out only once it is durable.
void session_logic::save(owed promise, mcp_reply reply) {
    store::session_record row;
    row.id = origin_.id;
    row.grant_id = origin_.grant_id;
    row.protocol_version = negotiated_.protocol_version;
    row.client_info = negotiated_.client_info;
    row.client_capabilities = negotiated_.client_capabilities;
    reply.session_id = origin_.id;
    ++saving_;
    auto held = std::make_shared<owed>(std::move(promise));
    ask(self_, peers_.store, save_session(std::move(row)),
        [this, held, reply](const result<done>& saved) {
            --saving_;
            if (saved) {
                held->answer(reply);
            } else {
                // The grant may have ended meanwhile.
                if (saved.failure().code == errc::not_found)
                    held->answer(unauthenticated());
                else
                    held->answer(saved.failure());
                negotiated_ = {};
                refuse_initialize();
            }
            end_if_done();
        });
}

// A session without a successful initialize has no client and should not take up a place.
void session_logic::refuse_initialize() {
    if (origin_.how != session_origin::kind::fresh || !negotiated_.protocol_version.empty()) return;
    if (auto sessions = caf::actor_cast<caf::actor>(peers_.sessions))
        self_->send(sessions, session_stillborn{origin_.id});
}

// -- Cancellation ------------------------------------------------------------------------------

// MCP 2025-11-25, cancellation. Not for a grant's own session: several clients share it, and
// their request ids may be alike.
void session_logic::take_back(const mcp::incoming& m) {
    if (m.method != "notifications/cancelled" || origin_.id.empty()) return;
    const auto* id = m.params.find("requestId");
    if (!id) return;
    const std::string wanted = json::dump(*id);
    const auto is_it = [&](const mcp::classified& c) {
        return !c.batch && !c.messages.empty() && c.messages.front().id == wanted;
    };
    for (auto at = waiting_.begin(); at != waiting_.end(); ++at) {
        if (!is_it(at->call.message)) continue;
        mcp_reply nothing;
        nothing.status = 202;
        at->promise.answer(std::move(nothing));
        waiting_.erase(at);
        return;
    }
    for (const auto& [number, r] : running_)
        if (is_it(r->message) && r->reply.log_method != "initialize") return abandon(number);
}

void session_logic::abandon(std::uint64_t number) {
    const auto held = std::move(running_.extract(number).mapped());
    caf::anon_send(peers_.pool, cancel_call{self_->id(), number});
    mcp_reply nothing = std::move(held->reply);
    nothing.status = 202; // no JSON-RPC response is sent for a cancelled request
    held->promise.answer(std::move(nothing));
}

// -- What the coroutines need ------------------------------------------------------------------

void session_logic::perform(std::uint64_t number, mcp::need what) {
    std::visit([&](auto& n) { perform(number, std::move(n)); }, what);
}

template <class T> void session_logic::resume(std::uint64_t number, result<T> with) {
    running* r = find(number);
    if (!r) return; // cancelled meanwhile
    r->task->resume(mcp::reply(std::move(with)));
    drive(number);
}

void session_logic::perform(std::uint64_t number, mcp::need_twenty what) {
    const auto& connection = find(number)->who->connection;
    std::string target = what.request.target;
    twenty_call call(connection.workspace.id, connection.api_key, std::move(what.request),
                     find(number)->until);
    call.owner = self_->id();
    call.number = number;
    ask(self_, peers_.pool, std::move(call),
        [this, number, target = std::move(target)](result<twenty::response> answer) {
            watch_key(target, answer);
            resume(number, std::move(answer));
        });
}

void session_logic::perform(std::uint64_t number, const mcp::need_schema& what) {
    const auto& connection = find(number)->who->connection;
    ask(self_, peers_.schemas,
        get_schema(connection.workspace.id, connection.api_key, what.refresh),
        [this, number](result<twenty::schema_ptr> schema) { resume(number, std::move(schema)); });
}

void session_logic::perform(std::uint64_t number, const mcp::need_primer&) {
    ask(self_, peers_.store, read_primer(),
        [this, number](const result<std::optional<store::primer_record>>& row) {
            if (!row) return resume(number, result<std::string>(row.failure()));
            const auto text = *row ? (*row)->markdown : std::string(primer::default_context());
            resume(number, result<std::string>(text));
        });
}

// No way to ask the person back is open yet; tools then do without.
void session_logic::perform(std::uint64_t number, const mcp::need_answer&) {
    resume(number, result<json::value>(
                       error(errc::unsupported, "This client cannot be asked for an answer.")));
}

// A key that Twenty refuses again and again is dead: the grant ends, so that the next request
// gets a 401 and the client leads its person to connect anew.
void session_logic::watch_key(std::string_view target, const result<twenty::response>& answer) {
    if (!answer) return;
    const auto failure = find_failure(target, *answer);
    const bool refused = failure && failure->why.code == errc::upstream_auth;
    key_refusals_ = refused ? key_refusals_ + 1 : 0;
    if (key_refusals_ != settings_->dead_key_after) return;
    if (auto sessions = caf::actor_cast<caf::actor>(peers_.sessions))
        self_->send(sessions, upstream_key_dead{origin_.grant_id});
}

} // namespace actors
