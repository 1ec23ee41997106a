// How grants end, and their sessions with them: a revocation by the client, or an API key that
// Twenty refuses for good.
#include "actors/sessions.hpp"
#include "base/fault_point.hpp"

namespace actors {

sessions_logic::~sessions_logic() {
    for (const auto& session : table_.take_all())
        caf::anon_send_exit(session.untyped(), caf::exit_reason::user_shutdown);
}

// RFC 7009 §2: the client may rely on the answer, so nothing that the token opened may still
// run when it is given.
void sessions_logic::revoke(owed promise, revoke_token m) {
    auto held = std::make_shared<owed>(std::move(promise));
    const secret token = m.revocation.token;
    ask(self_, peers_.store, end_token(std::move(m.revocation)),
        [this, held, token](const result<std::optional<std::string>>& ended) {
            if (!ended) return held->answer(ended.failure());
            fault_point("sessions.revoked");
            tokens_.forget(token);
            if (*ended)
                drop_grant(**ended, held);
            else
                held->answer(done{});
        });
}

// drop_grant() forgets the tokens first: while the sessions are still on their way out, another
// call of the grant asks the store, which knows that it has ended.
void sessions_logic::drop_grant(const std::string& grant_id, std::shared_ptr<owed> promise) {
    tokens_.forget_grant(grant_id);
    gate_->forget_connection(grant_id);
    approvals_->forget_connection(grant_id);
    key_refused_since_.erase(grant_id);
    const auto open = table_.take_grant(grant_id);
    if (open.empty() && promise) promise->answer(done{});
    auto left = std::make_shared<std::size_t>(open.size());
    for (const auto& session : open)
        ask(self_, session, drop_session(unauthenticated()),
            // A session that ended by itself is as good as dropped.
            [left, promise](const result<done>&) {
                if (--*left == 0 && promise) promise->answer(done{});
            });
}

// The calls that met the dead key still get their own answers; the next one gets a 401, so that
// the client leads its person to connect anew.
void sessions_logic::key_seen(const upstream_key_seen& m) {
    if (m.how == key_verdict::accepted) {
        key_refused_since_.erase(m.grant_id);
        return;
    }
    const auto now = self_->clock().now();
    const auto first = key_refused_since_.try_emplace(m.grant_id, now).first->second;
    // Calls side by side are refused together, and a Twenty that restarts may refuse for a moment:
    // only refusals over the time of `dead_key_span` count. `dead` needs no second one.
    if (m.how != key_verdict::dead && now - first < settings_->dead_key_span) return;
    end_dead_key(m.grant_id);
}

void sessions_logic::end_dead_key(std::string grant_id) {
    key_refused_since_.erase(grant_id);
    logging::event(logging::level::warning, "api_key_refused", {{"grant", grant_id}});
    tokens_.forget_grant(grant_id); // the next request asks the store, behind the end of the grant
    ask(self_, peers_.store, end_grant(grant_id), [this, grant_id](const result<done>& ended) {
        if (!ended) return;
        tokens_.forget_grant(grant_id); // a check between the two may have kept the grant again
        for (const auto& session : table_.take_grant(grant_id))
            tell(session, passivate{});
    });
}

} // namespace actors
