// How a session speaks to its client beside answering: the streams of its calls, questions to
// the person, and what it tells those who subscribed.
#include "actors/session.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "mcp/message.hpp"

namespace actors {

namespace {

// Versions sort as text. Clients before this one fail on an event without data.
constexpr std::string_view first_to_know_priming = "2025-11-25";

bool is_stateless(const mcp::classified& message) {
    return !message.messages.empty() && message.messages.front().era == mcp::era::stateless;
}

std::string request_text(const std::string& id, const mcp::input_request& q,
                         std::string_view version) {
    json::value params = q.params;
    // The mode came with 2025-11-25; before, there was only the form.
    if (auto* members = params.if_object(); members && version < first_to_know_priming)
        members->erase("mode");
    json::writer out;
    out.begin_object().member("jsonrpc", "2.0").member_raw("id", id);
    out.member("method", q.method).member("params", params).end_object();
    return out.take();
}

std::string cancelled(const std::string& id) {
    json::writer out;
    out.begin_object().member("jsonrpc", "2.0").member("method", "notifications/cancelled");
    out.key("params").begin_object().member_raw("requestId", id).end_object().end_object();
    return out.take();
}

} // namespace

// -- The stream of a call ----------------------------------------------------------------------

void session_logic::running::notify(std::string text) {
    if (session.begin_stream(*this))
        session.streams_.send(stream, text, session.self_->clock().now());
}

void session_logic::running::announce(const mcp::change& what) {
    if (auto sessions = caf::actor_cast<caf::actor>(session.peers_.sessions))
        session.self_->send(sessions, things_changed(session.workspace_, what));
}

void session_logic::running::hang_up() {
    if (!session.begin_stream(*this) || session.origin_.id.empty()) return;
    const auto held = session.streams_.let_go(stream);
    if (held) held->end();
}

// For outlet::watch: what happens out there comes to us as a message. Only once the stream has
// its reader: the message names it.
std::function<void(outlet::ending)> session_logic::teller(std::uint64_t call,
                                                          session_streams::number stream) {
    return [me = caf::actor_cast<caf::actor_addr>(self_), call, stream,
            reader = streams_.reader(stream)](outlet::ending why) {
        if (auto session = caf::actor_cast<caf::actor>(me))
            caf::anon_send(session, outlet_ended{call, stream, reader, why});
    };
}

// False: this client takes no stream. The first message of a stream turns its answer from one
// JSON object into server-sent events.
bool session_logic::begin_stream(running& r) {
    if (r.stream != 0) return true;
    if (!r.out || !r.out->takes_events()) return false;
    const bool resumable = !origin_.id.empty() && !is_stateless(r.message);
    auto out = std::exchange(r.out, nullptr);
    auto* reader = out.get();
    r.stream = streams_.open(std::move(out), resumable);
    reader->watch(teller(r.number, r.stream));
    if (resumable && r.context.session.protocol_version >= first_to_know_priming)
        streams_.prime(r.stream);
    mcp_reply begun = r.reply;
    begun.streaming = true;
    r.promise->answer(std::move(begun));
    r.promise.reset();
    return true;
}

// -- Questions to the client -------------------------------------------------------------------

void session_logic::perform(std::uint64_t number, mcp::need_input what) {
    running& r = *find(number);
    if (!r.task_id.empty()) return ask_through_task(r, std::move(what));
    if (leaving_ || r.unanswerable || r.message.batch || !begin_stream(r))
        return resume(number, result<json::value>(error(errc::unsupported,
                                                        "This client takes no questions here.")));
    const auto round = ++r.waits;
    r.until = self_->clock().now() + settings_->ask_limit; // a person takes longer than Twenty
    r.answers = {};
    r.open_questions = what.questions.size();
    for (const auto& q : what.questions) {
        // Random: another client of the same grant must not answer by accident.
        const auto id = '"' + text::base64url_encode(crypto::random_bytes(12)) + '"';
        questions_.emplace(id, question{number, q.key});
        streams_.send(r.stream, request_text(id, q, r.context.session.protocol_version),
                      self_->clock().now());
    }
    self_->delayed_send(self_, settings_->ask_limit, ask_expired{number, round});
    // A person thinks for minutes: meanwhile another call may have the place.
    if (r.heavy) --heavy_;
    r.asking = true;
    start_waiting();
}

void session_logic::answered(mcp::incoming& response) {
    const auto found = questions_.find(response.id);
    if (found == questions_.end()) return; // unknown, or nobody waits any more
    const auto asked = std::move(found->second);
    questions_.erase(found);
    running* r = this->find(asked.call);
    if (!r) return;
    if (!response.result.is_object())
        return questions_done(asked.call,
                              error(errc::unsupported, "The client could not ask its person."));
    r->answers.set(asked.key, std::move(response.result));
    if (--r->open_questions == 0) questions_done(asked.call, json::value(std::move(r->answers)));
}

void session_logic::questions_done(std::uint64_t number, result<json::value> with) {
    running& r = *find(number);
    forget_questions(r);
    if (std::exchange(r.asking, false) && r.heavy) ++heavy_;
    ++r.waits;
    r.until = self_->clock().now() + settings_->tool_budget;
    resume(number, std::move(with));
}

void session_logic::forget_questions(running& r) {
    r.open_questions = 0;
    for (auto at = questions_.begin(); at != questions_.end();) {
        if (at->second.call != r.number) {
            ++at;
            continue;
        }
        streams_.send(r.stream, cancelled(at->first), self_->clock().now());
        at = questions_.erase(at);
    }
}

// Nobody can answer them any more: this life of the session ends, or the server.
void session_logic::give_up_questions(const std::vector<std::uint64_t>& calls) {
    for (const auto number : calls)
        if (const auto* r = find(number); r && r->open_questions > 0)
            questions_done(number, error(errc::unavailable, "The answer cannot arrive any more."));
}

// -- Streams that belong to no call ------------------------------------------------------------

void session_logic::accept_stream(session_stream& request) {
    workspace_ = request.who->connection.workspace.id;
    opening_.emplace_back(std::move(request), owed(self_));
    if (memory_ == memory::unknown) load();
    open_waiting();
}

void session_logic::open_waiting() {
    if (memory_ != memory::known) return;
    for (auto& o : std::exchange(opening_, {})) {
        if (ended_) {
            o.promise.answer(session_not_found({}));
            continue;
        }
        mcp_reply begun;
        begun.streaming = true;
        if (leaving_) {
            o.request.out->end(); // it comes back, to the next life
            o.promise.answer(std::move(begun));
            continue;
        }
        const auto& last = o.request.last_event_id;
        // An id that this session does not know (any more) resumes nothing, but its client has
        // to get a stream again.
        const auto stream = streams_.stream_of(last).value_or(session_streams::standalone);
        const auto reader = o.request.out;
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

// A client comes back to a stream that we no longer know: we were restarted, or slept. What it
// missed is not known either, so it is told that everything it subscribed to may have changed.
void session_logic::catch_up() {
    mcp::change all;
    all.what = mcp::source::primer | mcp::source::schema | mcp::source::fixture;
    all.tools = all.prompts = all.resources = true;
    changed(things_changed({}, all));
}

void session_logic::ended(const outlet_ended& m) {
    if (m.reader != streams_.reader(m.stream)) return; // another one has taken its place
    if (m.why == outlet::ending::stopping) return wind_down(m.stream);
    const auto* call = find(m.call);
    if (m.stream != 0) streams_.disconnect(m.stream);
    listeners_.erase(m.stream);
    // MCP 2026-07-28: who hangs up has taken the request back. In a session the work goes on
    // (MCP 2025-11-25, streamable HTTP).
    if (call && is_stateless(call->message)) {
        abandon(m.call);
        start_waiting();
    }
    end_if_done();
}

// The server is about to stop. Calls come to their end by themselves, but no person answers now.
void session_logic::wind_down(session_streams::number stream) {
    if (const auto listens = listeners_.extract(stream)) {
        streams_.send(stream, mcp::listen_result(*settings_->catalogue, listens.mapped().id),
                      self_->clock().now());
        streams_.finish(stream);
    } else if (stream == session_streams::standalone) {
        streams_.finish(stream);
    }
    std::vector<std::uint64_t> asking;
    for (const auto& [number, r] : running_) {
        if (stream == 0 || r->stream != stream) continue;
        r->unanswerable = true;
        asking.push_back(number);
    }
    give_up_questions(asking);
}

// -- Subscriptions -----------------------------------------------------------------------------

void session_logic::begin_listening(std::unique_ptr<running> r) {
    const auto refuse = [&](int status, int code, std::string text) {
        r->bodies = {mcp::error_body(
            mcp::refuse(status, code, std::move(text), r->message.messages.front().id))};
        r->last.http_status = status;
        answer(*r);
    };
    if (!r->out || !r->out->takes_events())
        return refuse(406, mcp::code::bad_http, "Accept must list text/event-stream.");
    if (listeners_.size() >= settings_->listens_per_grant)
        return refuse(200, mcp::code::internal_error, "Too many open subscriptions.");
    begin_stream(*r);
    listener made;
    made.id = r->message.messages.front().id;
    made.wants = std::move(*r->last.listen);
    streams_.send(r->stream, mcp::acknowledgement(made.wants, made.id), self_->clock().now());
    listeners_.emplace(r->stream, std::move(made));
    if (leaving_) end_listens();
}

void session_logic::end_listens() {
    for (const auto& [stream, l] : std::exchange(listeners_, {})) {
        streams_.send(stream, mcp::listen_result(*settings_->catalogue, l.id),
                      self_->clock().now());
        streams_.finish(stream);
    }
}

void session_logic::changed(const things_changed& m) {
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
