#include "actors/session.hpp"

#include "mcp/message.hpp"

#include <algorithm>

namespace actors {

namespace {

std::string first_id(const mcp::classified& message) {
    return message.messages.empty() || message.batch ? std::string() : message.messages.front().id;
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
      origin_(std::move(origin)) {
    if (origin_.how == session_origin::kind::rebuilt) memory_ = memory::unknown;
}

session_logic::~session_logic() {
    for (const auto& [number, r] : running_)
        caf::anon_send(peers_.pool, cancel_call{self_->id(), number});
}

caf::behavior session_logic::behavior() {
    return {
        [this](session_call& m) { accept(m); },
        [this](passivate) {
            leaving_ = true;
            end_if_done();
        },
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
        [this](result<std::optional<store::session_record>> row) { loaded(std::move(row)); });
}

void session_logic::loaded(result<std::optional<store::session_record>> row) {
    if (!row && row.failure().code == errc::not_found) {
        ended_ = true;
    } else if (!row) {
        memory_ = memory::unknown; // the next call asks again
        for (auto& w : std::exchange(waiting_, {}))
            w.promise.answer(row.failure());
        return end_if_done();
    } else if (*row) {
        negotiated_.protocol_version = (*row)->protocol_version;
        negotiated_.client_info = (*row)->client_info;
        negotiated_.client_capabilities = (*row)->client_capabilities;
    }
    memory_ = memory::known;
    start_waiting();
    end_if_done();
}

// -- Calls -------------------------------------------------------------------------------------

void session_logic::accept(session_call& call) {
    owed promise(self_);
    for (const auto& m : call.message.messages)
        take_back(m);
    if (waiting_.size() >= settings_->queue_per_session) {
        promise.answer(error(errc::busy, "Too many calls are waiting in this session."));
        return;
    }
    waiting_.emplace_back(std::move(call), std::move(promise));
    if (memory_ == memory::unknown) load();
    start_waiting();
}

void session_logic::start_waiting() {
    while (memory_ == memory::known && !waiting_.empty() &&
           running_.size() < settings_->calls_per_session) {
        waiting w = std::move(waiting_.front());
        waiting_.pop_front();
        if (ended_)
            w.promise.answer(session_not_found(w.call.message));
        else
            start(std::move(w));
    }
}

void session_logic::start(waiting w) {
    const auto number = ++last_number_;
    auto version = std::move(w.call.protocol_version);
    auto made =
        std::make_unique<running>(std::move(w), self_->clock().now() + settings_->tool_budget);
    running& r = *made;
    running_.emplace(number, std::move(made));
    r.context.connection = &r.who->connection;
    r.context.scope_write = r.who->scope.write;
    r.context.session = negotiated_;
    // A session that was never saved, or none: the header is all that is known. `initialize`
    // starts from nothing.
    if (negotiated_.protocol_version.empty() && r.reply.log_method != "initialize")
        r.context.session.protocol_version = std::move(version);
    r.context.twenty_base_url = settings_->twenty_base_url;
    r.context.server_url = settings_->server_url;
    r.context.now = oauth::clock::to_time_t(settings_->now());
    r.context.new_id = settings_->new_id;
    r.context.catalogue = settings_->catalogue;
    begin_next(r);
    drive(number);
}

// -- The end -----------------------------------------------------------------------------------

void session_logic::drop(const mcp_reply& last_words) {
    for (auto& w : std::exchange(waiting_, {}))
        w.promise.answer(last_words);
    for (auto& [number, r] : std::exchange(running_, {})) {
        caf::anon_send(peers_.pool, cancel_call{self_->id(), number});
        r->promise.answer(last_words);
    }
    self_->quit();
}

void session_logic::end_if_done() {
    if (leaving_ && waiting_.empty() && running_.empty() && saving_ == 0) self_->quit();
}

} // namespace actors
