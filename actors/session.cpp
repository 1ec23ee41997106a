// The life of a session: what it knows comes from the store once (load()), its calls wait for a
// turn (accept(), start_waiting()), and it ends at once (drop()) or with its last call
// (passivate_now()).
#include "actors/session.hpp"

#include "actors/lane.hpp"
#include "base/text.hpp"
#include "mcp/message.hpp"

#include <algorithm>
#include <array>

namespace actors {

namespace {

std::string first_id(const mcp::classified& message) {
    return message.messages.empty() || message.batch ? std::string() : message.messages.front().id;
}

// The header may be missing, so that classify() cannot know which version rules a batch.
std::optional<mcp_reply> refused_batch(const mcp::classified& message,
                                       const mcp::session_state& of) {
    if (!message.batch) return std::nullopt;
    const auto refused = mcp::refuse_batch(of.protocol_version);
    if (!refused) return std::nullopt;
    mcp_reply out;
    out.status = refused->http_status;
    out.body = mcp::error_body(*refused);
    return out;
}

// Has the client behind `out` hung up while its message waited? MCP 2026-07-28: then it has taken
// the request back.
bool has_hung_up(const outlet_ptr& out, const mcp::classified& message) {
    const auto& messages = message.messages;
    if (!out || messages.empty() || messages.front().era != mcp::era::stateless) return false;
    bool gone = false;
    // watch() tells at once of an end that has happened; `gone` is not listened to any longer.
    out->watch([&gone](outlet::ending why) { gone = why != outlet::ending::stopping; });
    out->watch(nullptr);
    return gone;
}

std::size_t bytes_of(const mcp::classified& message) {
    std::size_t bytes = 0;
    for (const auto& m : message.messages)
        bytes += json::held_bytes(m.params) + json::held_bytes(m.result);
    return bytes;
}

bool wants_no_answer(const mcp::classified& message) {
    return std::ranges::none_of(message.messages, [](const mcp::incoming& m) {
        return m.what == mcp::incoming::kind::request;
    });
}

} // namespace

mcp_reply unauthenticated() {
    mcp_reply out;
    out.status = 401;
    out.challenge = errc::unauthenticated;
    return out;
}

mcp_reply session_not_found(const mcp::classified& message) {
    mcp_reply out;
    out.status = 404; // MCP 2025-11-25, session management
    out.body =
        mcp::error_body(mcp::refuse(404, mcp::code::session_not_found,
                                    "Session not found; initialize again.", first_id(message)));
    return out;
}

session_logic::session_logic(self_ptr self, settings_ptr settings, session_peers peers,
                             session_origin origin)
    : self_(self), settings_(std::move(settings)), peers_(std::move(peers)),
      origin_(std::move(origin)),
      queue_(settings_->calls_per_session, settings_->queue_per_session),
      tasks_(settings_->tasks_per_grant, settings_->task_ttl),
      streams_(settings_, origin_.streams, origin_.kept) {
    if (origin_.how == session_origin::kind::rebuilt) memory_ = memory::unknown;
}

// A session that fails has calls on their way in the pool, which would go on for nobody. What it
// owes is answered by `owed` itself.
session_logic::~session_logic() {
    for (const auto& [number, c] : calls_)
        if (c->life.phase() != call_phase::queued)
            tell(peers_.pool, cancel_call{self_->id(), number});
}

caf::behavior session_logic::behavior() {
    return handlers<home>{
        [this](session_call& m) { accept(m); },
        [this](session_stream& m) { accept_stream(m); },
        [this](const session_news& m) { changed(m); },
        [this](outlet_ended m) { ended(m); },
        [this](ask_expired m) {
            if (questions_.is_open(m.call, m.round))
                questions_done(m.call, error(errc::upstream_timeout, "Nobody answered in time."));
        },
        [this](call_resumes m) { wait_is_over(m); },
        [this](passivate) { passivate_now(); },
        [this](drop_session& m) {
            owed promise(self_);
            drop(m.last_words);
            promise.answer(done{});
        },
    };
}

session_logic::call* session_logic::find(std::uint64_t number) {
    const auto found = calls_.find(number);
    return found == calls_.end() ? nullptr : found->second.get();
}

// -- Coming back from the store ----------------------------------------------------------------

void session_logic::load() {
    memory_ = memory::asked;
    ask(self_, peers_.store, load_session(origin_.id),
        [this](result<std::optional<stored::session_record>> row) { loaded(std::move(row)); });
}

void session_logic::loaded(result<std::optional<stored::session_record>> row) {
    if (!row && row.failure().code != errc::not_found) {
        memory_ = memory::unknown; // the next call asks again
        for (const auto number : queue_.drain())
            take_out(number)->promise->answer(row.failure());
        for (auto& o : std::exchange(opening_, {}))
            o.promise.answer(row.failure());
        return end_if_done();
    }
    memory_ = row ? memory::known : memory::erased;
    // An id whose `initialize` was never stored has no row: nothing was negotiated, and the
    // header of each request says what its client speaks.
    if (row && *row) {
        negotiated_.protocol_version = (*row)->protocol_version;
        negotiated_.client_info = (*row)->client_info;
        negotiated_.client_capabilities = (*row)->client_capabilities;
        subscriptions_ = (*row)->subscriptions;
    }
    open_waiting();
    start_waiting();
    end_if_done();
}

// -- Calls that wait for their turn ------------------------------------------------------------

mcp_reply session_logic::busy(const mcp::classified& message, std::string why) const {
    mcp_reply out;
    out.log.emplace_back("outcome", to_string(errc::busy));
    out.body = mcp::failure_body(message, error(errc::busy, std::move(why)), *settings_->catalogue);
    return out;
}

// accept() looks at cancellations and at answers to our questions before it looks at the queue:
// behind the very calls that they are for they would come too late.
void session_logic::accept(session_call& m) {
    owed promise(self_);
    if (auto refused = refused_batch(m.message, negotiated_))
        return promise.answer(std::move(*refused));
    workspace_ = m.who->connection.workspace.id;
    if (holder_.empty()) holder_ = holder_of(m.who->connection.api_key);
    for (auto& message : m.message.messages) {
        take_back(message);
        if (message.what == mcp::incoming::kind::response) answered(message);
    }
    start_waiting(); // take_back() has freed a turn, perhaps
    // Unknown ids have to be looked up before anything is accepted.
    if (memory_ == memory::known && wants_no_answer(m.message)) {
        mcp_reply accepted;
        accepted.status = 202;
        if (!m.message.messages.empty())
            accepted.log.emplace_back("mcp", text::cut_utf8(m.message.messages.front().method, 64));
        promise.answer(std::move(accepted));
        return;
    }
    // A light call passes a full queue, because it leaves again at once; not while the store is
    // asked what this session is, for until then it waits like all others.
    const bool light = queue_.has_turn() ? is_light(m.message)
                                         : is_light_or_wrong(m.message, *settings_->catalogue);
    if (!queue_.has_room() && !(light && memory_ == memory::known)) {
        promise.answer(busy(m.message, "Too many calls are waiting in this session."));
        return;
    }
    // All grants of one API key count as one. A large message is there twice and more: its tree,
    // the arguments that its tool works on, the request that they become.
    const auto bytes = bytes_of(m.message);
    auto held = origin_.held->take(holder_, bytes > settings_->held.usual ? 2 * bytes : bytes);
    if (!held) {
        promise.answer(
            busy(m.message, "Too many large calls are waiting; send them one after the other."));
        return;
    }
    const auto number = ++last_number_;
    // The budget counts from here: the time in the queue is part of what the client waits.
    const auto until = self_->clock().now() + settings_->tool_budget;
    calls_.emplace(number, std::make_unique<call>(*this, number, std::move(m), std::move(promise),
                                                  std::move(*held), until));
    queue_.enter(number, light, until);
    if (memory_ == memory::unknown) load();
    start_waiting();
}

void session_logic::start_waiting() {
    if (memory_ == memory::erased)
        for (const auto number : queue_.drain()) {
            const auto c = take_out(number);
            c->promise->answer(session_not_found(c->message));
        }
    if (memory_ != memory::known) return;
    while (const auto turn = queue_.next(self_->clock().now())) {
        call& c = *find(turn->call);
        if (has_hung_up(c.out, c.message)) {
            tell_of_refused(c, errc::cancelled);
            mcp_reply nothing;
            nothing.status = 202;
            nothing.log = std::move(c.reply.log);
            take_out(turn->call)->promise->answer(std::move(nothing));
        } else if (turn->too_late) {
            tell_of_refused(c, errc::busy);
            auto late = busy(c.message, "The call waited its whole time behind others and was not "
                                        "run.");
            late.log = std::move(c.reply.log);
            take_out(turn->call)->promise->answer(std::move(late));
        } else if (auto refused = refused_batch(c.message, negotiated_)) {
            take_out(turn->call)->promise->answer(std::move(*refused));
        } else {
            start(c);
        }
    }
}

// start() watches the outlet before the coroutine runs, since begin_stream() gives it a watcher of
// its own. A client that has gone already is told of by a message, so not before this function is
// over.
void session_logic::start(call& c) {
    c.life.enter(call_phase::running);
    prepare(c);
    if (c.out) c.out->watch(teller(c.number, 0));
    begin_next(c);
    drive(c.number);
}

// -- The end -----------------------------------------------------------------------------------

// drop() leaves nothing running that a revoked grant or an ended session had begun. Calls in
// `saving` are not among `calls_`: quit() drops their question to the store, and `owed` answers
// errc::unavailable.
void session_logic::drop(const mcp_reply& last_words) {
    for (auto& o : std::exchange(opening_, {}))
        o.promise.answer(last_words);
    for (auto& [number, c] : std::exchange(calls_, {})) {
        if (c->life.phase() != call_phase::queued)
            tell(peers_.pool, cancel_call{self_->id(), number});
        tell_of_refused(*c, last_words.status == 401 ? errc::unauthenticated : errc::cancelled);
        if (!c->promise) continue;
        mcp_reply last = last_words;
        last.log = std::move(c->reply.log);
        c->promise->answer(std::move(last));
    }
    streams_.end_all();
    self_->quit();
}

// passivate_now() leaves the calls that run to their end and ends what would keep the actor: first
// the questions, whose calls may still write to their streams, then tasks, then the streams of no
// call. A client that read one of those comes back, and wakes the session's next life.
void session_logic::passivate_now() {
    leaving_ = true;
    // Answers will go to the session's next life, which never asked.
    give_up_questions(calls_that([this](const call& c) { return questions_.is_open(c.number); }));
    // A task is known to this life alone.
    for (const auto number : calls_that([](const call& c) { return c.life.is_task(); }))
        abandon(number);
    streams_.finish(session_streams::standalone);
    end_listens();
    end_if_done();
}

void session_logic::end_if_done() {
    if (leaving_ && opening_.empty() && calls_.empty() && saving_ == 0) self_->quit();
}

} // namespace actors
