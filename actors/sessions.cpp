#include "actors/sessions.hpp"

#include "actors/session_id.hpp"
#include "base/crypto.hpp"
#include "base/fault_point.hpp"
#include "mcp/message.hpp"

#include <algorithm>

namespace actors {

namespace {

// An expected refusal is a reply with a challenge; anything else is a failure of ours.
void refuse_call(owed promise, const error& why) {
    if (why.code == errc::unauthenticated)
        promise.answer(unauthenticated());
    else
        promise.answer(why);
}

// starts_session() asks for `initialize` alone: it must not be part of a batch (MCP 2025-03-26,
// lifecycle). route() asks it only when no session id came along: a session that exists refuses a
// second one itself.
bool starts_session(const mcp::classified& c) {
    const auto& first = c.messages.front();
    return c.messages.size() == 1 && first.era == mcp::era::session &&
           first.what == mcp::incoming::kind::request && first.method == "initialize";
}

mcp_reply no_session_id() {
    mcp_reply out;
    out.status = 400;
    out.body = mcp::error_body(
        mcp::refuse(400, mcp::code::bad_http, "The header Mcp-Session-Id is missing."));
    return out;
}

// No session id has a colon.
std::string own_key(const std::string& grant_id) { return "own:" + grant_id; }

} // namespace

sessions_logic::sessions_logic(self_ptr self, settings_ptr settings, secret key, store_handle store,
                               pool_handle pool, schemas_handle schemas)
    : self_(self), settings_(std::move(settings)),
      key_(std::move(key)), peers_{std::move(store),
                                   std::move(pool),
                                   std::move(schemas),
                                   address<actor::sessions>(self),
                                   crypto::derive(key_, "request state"),
                                   nullptr,
                                   nullptr},
      table_(settings_->sessions_per_grant, settings_->sessions_total),
      held_(std::make_shared<held_calls>(settings_->held)),
      answers_(std::make_shared<held_calls>(settings_->held_answers)),
      tokens_(secret(crypto::random_bytes(crypto::key_bytes))) {
    // Sessions are watched, not linked: one that fails must not take all others along.
    self_->set_down_handler([this](const caf::down_msg& m) { table_.ended(m.source); });
    peers_.journal = std::make_shared<call_journal>(peers_.store, peers_.sessions);
    peers_.gate = gate_;
    peers_.asked = approvals_;
    read_pauses(nullptr); // before the first token is asked for, so before the first call can write
    watch();
    tell_later(self_, tick_every, sessions_tick{});
}

caf::behavior sessions_logic::behavior() {
    return handlers<home>{
        [this](mcp_call& m) {
            auto token = std::move(m.access_token);
            with_bearer(
                owed(self_), std::move(token),
                [this, call = std::move(m)](owed promise, const bearer_ptr& who) mutable {
                    route(std::move(promise), who, std::move(call));
                },
                refuse_call);
        },
        [this](open_stream& m) {
            auto token = std::move(m.access_token);
            with_bearer(
                owed(self_), std::move(token),
                [this, ask = std::move(m)](owed promise, const bearer_ptr& who) mutable {
                    route_stream(std::move(promise), who, std::move(ask));
                },
                refuse_call);
        },
        [this](end_session& m) {
            with_bearer(
                owed(self_), std::move(m.access_token),
                [this, id = std::move(m.session_id)](owed promise, const bearer_ptr& who) {
                    end(std::move(promise), who, id);
                },
                refuse_call);
        },
        [this](person_call& m) { call_for_person(owed(self_), std::move(m)); },
        [this](check_token& m) { look_at(owed(self_), std::move(m.access_token)); },
        [this](revoke_token& m) { revoke(owed(self_), std::move(m)); },
        [this](const get_status&) { report(owed(self_)); },
        [this](const grants_ended& m) {
            for (const auto& id : m.ids)
                drop_grant(id, nullptr);
        },
        [this](const upstream_key_seen& m) { key_seen(m); },
        [this](const things_changed& m) { spread(m); },
        [this](const session_stillborn& m) { bury(m); },
        [this](const probe_twenty&) { answer_probe(owed(self_)); },
        [this](calls_wait) { tell_later(self_, call_journal::longest_wait, flush_calls{}); },
        [this](flush_calls) { peers_.journal->flush(); },
        [this](pause_writes& m) { pause(owed(self_), std::move(m)); },
        [this](resume_writes& m) { resume(owed(self_), std::move(m)); },
        [this](pauses_unknown) { read_pauses_again(); },
        [this](const find_approval& m) { seen(owed(self_), m); },
        [this](const answer_approval& m) { answered(owed(self_), m); },
        [this](const list_approvals& m) { waiting(owed(self_), m); },
        [this](sessions_tick) { tick(); },
    };
}

// -- Tokens ------------------------------------------------------------------------------------

void sessions_logic::look_at(owed promise, secret token) {
    with_bearer(
        std::move(promise), std::move(token),
        [](owed asker, const bearer_ptr&) { asker.answer(done{}); },
        [](owed asker, const error& why) { asker.answer(why); });
}

template <class Use, class Refuse>
void sessions_logic::with_bearer(owed promise, secret token, Use use, Refuse refuse) {
    // Whatever ends a grant takes its tokens out of `tokens_` (revoke, drop_grant, end_dead_key):
    // trust in one does not outlive what this actor was told.
    if (auto known = tokens_.find(token, settings_->now())) {
        ++known_tokens_;
        return use(std::move(promise), std::move(known));
    }
    auto held = std::make_shared<owed>(std::move(promise));
    const open_token question(token);
    ask(self_, peers_.store, question,
        [this, held, token = std::move(token), use = std::move(use),
         refuse = std::move(refuse)](result<oauth::opened_grant> grant) mutable {
            auto who = opened(token, std::move(grant));
            metrics::count(metrics::id::bearer_lookups, {who ? "opened" : "refused"});
            if (who)
                use(std::move(*held), std::move(who).value());
            else
                refuse(std::move(*held), who.failure());
        });
}

result<bearer_ptr> sessions_logic::opened(const secret& token, result<oauth::opened_grant> grant) {
    if (!grant) return std::move(grant).failure();
    TRY(connection, twenty::from_props(grant->props));
    auto who = std::make_shared<bearer>();
    who->grant_id = std::move(grant->grant_id);
    who->key_id = std::move(grant->key_id);
    who->scope = grant->scope;
    who->connection = std::move(connection);
    who->client_name = std::move(grant->client_name);
    auto until = std::min(settings_->now() + settings_->token_trust, grant->expires_at);
    // `tokens_` must not go on answering for a key that is over by its own date.
    if (const auto over = who->connection.key_expires_at) {
        const auto at = oauth::time_point(std::chrono::seconds(*over));
        if (at <= settings_->now()) {
            end_dead_key(who->grant_id);
            return error(errc::unauthenticated, "The Twenty API key has expired; connect again "
                                                "with a new one.");
        }
        until = std::min(until, at);
    }
    tokens_.insert(token, who, until);
    return bearer_ptr(std::move(who));
}

// -- Calls -------------------------------------------------------------------------------------

void sessions_logic::route(owed promise, const bearer_ptr& who, mcp_call call) {
    if (const auto* refused = std::get_if<mcp::refusal>(&call.message)) {
        mcp_reply reply;
        reply.status = refused->http_status;
        reply.body = mcp::error_body(*refused);
        promise.answer(std::move(reply));
        return;
    }
    auto& message = std::get<mcp::classified>(call.message);
    // MCP 2026-07-28 knows no sessions: a session id on such a message is ignored.
    const bool stateless = message.messages.front().era == mcp::era::stateless;
    session_handle session;
    if (call.session_id.empty() && starts_session(message)) {
        session_origin origin;
        origin.how = session_origin::kind::fresh;
        origin.id = new_session_id(key_, who->grant_id);
        origin.grant_id = who->grant_id;
        session = wake(std::move(origin));
    } else if (stateless || call.session_id.empty()) {
        session = own_session(who->grant_id);
    } else {
        session = named_session(call.session_id, who->grant_id);
    }
    if (!session) {
        promise.answer(session_not_found(message));
        return;
    }
    session_call next(who, std::move(message), std::move(call.protocol_version),
                      std::move(call.out));
    next.request_id = std::move(call.request_id);
    next.trace = std::move(call.trace);
    promise.delegate(session, std::move(next));
}

// MCP 2025-11-25, streamable HTTP: only a session has a stream of its own.
void sessions_logic::route_stream(owed promise, const bearer_ptr& who, open_stream request) {
    if (request.session_id.empty()) {
        promise.answer(no_session_id());
        return;
    }
    const auto session = named_session(request.session_id, who->grant_id);
    if (!session) {
        promise.answer(session_not_found({}));
        return;
    }
    promise.delegate(session,
                     session_stream(who, std::move(request.last_event_id), std::move(request.out)));
}

session_handle sessions_logic::own_session(const std::string& grant_id) {
    if (const auto* e = table_.use(own_key(grant_id), self_->clock().now())) return e->actor;
    session_origin origin;
    origin.grant_id = grant_id;
    return wake(std::move(origin));
}

// Threat: a session id taken from somebody else's traffic. Defence: an id works only with a
// token of the grant that it was made for; otherwise it does not exist.
session_handle sessions_logic::named_session(const std::string& id, const std::string& grant_id) {
    if (const auto* e = table_.use(id, self_->clock().now()))
        return e->grant_id == grant_id ? e->actor : session_handle();
    if (!is_session_id_of(id, key_, grant_id)) return {};
    session_origin origin;
    origin.how = session_origin::kind::rebuilt;
    origin.id = id;
    origin.grant_id = grant_id;
    return wake(std::move(origin));
}

session_handle sessions_logic::wake(session_origin origin) {
    session_table::entry e;
    e.key = origin.id.empty() ? own_key(origin.grant_id) : origin.id;
    e.grant_id = origin.grant_id;
    e.last_used = self_->clock().now();
    origin.streams = std::make_shared<std::size_t>(0);
    e.streams = origin.streams;
    origin.held = held_;
    origin.answers = answers_;
    origin.kept = kept_;
    e.actor = start<session_logic, caf::monitored>(*self_, settings_, peers_, std::move(origin));
    auto session = e.actor;
    for (const auto& evicted : table_.insert(std::move(e)))
        tell(evicted, passivate{});
    return session;
}

// -- Endings -----------------------------------------------------------------------------------

// An `initialize` failed: its id was never given out, so nobody can come back to the session.
void sessions_logic::bury(const session_stillborn& m) {
    const auto* e = table_.use(m.id, self_->clock().now());
    if (!e) return;
    tell(e->actor, passivate{});
    table_.erase(m.id);
}

// DELETE. The store goes first: from then on a new life of the session learns from load_session
// that it was ended. Only then the one that is awake is dropped.
void sessions_logic::end(owed promise, const bearer_ptr& who, const std::string& id) {
    if (id.empty()) {
        promise.answer(no_session_id());
        return;
    }
    if (!is_session_id_of(id, key_, who->grant_id)) {
        promise.answer(session_not_found({}));
        return;
    }
    auto held = std::make_shared<owed>(std::move(promise));
    ask(self_, peers_.store, erase_session(id, who->grant_id),
        [this, held, id](const result<done>& erased) {
            if (!erased && erased.failure().code == errc::not_found)
                return held->answer(session_not_found({}));
            if (!erased) return held->answer(erased.failure());
            fault_point("sessions.erased");
            for (const auto& session : table_.take_session(id))
                ask(self_, session, drop_session(session_not_found({})),
                    [](const result<done>&) {});
            // Unlike a revocation this does not wait for them: no call finds the session any more.
            held->answer(mcp_reply());
        });
}

} // namespace actors
