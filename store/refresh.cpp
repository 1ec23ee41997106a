// Idempotent rotation of refresh tokens with reuse detection; judge() in store/rotation decides,
// here its verdicts are carried out. A refresh token is current, then previous, then retired, and
// never goes back. rotate() moves them: the presented one becomes previous, its successor is the
// new current, and the elder previous one retires. A grant has at most one current and one
// previous, which unique indexes hold it to. Retired rows stay until the grant ends, without
// anything to unseal, to notice their reuse.
#include "base/crypto.hpp"
#include "base/fault_point.hpp"
#include "base/log.hpp"
#include "oauth/scope.hpp"
#include "store/parts.hpp"

namespace store {

struct store::parts::refresh_row {
    std::string id;
    std::string grant_id;
    std::int64_t generation = 0;
    refresh_state state = refresh_state::retired;
    std::int64_t expires_at = 0;
    std::int64_t changed_at = 0;
    std::string kid;
    std::string wrapped;
    std::string nonce;
    std::string rotation_kid;
    std::string network; // that it was rotated for
};

result<std::optional<store::parts::refresh_row>> store::parts::find_refresh(const secret& token) {
    refresh_row out;
    out.id = token_id(token);
    TRY(row, db.query("SELECT grant_id, generation, state, expires_at, changed_at, kid, wrap, "
                      "nonce, rotation_kid, network FROM refresh_tokens WHERE id = ?",
                      blob{out.id}));
    TRY(found, row.next());
    if (!found) return std::optional<refresh_row>{};
    out.grant_id = row.text(0);
    out.generation = row.integer(1);
    const auto state = row.text(2);
    if (state == "current")
        out.state = refresh_state::current;
    else if (state == "previous")
        out.state = refresh_state::previous;
    out.expires_at = row.integer(3);
    out.changed_at = row.integer(4);
    out.kid = row.text(5);
    out.wrapped = row.text(6);
    out.nonce = row.text(7);
    out.rotation_kid = row.text(8);
    out.network = row.text(9);
    return std::optional(std::move(out));
}

// What the grant's newest rotation handed out: the successor of a previous token.
struct store::parts::current_refresh {
    std::string id;
    std::int64_t generation = 0;
    std::int64_t seen_at = 0; // when its access token was first used; 0: not yet

    [[nodiscard]] std::optional<std::chrono::seconds> seen_for(std::int64_t now) const {
        if (seen_at == 0) return std::nullopt;
        return std::chrono::seconds(now - seen_at);
    }
};

// `arrived` has the marks that wait for the next COMMIT (store.cpp).
result<std::optional<store::parts::current_refresh>>
store::parts::find_current(const std::string& grant_id) {
    TRY(row, db.query("SELECT id, generation, seen FROM refresh_tokens WHERE grant_id = ? AND "
                      "state = 'current'",
                      grant_id));
    TRY(found, row.next());
    if (!found) return std::optional<current_refresh>{};
    current_refresh out{row.text(0), row.integer(1), row.integer(2)};
    if (const auto at = arrived.find(out.id); out.seen_at == 0 && at != arrived.end())
        out.seen_at = at->second;
    return std::optional(std::move(out));
}

result<grant_row> store::parts::grant_for(const std::string& id,
                                          const oauth::refresh_exchange& exchange,
                                          std::int64_t now) {
    TRY(grant, find_grant(id));
    if (!grant || grant->client_id != exchange.client_id) return invalid_grant();
    if (grant->resource != opts.resource) return invalid_grant();
    if (exchange.resource && *exchange.resource != grant->resource)
        return error{errc::invalid_target, "resource is not the one of the authorization"};
    if (now >= grant->expires_at) return invalid_grant();
    return *std::move(grant);
}

// The order keeps the unique indexes true at each step: first whoever is in the way retires (the
// elder, or with rotate_again the successor that never arrived), then the presented token becomes
// previous, then the new one is current. All of it is one change: a crash in between leaves the
// state before.
result<oauth::token_pair>
store::parts::rotate(const refresh_row& row, const current_refresh& current, const grant_row& grant,
                     const oauth::refresh_exchange& exchange, verdict how, std::int64_t now) {
    const auto* key = keys.find(row.kid);
    if (!key) return invalid_grant();
    const auto data_key = unwrap(row.wrapped, exchange.refresh_token, *key,
                                 {token_kind::refresh, row.id, row.grant_id, "", row.expires_at});
    if (!data_key) {
        logging::event(logging::level::error, "sealed_row_refused", {{"row", "refresh token"}});
        return invalid_grant();
    }
    const bool again = how == verdict::rotate_again;
    // Nobody has the tokens of the lost answer, or a thief has: they must not open the grant.
    if (again) {
        CHECK_OK(db.run("DELETE FROM access_tokens WHERE refresh_id IN (SELECT id FROM "
                        "refresh_tokens WHERE grant_id = ? AND state = 'current')",
                        row.grant_id));
        fault_point("refresh.orphan_gone");
        // One of two who hold this token may lose what it got, so the administrator can see it.
        CHECK_OK(note_exchange(row, exchange.network, "never used, made anew", now));
    }
    // A retired token that says itself what it is needs its row only while a straggler is spared.
    CHECK_OK(db.run("DELETE FROM refresh_tokens WHERE grant_id = ? AND state = 'retired' AND "
                    "lineage = 1 AND changed_at <= ?",
                    row.grant_id, now - opts.lifetimes.rotation_grace.count()));
    fault_point("refresh.spent_gone");
    CHECK_OK(db.run("UPDATE refresh_tokens SET state = 'retired', changed_at = ?, wrap = NULL, "
                    "nonce = NULL, rotation_kid = NULL WHERE grant_id = ? AND state = ?",
                    now, row.grant_id, again ? "current" : "previous"));
    fault_point("refresh.elder_retired");
    // The nonce commits together with the successors, so that a retry, after a crash too, computes
    // the same pair from it. Sealing under the current server key is how grants move to a new one.
    const auto nonce = crypto::random_bytes(crypto::key_bytes);
    const auto& newest = keys.current();
    CHECK_OK(db.run("UPDATE refresh_tokens SET state = 'previous', changed_at = ?, nonce = ?, "
                    "rotation_kid = ?, network = ? WHERE id = ?",
                    now, blob{nonce}, blob{newest.id}, exchange.network, blob{row.id}));
    fault_point("refresh.presented_previous");

    // An orphan keeps its generation to itself, so that it is below the one that replaces it.
    const auto generation = current.generation + 1;
    auto next = derive_successors(exchange.refresh_token, nonce, newest, {grant.id, generation},
                                  lineage_key(instance));
    oauth::token_pair out;
    out.scope = oauth::narrowed_scope(grant.scope, exchange.scope);
    out.resource = grant.resource;
    CHECK_OK(add_refresh(grant, *data_key, next.refresh, generation, now));
    TRY(lives,
        add_access(grant, *data_key, next.access, &next.refresh, out.scope, generation, now));
    out.expires_in = lives;
    out.access_token = std::move(next.access);
    out.refresh_token = std::move(next.refresh);
    return out;
}

// repeat() needs no wrap: the pair follows from the presented token, the nonce and the server key
// of that rotation. Its scope and its end are those of the access token that was given then.
result<oauth::token_pair>
store::parts::repeat(const refresh_row& row, const current_refresh& current, const grant_row& grant,
                     const oauth::refresh_exchange& exchange, std::int64_t now) {
    const auto* key = keys.find(row.rotation_kid);
    if (!key || row.nonce.empty()) return invalid_grant();
    auto next = derive_successors(exchange.refresh_token, row.nonce, *key,
                                  {grant.id, current.generation}, lineage_key(instance));
    // An update of the server may lie between the two: then the successor has the older form.
    if (token_id(next.refresh) != current.id) next.refresh = std::move(next.older_refresh);
    if (token_id(next.refresh) != current.id) return invalid_grant();
    TRY(access, db.query("SELECT scope, expires_at FROM access_tokens WHERE id = ?",
                         blob{token_id(next.access)}));
    TRY(found, access.next());
    // Its client has revoked it in the meantime, or its hour is over.
    if (!found || access.integer(1) <= now) return invalid_grant();
    TRY(scope, oauth::parse_scope(access.text(0)));
    oauth::token_pair out;
    out.scope = scope;
    out.resource = grant.resource;
    out.expires_in = std::chrono::seconds(access.integer(1) - now);
    out.access_token = std::move(next.access);
    out.refresh_token = std::move(next.refresh);
    out.repeated = true;
    return out;
}

result<done> store::parts::note_exchange(const refresh_row& row, const std::string& network,
                                         std::string_view successor, std::int64_t now) {
    const stored::audit_note what{stored::audit_kind::refresh_repeated, network,
                                  "exchanged from " +
                                      (row.network.empty() ? "an unknown network" : row.network) +
                                      ", successor " + std::string(successor)};
    CHECK_OK(note(what, row.grant_id, now));
    return trim_audit(what.kind);
}

// RFC 9700 §4.14.2: whoever repeats gets what its owner got, so the administrator can see from
// where. One row for each rotation and network: a fleet's thousand repeats cost one write.
result<done> store::parts::note_repeat(const refresh_row& row, const current_refresh& current,
                                       const std::string& network, std::int64_t now) {
    constexpr std::size_t most_remembered = 4096;
    if (noted_repeats.size() >= most_remembered) noted_repeats.clear();
    const auto one = bind({current.id, network});
    if (noted_repeats.contains(one)) return done{};
    TRY(call, change::begin(shared));
    CHECK_OK(note_exchange(row, network, current.seen_at != 0 ? "in use" : "not in use", now));
    CHECK_OK(call.keep());
    noted_repeats.insert(one); // commit() forgets all of them when it fails
    return done{};
}

result<oauth::token_pair> store::parts::reused(const std::string& grant_id, std::int64_t now) {
    if (opts.on_reuse == oauth::reuse_policy::refuse) {
        logging::event(logging::level::warning, "stale_refresh_token", {{"grant", grant_id}});
        return invalid_grant();
    }
    TRY(call, change::begin(shared));
    logging::event(logging::level::warning, "refresh_token_reused", {{"grant", grant_id}});
    CHECK_OK(end_grant(grant_id, stored::audit_kind::ended_by_reuse, now));
    CHECK_OK(call.keep());
    return invalid_grant();
}

// The row of a spent token goes with a rotation after the grace (rotate()), so a token without one
// is reuse when its generation is over. A generation that has not begun is of a time that a
// restored backup knows nothing of: invalid, and nobody's theft until the restored chain has
// passed it, too.
result<oauth::token_pair> store::parts::refresh_spent(const oauth::refresh_exchange& exchange,
                                                      std::int64_t now) {
    const auto said = lineage_of(exchange.refresh_token, lineage_key(instance));
    if (!said) return invalid_grant();
    TRY(grant, grant_for(said->grant_id, exchange, now));
    TRY(current, find_current(grant.id));
    if (!current || said->generation >= current->generation) return invalid_grant();
    return reused(grant.id, now);
}

result<oauth::token_pair> store::refresh(const oauth::refresh_exchange& exchange,
                                         oauth::time_point now) {
    auto& p = *parts_;
    const auto t = seconds(now);
    // RFC 6749 §6, §10.4: the token must be this client's, and for its resource. Until `judge`
    // nothing has changed, so a request that is at fault costs nobody a token. A retired token has
    // no end of its own: after 30 days too its reuse means that somebody kept it.
    TRY(row, p.find_refresh(exchange.refresh_token));
    if (!row) return p.refresh_spent(exchange, t);
    TRY(grant, p.grant_for(row->grant_id, exchange, t));
    if (row->state != refresh_state::retired && t >= row->expires_at) return invalid_grant();
    TRY(current, p.find_current(grant.id));
    if (!current) return invalid_grant();

    const auto how = judge(row->state, std::chrono::seconds(t - row->changed_at),
                           current->seen_for(t), p.opts.lifetimes, p.opts.on_reuse);
    fault_point("refresh.judged");
    if (how == verdict::refuse) return invalid_grant();
    if (how == verdict::reuse || how == verdict::stale) return p.reused(grant.id, t);
    if (how == verdict::repeat) {
        TRY(pair, p.repeat(*row, *current, grant, exchange, t));
        CHECK_OK(p.check_opens(pair.access_token, t));
        CHECK_OK(p.note_repeat(*row, *current, exchange.network, t));
        return pair;
    }
    if (exchange.only_repeat)
        return error{errc::rate_limited, "Too many refreshes; try again later"};
    // change::begin() takes the write lock, so it comes after repeat(), which needs none: of a
    // fleet's repeats all but the first cost a look.
    TRY(call, change::begin(p.shared));
    TRY(pair, p.rotate(*row, *current, grant, exchange, how, t));
    CHECK_OK(p.check_opens(pair.access_token, t));
    CHECK_OK(call.keep());
    return pair;
}

} // namespace store
