// How a session speaks to its client beside answering: the streams of its calls, the stream of its
// own, and what it tells those who subscribed.
#include "actors/session.hpp"
#include "mcp/message.hpp"

namespace actors {

namespace {

// Versions sort as text. Clients before this one fail on an event without data.
constexpr std::string_view first_to_know_priming = "2025-11-25";

bool is_stateless(const mcp::classified& message) {
    return !message.messages.empty() && message.messages.front().era == mcp::era::stateless;
}

} // namespace

// -- The stream of a call ----------------------------------------------------------------------

void session_logic::call::notify(std::string text) {
    if (session.begin_stream(*this))
        session.streams_.send(stream, text, session.self_->clock().now());
}

void session_logic::call::announce(const mcp::change& what) {
    tell(session.peers_.sessions, things_changed(session.workspace_, what));
}

// SEP-1699: the server may close a stream before the answer. Not without a session: nobody could
// fetch the rest.
void session_logic::call::hang_up() {
    if (!session.begin_stream(*this) || session.origin_.id.empty()) return;
    const auto held = session.streams_.let_go(stream);
    if (held) held->end();
}

// For outlet::watch: the end of an outlet comes to this actor as outlet_ended, which names the
// reader that the stream has now. So teller() is called after the stream got its reader.
std::function<void(outlet::ending)> session_logic::teller(std::uint64_t call,
                                                          session_streams::number stream) {
    return [me = address<home>(self_), call, stream,
            reader = streams_.reader(stream)](outlet::ending why) {
        tell(me, outlet_ended{call, stream, reader, why});
    };
}

// False: this client takes no stream. begin_stream() turns the answer from one JSON object into
// server-sent events; it opens the stream before it answers the POST, so that the first event has
// somewhere to go.
bool session_logic::begin_stream(call& c) {
    if (c.life.on_stream()) return true;
    if (!c.out || !c.out->takes_events()) return false;
    c.life.answer_by(answer_way::stream); // may refuse: before anything is given away
    const bool resumable = !origin_.id.empty() && !is_stateless(c.message);
    auto out = std::exchange(c.out, nullptr);
    auto* reader = out.get();
    c.stream = streams_.open(std::move(out), resumable);
    reader->watch(teller(c.number, c.stream));
    if (resumable && c.context.session.protocol_version >= first_to_know_priming)
        streams_.prime(c.stream);
    mcp_reply begun = c.reply;
    begun.streaming = true;
    // Of a stream that is cut off the log has no more than this.
    begun.log.emplace_back("mcp", c.report.method);
    if (!c.report.tool.empty()) begun.log.emplace_back("tool", c.report.tool);
    // The status and the headers leave with this reply: from here on the call owes events, not a
    // reply.
    c.promise->answer(std::move(begun));
    c.promise.reset();
    return true;
}

// -- Streams that belong to no call ------------------------------------------------------------

// accept_stream() lets a GET wait in `opening_` until it is known whether the session was ended: a
// stream of a deleted session would never say anything.
void session_logic::accept_stream(session_stream& request) {
    workspace_ = request.who->connection.workspace.id;
    opening_.emplace_back(std::move(request), owed(self_));
    if (memory_ == memory::unknown) load();
    open_waiting();
}

void session_logic::open_waiting() {
    if (memory_ != memory::known && memory_ != memory::erased) return;
    for (auto& o : std::exchange(opening_, {})) {
        if (memory_ == memory::erased) {
            o.promise.answer(session_not_found({}));
            continue;
        }
        mcp_reply begun;
        begun.streaming = true;
        if (leaving_) {
            o.request.out->end(); // its client comes back, to the next life
            o.promise.answer(std::move(begun));
            continue;
        }
        const auto& last = o.request.last_event_id;
        // An id that this session does not know (any more) resumes nothing, but its client has
        // to get a stream again.
        const auto stream = streams_.stream_of(last).value_or(session_streams::standalone);
        const auto reader = o.request.out;
        if (stream == session_streams::standalone) reader->lasts();
        if (streams_.stream_of(last)) {
            streams_.resume(last, std::move(o.request.out), self_->clock().now());
        } else {
            streams_.attach(session_streams::standalone, std::move(o.request.out), true);
            if (negotiated_.protocol_version >= first_to_know_priming) streams_.prime(stream);
            if (!last.empty()) catch_up();
        }
        if (streams_.reader(stream) != 0) reader->watch(teller(0, stream));
        o.promise.answer(std::move(begun));
    }
}

// catch_up() is for a client that comes back to a stream of the session's earlier life (before a
// restart, or a sleep). The events that it missed are not known, so it is told that everything it
// subscribed to may have changed.
void session_logic::catch_up() {
    mcp::change all;
    all.what =
        mcp::source::primer | mcp::source::schema | mcp::source::skills | mcp::source::fixture;
    all.tools = all.prompts = all.resources = true;
    changed(session_news{{}, all});
}

void session_logic::ended(const outlet_ended& m) {
    if (m.reader != streams_.reader(m.stream)) return; // of an earlier reader: there is another now
    if (m.why == outlet::ending::stopping) return wind_down(m.stream);
    const auto* c = find(m.call);
    if (m.stream != 0) streams_.disconnect(m.stream);
    listeners_.erase(m.stream);
    // MCP 2026-07-28: who hangs up has taken the request back. In a session the work goes on
    // (MCP 2025-11-25, streamable HTTP).
    if (c && is_stateless(c->message)) {
        abandon(m.call);
        start_waiting();
    }
    end_if_done();
}

// The server is about to stop, or the stream has lasted long enough. wind_down() ends the streams
// that never end by themselves; calls come to their end, but no person can answer them any more.
void session_logic::wind_down(session_streams::number stream) {
    if (const auto listens = listeners_.extract(stream)) {
        streams_.send(stream, mcp::listen_result(*settings_->catalogue, listens.mapped().id),
                      self_->clock().now());
        streams_.finish(stream);
    } else if (stream == session_streams::standalone) {
        // Only this reader's time is over: its client comes back, and hears what it missed.
        if (const auto out = streams_.let_go(stream)) out->end();
    }
    // First every way is closed, then the questions are given up: a call that goes on without an
    // answer must not ask again.
    const auto deaf = calls_that([stream](const call& c) {
        return stream != 0 && c.stream == stream && c.life.way() == answer_way::stream;
    });
    for (const auto number : deaf)
        find(number)->life.answer_by(answer_way::closing);
    give_up_questions(deaf);
}

// -- Subscriptions -----------------------------------------------------------------------------

void session_logic::begin_listening(call& c) {
    const auto refuse = [&](int status, int code, std::string text) {
        c.bodies = {mcp::error_body(
            mcp::refuse(status, code, std::move(text), c.message.messages.front().id))};
        c.last.http_status = status;
        answer(c);
    };
    if (!c.out || !c.out->takes_events())
        return refuse(406, mcp::code::bad_http, "Accept must list text/event-stream.");
    // A grant's own session serves all of its clients, so this bound is one for the grant.
    if (listeners_.size() >= settings_->listens_per_grant)
        return refuse(200, mcp::code::internal_error, "Too many open subscriptions.");
    c.out->lasts();
    begin_stream(c);
    listener made;
    made.id = c.message.messages.front().id;
    made.wants = std::move(*c.last.listen);
    streams_.send(c.stream, mcp::acknowledgement(made.wants, made.id), self_->clock().now());
    listeners_.emplace(c.stream, std::move(made));
    if (leaving_) end_listens();
}

// MCP 2026-07-28, subscriptions: the server ends a listen with its result, so that the client can
// tell it from a broken connection.
void session_logic::end_listens() {
    for (const auto& [stream, l] : std::exchange(listeners_, {})) {
        streams_.send(stream, mcp::listen_result(*settings_->catalogue, l.id),
                      self_->clock().now());
        streams_.finish(stream);
    }
}

void session_logic::changed(const session_news& m) {
    if (!m.workspace_id.empty() && m.workspace_id != workspace_) return;
    const auto now = self_->clock().now();
    const auto& offered = *settings_->catalogue;
    if (streams_.has(session_streams::standalone))
        for (const auto& text : mcp::notifications_for(
                 m.what, mcp::session_interest(offered, subscriptions_), offered))
            streams_.send(session_streams::standalone, text, now);
    for (const auto& [stream, l] : listeners_)
        for (const auto& text : mcp::notifications_for(m.what, l.wants, offered, l.id))
            streams_.send(stream, text, now);
}

} // namespace actors
