// How a session runs its calls: starts each message's coroutine, performs what it asks for,
// resumes it, and turns its answers into the reply to the POST.
#include "actors/session.hpp"
#include "actors/upstream.hpp"
#include "base/text.hpp"
#include "mcp/message.hpp"
#include "primer/primer.hpp"
#include "twenty/answer.hpp"

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

session_logic::running::running(session_logic& s, std::uint64_t n, waiting w)
    : session(s), number(n), promise(std::move(w.promise)), who(std::move(w.call.who)),
      message(std::move(w.call.message)), until(w.until), out(std::move(w.call.out)) {
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
        slot.out = (r.out && r.out->takes_events()) || r.stream != 0 ? &r : nullptr;
        auto taken = std::move(message);
        message.id = taken.id; // cancellation and failures still name it
        message.era = taken.era;
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
    apply(r);
    if (!r.last.body.empty()) r.bodies.push_back(std::move(r.last.body));
}

// What a message changed in the session itself.
void session_logic::apply(running& r) {
    if (r.last.log_level) negotiated_.log_level = *r.last.log_level;
    if (!r.last.subscription) return;
    const auto& edit = *r.last.subscription;
    r.edited = true;
    std::erase(subscriptions_, edit.uri);
    if (!edit.on) return;
    if (subscriptions_.size() < mcp::max_subscriptions) {
        subscriptions_.push_back(edit.uri);
    } else {
        r.last.body = mcp::error_body(mcp::refuse(200, mcp::code::invalid_params,
                                                  "Too many subscriptions in this session.",
                                                  r.message.messages[r.next - 1].id));
    }
}

void session_logic::finish(std::uint64_t number) {
    auto held = std::move(running_.extract(number).mapped());
    running& r = *held;
    if (r.heavy && !r.asking) --heavy_;
    if (!r.task_id.empty()) {
        end_task(r, r.last.task_error.empty() ? mcp::task_record::state::completed
                                              : mcp::task_record::state::failed);
    } else if (r.last.initialized && !origin_.id.empty()) {
        negotiated_ = std::move(*r.last.initialized);
        r.reply.session_id = origin_.id;
        save(std::move(held));
    } else if (r.edited && !origin_.id.empty()) {
        save(std::move(held));
    } else if (r.last.listen) {
        begin_listening(std::move(held));
    } else {
        answer(r);
        refuse_initialize();
    }
    start_waiting();
    end_if_done();
}

// The result, on whichever way the answer has taken.
void session_logic::answer(running& r) {
    const auto now = self_->clock().now();
    if (r.stream != 0) {
        for (const auto& body : r.bodies)
            streams_.send(r.stream, body, now);
        streams_.finish(r.stream);
        return;
    }
    if (r.out) r.out->watch(nullptr);
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
    r.promise->answer(std::move(reply));
}

// The answer goes out only once what it promises is durable.
void session_logic::save(std::unique_ptr<running> r) {
    stored::session_record row;
    row.id = origin_.id;
    row.grant_id = origin_.grant_id;
    row.protocol_version = negotiated_.protocol_version;
    row.client_info = negotiated_.client_info;
    row.client_capabilities = negotiated_.client_capabilities;
    row.subscriptions = subscriptions_;
    ++saving_;
    ask(self_, peers_.store, save_session(std::move(row)),
        [this, held = std::move(r)](const result<done>& saved) {
            --saving_;
            if (saved) {
                answer(*held);
            } else {
                not_saved(*held, saved.failure());
                refuse_initialize();
            }
            end_if_done();
        });
}

void session_logic::not_saved(running& r, const error& why) {
    if (r.last.initialized) negotiated_ = {};
    if (r.stream != 0) {
        streams_.send(r.stream, mcp::failure_body(r.message, why, *settings_->catalogue),
                      self_->clock().now());
        streams_.finish(r.stream);
    } else if (why.code == errc::not_found) { // the grant has ended
        r.promise->answer(unauthenticated());
    } else {
        r.promise->answer(why);
    }
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
    if (held->heavy && !held->asking) --heavy_;
    caf::anon_send(peers_.pool, cancel_call{self_->id(), number});
    forget_questions(*held);
    if (!held->task_id.empty()) {
        end_task(*held, mcp::task_record::state::cancelled);
    } else if (held->stream != 0) {
        streams_.finish(held->stream);
    } else {
        if (held->out) held->out->watch(nullptr);
        mcp_reply nothing = std::move(held->reply);
        nothing.status = 202; // no JSON-RPC response is sent for a cancelled request
        held->promise->answer(std::move(nothing));
    }
}

// -- What the coroutines need ------------------------------------------------------------------

void session_logic::perform(std::uint64_t number, mcp::need what) {
    std::visit([&](auto& n) { perform(number, std::move(n)); }, what);
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
            if (answer) {
                if (const auto failure = find_failure(target, *answer); !failure)
                    watch_key(key_verdict::accepted);
                else if (failure->why.code == errc::upstream_auth && failure->said_by_twenty)
                    watch_key(failure->for_good ? key_verdict::dead : key_verdict::refused);
            }
            resume(number, std::move(answer));
        });
}

void session_logic::perform(std::uint64_t number, const mcp::need_schema& what) {
    running& r = *find(number);
    const auto wait = ++r.waits;
    if (what.patience.count() > 0) {
        r.patient = true;
        self_->delayed_send(self_, what.patience, call_resumes{number, wait});
    }
    const auto& connection = r.who->connection;
    ask(self_, peers_.schemas, get_schema(connection.workspace.id, connection.api_key, what.wanted),
        [this, number, wait](result<twenty::schema_ptr> schema) {
            // A cached schema says nothing about this key; a refusal does.
            if (!schema && schema.failure().code == errc::upstream_auth)
                watch_key(schema.failure().detail == twenty::dead_key ? key_verdict::dead
                                                                      : key_verdict::refused);
            running* asker = find(number);
            if (!asker || asker->waits != wait) return;
            ++asker->waits; // its patience ends with it
            asker->patient = false;
            resume(number, std::move(schema));
        });
}

void session_logic::perform(std::uint64_t number, const mcp::need_primer&) {
    ask(self_, peers_.store, read_primer(),
        [this, number](const result<std::optional<stored::primer_record>>& row) {
            if (!row) return resume(number, result<std::string>(row.failure()));
            const auto text = *row ? (*row)->markdown : std::string(primer::default_context());
            resume(number, result<std::string>(text));
        });
}

void session_logic::perform(std::uint64_t number, const mcp::need_pause& what) {
    const auto wait = ++find(number)->waits;
    self_->delayed_send(self_, what.time, call_resumes{number, wait});
}

void session_logic::wait_is_over(const call_resumes& m) {
    running* r = find(m.call);
    if (!r || r->waits != m.wait) return;
    ++r->waits; // the schema may still come: too late
    if (std::exchange(r->patient, false))
        resume(m.call,
               result<twenty::schema_ptr>(error(errc::upstream_timeout, "Twenty takes its time.")));
    else
        resume(m.call, result<done>(done{}));
}

// A key that Twenty refuses again and again is dead. Counted for the whole grant, because some
// clients open a session for each call.
void session_logic::watch_key(key_verdict how) {
    if (auto sessions = caf::actor_cast<caf::actor>(peers_.sessions))
        self_->send(sessions, upstream_key_seen{origin_.grant_id, how});
}

} // namespace actors
