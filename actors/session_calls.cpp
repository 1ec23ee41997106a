// How a session runs its calls: starts each message's coroutine, and turns what it came to into
// the reply to the POST.
#include "actors/session.hpp"
#include "base/text.hpp"
#include "mcp/catalogue.hpp"
#include "mcp/message.hpp"

#include <stdexcept>
#include <utility>

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

session_logic::call::call(session_logic& s, std::uint64_t n, session_call m, owed p,
                          held_calls::hold h, deadline d)
    : session(s), number(n), promise(std::move(p)), who(std::move(m.who)), held(std::move(h)),
      message(std::move(m.message)), protocol_version(std::move(m.protocol_version)), until(d),
      out(std::move(m.out)), arrived(s.self_->clock().now()), begun(arrived),
      request_id(std::move(m.request_id)), trace(std::move(m.trace)) {
    if (message.messages.empty()) return;
    const auto& first = message.messages.front();
    report = report_of(first);
    place = place_of(first);
}

// What is told of a message whose coroutine says nothing more.
mcp::call_report session_logic::call::report_of(const mcp::incoming& m) const {
    mcp::call_report out;
    out.method = mcp::known_method(m.method);
    if (out.method != "tools/call") return out;
    const auto* tool = session.settings_->catalogue->find_tool(m.params.text("name"));
    if (!tool) return out;
    out.tool = tool->name;
    out.writes = mcp::is_write(tool->what);
    return out;
}

// MCP (SEP-414): a message's own trace is nearer than that of the request that brought it. One that
// has none begins one only where somebody takes it.
std::optional<tracing::place> session_logic::call::place_of(const mcp::incoming& m) const {
    auto* const spans = session.settings_->spans;
    const auto within_rate = [spans](tracing::place p) {
        if (p.own.sampled && spans && !spans->admits()) p.own.sampled = false;
        return p;
    };
    if (const auto* meta = m.params.find("_meta"))
        if (const auto own = trace::parse(meta->text("traceparent")))
            return within_rate(tracing::below_remote(*own));
    if (trace) return within_rate(tracing::below_remote(*trace));
    if (!spans) return std::nullopt;
    const auto ratio = session.settings_->trace_ratio;
    if (ratio < 1) return within_rate(tracing::begin(ratio));
    // Under load most calls find no room in the rate: no ids are drawn for them.
    if (!spans->admits()) return std::nullopt;
    return tracing::begin(ratio);
}

// The call leaves the table: it holds no turn, and a message about it finds nothing. A number that
// the queue or the table of tasks knows is one of calls_; another one is a fault of ours, which
// ends the session as an illegal step of call_life does.
std::unique_ptr<session_logic::call> session_logic::take_out(std::uint64_t number,
                                                             call_phase next) {
    auto node = calls_.extract(number);
    if (node.empty()) throw std::logic_error("a call that is not there was taken out");
    queue_.leave(number);
    node.mapped()->life.enter(next);
    return std::move(node.mapped());
}

// The context that the coroutine of a call reads from.
void session_logic::prepare(call& c) {
    auto& context = c.context;
    context.connection = &c.who->connection;
    context.scope_write = c.who->scope.write;
    context.memory = &learnt_;
    context.session = negotiated_;
    context.in_session = !origin_.id.empty();
    // A session that was never saved, or none: the header is all that is known. `initialize`
    // starts from nothing.
    if (negotiated_.protocol_version.empty() && c.report.method != "initialize")
        context.session.protocol_version = std::move(c.protocol_version);
    context.twenty_base_url = settings_->twenty_base_url;
    context.now = oauth::clock::to_time_t(settings_->now());
    context.new_id = settings_->new_id;
    context.time_left = [this, &c] {
        return std::chrono::duration_cast<milliseconds>(c.until - self_->clock().now());
    };
    context.catalogue = settings_->catalogue;
    context.keeps_changes = settings_->keeps_changes;
    add_caution(c);
    context.refuse_write = write_veto(c);
    // MCP 2026-07-28, multi-round trips: requestState is sealed for the grant, so that no other
    // grant can bring it back.
    context.state_key = &peers_.state_key;
    context.principal = c.who->grant_id;
}

// -- Running -----------------------------------------------------------------------------------

void session_logic::begin_next(call& c) {
    auto& message = c.message.messages[c.next++];
    c.begun = self_->clock().now();
    if (c.next > 1) { // of the first they are known
        c.report = c.report_of(message);
        c.place = c.place_of(message);
    }
    c.coroutine.emplace([&](mcp::call_slot& slot) {
        // Nobody listens where the client takes no events: notifications are not even written then.
        slot.out = (c.out && c.out->takes_events()) || c.life.on_stream() ? &c : nullptr;
        auto taken = std::exchange(message, {});
        message.id = taken.id; // cancellation and failures still name it
        message.era = taken.era;
        return mcp::handle(slot, std::move(taken), c.context);
    });
    c.coroutine->start();
}

// drive() runs the call's coroutine until it needs something, and a batch's coroutines one after
// the other. perform() may answer at once, and then comes back here through resume(): after it `c`
// may be gone.
void session_logic::drive(std::uint64_t number) {
    call& c = *find(number);
    for (;;) {
        while (c.coroutine->finished()) {
            collect(c);
            if (c.next == c.message.messages.size()) return finish(number);
            begin_next(c);
        }
        auto what = c.coroutine->take_need();
        if (!ends_change(c, what)) return perform(number, std::move(what));
    }
}

// collect() turns an exception of a tool into the answer to its message: it ends neither the other
// messages of a batch nor the session.
void session_logic::collect(call& c) {
    mcp::call_report told;
    try {
        c.last = c.coroutine->take();
    } catch (const std::exception& e) {
        logging::event(logging::level::error, "call_failed",
                       {{"method", c.report.method}, {"what", e.what()}});
        c.last = failed(c.message.messages[c.next - 1].id);
        told.error = to_string(errc::internal);
    }
    if (told.error.empty()) told = c.coroutine->take_told();
    c.coroutine.reset();
    c.changes.reset();
    if (!c.message.messages[c.next - 1].id.empty()) tell_of(c, std::move(told));
    apply(c);
    if (!c.last.body.empty()) c.bodies.push_back(std::move(c.last.body));
}

// Takes over what a message changed in the session itself.
void session_logic::apply(call& c) {
    if (c.last.log_level) negotiated_.log_level = *c.last.log_level;
    if (!c.last.subscription) return;
    const auto& edit = *c.last.subscription;
    c.edits.emplace_back(edit.uri, std::erase(subscriptions_, edit.uri) > 0);
    if (!edit.on) return;
    if (subscriptions_.size() < mcp::max_subscriptions) {
        subscriptions_.push_back(edit.uri);
    } else {
        c.last.body = mcp::error_body(mcp::refuse(200, mcp::code::invalid_params,
                                                  "Too many subscriptions in this session.",
                                                  c.message.messages[c.next - 1].id));
    }
}

// finish() follows the last message of a call. The order of its cases: a task was answered long
// ago; a new session or its subscriptions are stored first, and save() answers; a listen has its
// answer when it ends; all others are answered here. A turn is free then, and a session that leaves
// may end.
void session_logic::finish(std::uint64_t number) {
    call& c = *find(number);
    const bool must_save = !origin_.id.empty() && (c.last.initialized || !c.edits.empty());
    if (c.life.is_task()) {
        end_task(c, c.last.task_error.empty() ? mcp::task_record::state::completed
                                              : mcp::task_record::state::failed);
        take_out(number);
    } else if (must_save) {
        save(number);
    } else if (c.last.listen) {
        begin_listening(c);
        take_out(number);
    } else {
        answer(c);
        take_out(number);
        refuse_initialize();
    }
    start_waiting();
    end_if_done();
}

// answer() sends the rest of a stream, or the one reply. A batch (MCP 2025-03-26) has no status of
// its own: its failures are in its bodies, and one without requests is accepted like a
// notification. Of a stream that has begun the status is out already, so a missing scope is told in
// its JSON alone; as a reply it is a challenge (RFC 6750 §3.1).
void session_logic::answer(call& c) {
    const auto now = self_->clock().now();
    if (c.life.on_stream()) {
        for (const auto& body : c.bodies)
            streams_.send(c.stream, body, now);
        streams_.note(c.stream, std::move(c.reply.log));
        streams_.finish(c.stream);
        return;
    }
    if (c.out) c.out->watch(nullptr);
    mcp_reply reply = std::move(c.reply);
    if (c.message.batch) {
        reply.status = c.bodies.empty() ? 202 : 200;
        if (!c.bodies.empty()) reply.body = joined(c.bodies);
    } else {
        reply.status = c.last.http_status;
        if (!c.bodies.empty()) reply.body = std::move(c.bodies.front());
        if (c.last.insufficient_scope) {
            reply.status = 403;
            reply.challenge = errc::scope_missing;
        }
    }
    c.promise->answer(std::move(reply));
}

// The answer goes out only once what it promises is durable: the store answers save_session after
// its COMMIT. Until then the call belongs to the question, and cannot be taken back any more.
void session_logic::save(std::uint64_t number) {
    auto held = take_out(number, call_phase::saving);
    if (held->last.initialized) {
        negotiated_ = std::move(*held->last.initialized);
        held->reply.session_id = origin_.id;
    }
    stored::session_record row;
    row.id = origin_.id;
    row.grant_id = origin_.grant_id;
    row.protocol_version = negotiated_.protocol_version;
    row.client_info = negotiated_.client_info;
    row.client_capabilities = negotiated_.client_capabilities;
    row.subscriptions = subscriptions_;
    ++saving_;
    ask(self_, peers_.store, save_session(std::move(row)),
        [this, held = std::move(held)](const result<done>& saved) {
            --saving_;
            if (saved) {
                answer(*held);
            } else {
                not_saved(*held, saved.failure());
                refuse_initialize();
            }
            held->life.enter(call_phase::over);
            end_if_done();
        });
}

// not_saved() answers instead of what could not be promised, and takes it back. A session whose
// `initialize` was not stored has negotiated nothing: refuse_initialize() then has it taken out of
// the table.
void session_logic::not_saved(call& c, const error& why) {
    if (c.last.initialized) negotiated_ = {};
    // Edit by edit, from the last one: what other calls have changed in between stays.
    for (auto edit = c.edits.rbegin(); edit != c.edits.rend(); ++edit) {
        std::erase(subscriptions_, edit->first);
        if (edit->second) subscriptions_.push_back(edit->first);
    }
    if (c.life.on_stream()) {
        streams_.send(c.stream, mcp::failure_body(c.message, why, *settings_->catalogue),
                      self_->clock().now());
        streams_.finish(c.stream);
    } else if (why.code == errc::not_found) { // the grant has ended
        c.promise->answer(unauthenticated());
    } else {
        c.promise->answer(why);
    }
}

// A session without a successful initialize has no client and should not count among the grant's.
void session_logic::refuse_initialize() {
    if (origin_.how != session_origin::kind::fresh || !negotiated_.protocol_version.empty()) return;
    tell(peers_.sessions, session_stillborn{origin_.id});
}

} // namespace actors
