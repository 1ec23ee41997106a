#include "actors/session.hpp"

#include "mcp/message.hpp"

#include <algorithm>
#include <array>

namespace actors {

namespace {

std::string first_id(const mcp::classified& message) {
    return message.messages.empty() || message.batch ? std::string() : message.messages.front().id;
}

// These answer from what is there. They never wait behind calls that wait for Twenty: a ping
// that does is a session given up.
constexpr std::array<std::string_view, 6> light_methods = {
    "ping",         "logging/setLevel",         "tools/list",
    "prompts/list", "resources/templates/list", "resources/unsubscribe"};

bool is_light(const mcp::classified& message) {
    return std::ranges::all_of(message.messages, [](const mcp::incoming& m) {
        return m.what != mcp::incoming::kind::request ||
               std::ranges::find(light_methods, m.method) != light_methods.end();
    });
}

// Did its client hang up while it waited? MCP 2026-07-28: then it has taken it back.
bool taken_back(const session_call& call) {
    const auto& messages = call.message.messages;
    if (!call.out || messages.empty() || messages.front().era != mcp::era::stateless) return false;
    bool gone = false;
    call.out->watch([&gone](outlet::ending why) { gone = why != outlet::ending::stopping; });
    call.out->watch(nullptr);
    return gone;
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
      origin_(std::move(origin)), streams_(settings_, origin_.streams) {
    if (origin_.how == session_origin::kind::rebuilt) memory_ = memory::unknown;
}

session_logic::~session_logic() {
    for (const auto& [number, r] : running_)
        caf::anon_send(peers_.pool, cancel_call{self_->id(), number});
}

caf::behavior session_logic::behavior() {
    return {
        [this](session_call& m) { accept(m); },
        [this](session_stream& m) { accept_stream(m); },
        [this](const things_changed& m) { changed(m); },
        [this](outlet_ended m) { ended(m); },
        [this](ask_expired m) {
            if (const auto* r = find(m.call); r && r->open_questions > 0 && r->waits == m.round)
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

// -- Coming back from the store ----------------------------------------------------------------

void session_logic::load() {
    memory_ = memory::asked;
    ask(self_, peers_.store, load_session(origin_.id),
        [this](result<std::optional<stored::session_record>> row) { loaded(std::move(row)); });
}

void session_logic::loaded(result<std::optional<stored::session_record>> row) {
    if (!row && row.failure().code == errc::not_found) {
        ended_ = true;
    } else if (!row) {
        memory_ = memory::unknown; // the next call asks again
        for (auto& w : std::exchange(waiting_, {}))
            w.promise.answer(row.failure());
        for (auto& o : std::exchange(opening_, {}))
            o.promise.answer(row.failure());
        return end_if_done();
    } else if (*row) {
        negotiated_.protocol_version = (*row)->protocol_version;
        negotiated_.client_info = (*row)->client_info;
        negotiated_.client_capabilities = (*row)->client_capabilities;
        subscriptions_ = (*row)->subscriptions;
    }
    memory_ = memory::known;
    open_waiting();
    start_waiting();
    end_if_done();
}

// -- Calls that wait for their turn ------------------------------------------------------------

void session_logic::accept(session_call& call) {
    owed promise(self_);
    workspace_ = call.who->connection.workspace.id;
    for (auto& m : call.message.messages) {
        take_back(m);
        if (m.what == mcp::incoming::kind::response) answered(m);
    }
    start_waiting(); // what was taken back has left a place
    // Unknown ids have to be looked up before anything is accepted.
    if (memory_ == memory::known && !ended_ && wants_no_answer(call.message)) {
        mcp_reply accepted;
        accepted.status = 202;
        if (!call.message.messages.empty())
            accepted.log_method = call.message.messages.front().method.substr(0, 64);
        promise.answer(std::move(accepted));
        return;
    }
    const auto until = self_->clock().now() + settings_->tool_budget;
    const bool starts_at_once = memory_ == memory::known && is_light(call.message);
    if (waiting_.size() >= settings_->queue_per_session && !starts_at_once) {
        mcp_reply busy;
        busy.body = mcp::failure_body(
            call.message, error(errc::busy, "Too many calls are waiting in this session."),
            *settings_->catalogue);
        promise.answer(std::move(busy));
        return;
    }
    waiting_.emplace_back(std::move(call), std::move(promise), until);
    if (memory_ == memory::unknown) load();
    start_waiting();
}

bool session_logic::may_start(const waiting& w) const {
    return heavy_ < settings_->calls_per_session || is_light(w.call.message);
}

void session_logic::start_waiting() {
    if (memory_ != memory::known) return;
    for (std::size_t i = 0; i < waiting_.size();) {
        if (!ended_ && !may_start(waiting_[i])) {
            ++i;
            continue;
        }
        waiting w = std::move(waiting_[i]);
        waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
        if (ended_) {
            w.promise.answer(session_not_found(w.call.message));
        } else if (taken_back(w.call)) {
            mcp_reply nothing;
            nothing.status = 202;
            w.promise.answer(std::move(nothing));
        } else if (w.until <= self_->clock().now()) {
            // Its client has given up by now; to run a write then would surprise everybody.
            mcp_reply late;
            late.body = mcp::failure_body(w.call.message,
                                          error(errc::busy, "The call waited its whole time behind "
                                                            "others and was not run."),
                                          *settings_->catalogue);
            w.promise.answer(std::move(late));
        } else {
            start(std::move(w));
        }
    }
}

void session_logic::start(waiting w) {
    const auto number = ++last_number_;
    auto version = std::move(w.call.protocol_version);
    const bool heavy = !is_light(w.call.message);
    auto made = std::make_unique<running>(*this, number, std::move(w));
    running& r = *made;
    r.heavy = heavy;
    if (heavy) ++heavy_;
    running_.emplace(number, std::move(made));
    r.context.connection = &r.who->connection;
    r.context.scope_write = r.who->scope.write;
    r.context.memory = &learnt_;
    r.context.session = negotiated_;
    r.context.in_session = !origin_.id.empty();
    // A session that was never saved, or none: the header is all that is known. `initialize`
    // starts from nothing.
    if (negotiated_.protocol_version.empty() && r.reply.log_method != "initialize")
        r.context.session.protocol_version = std::move(version);
    r.context.twenty_base_url = settings_->twenty_base_url;
    r.context.now = oauth::clock::to_time_t(settings_->now());
    r.context.new_id = settings_->new_id;
    r.context.time_left = [this, &r] {
        return std::chrono::duration_cast<milliseconds>(r.until - self_->clock().now());
    };
    r.context.catalogue = settings_->catalogue;
    r.context.state_key = &peers_.state_key;
    r.context.principal = r.who->grant_id;
    if (r.out) r.out->watch(teller(number, 0));
    begin_next(r);
    drive(number);
}

// -- The end -----------------------------------------------------------------------------------

void session_logic::drop(const mcp_reply& last_words) {
    for (auto& w : std::exchange(waiting_, {}))
        w.promise.answer(last_words);
    for (auto& o : std::exchange(opening_, {}))
        o.promise.answer(last_words);
    for (auto& [number, r] : std::exchange(running_, {})) {
        caf::anon_send(peers_.pool, cancel_call{self_->id(), number});
        if (r->promise) r->promise->answer(last_words);
    }
    streams_.end_all();
    self_->quit();
}

// Whoever still reads a stream finds it ended, comes back, and wakes the session's next life.
void session_logic::passivate_now() {
    leaving_ = true;
    // Answers will go to the session's next life, which never asked.
    std::vector<std::uint64_t> asking;
    for (const auto& [number, r] : running_)
        if (r->open_questions > 0) asking.push_back(number);
    give_up_questions(asking);
    // A task is known to this life alone.
    std::vector<std::uint64_t> tasks;
    for (const auto& [number, r] : running_)
        if (!r->task_id.empty()) tasks.push_back(number);
    for (const auto number : tasks)
        abandon(number);
    streams_.finish(session_streams::standalone);
    end_listens();
    end_if_done();
}

void session_logic::end_if_done() {
    if (leaving_ && waiting_.empty() && opening_.empty() && running_.empty() && saving_ == 0)
        self_->quit();
}

} // namespace actors
