// Deletes what time has ended.
#include "store/parts.hpp"

#include <array>

namespace store {

namespace {

// A used code is kept this long after its end, to notice a replay (RFC 6749 §4.1.2).
constexpr std::int64_t replay_window = 600;

// ?1 is the limit in time, ?2 the size of a batch.
constexpr const char* expired_access = "DELETE FROM access_tokens WHERE id IN (SELECT id FROM "
                                       "access_tokens WHERE expires_at <= ?1 LIMIT ?2)";
constexpr const char* expired_codes =
    "DELETE FROM codes WHERE id IN (SELECT id FROM codes WHERE expires_at <= ?1 LIMIT ?2)";
// A grant is dead at its end, or when nothing is left that could open or prolong it: no current
// refresh token, no access token and no unused code that is still good.
constexpr const char* dead_grants =
    "DELETE FROM grants WHERE id IN (SELECT g.id FROM grants g WHERE g.expires_at <= ?1 OR NOT "
    "(EXISTS (SELECT 1 FROM refresh_tokens r WHERE r.grant_id = g.id AND r.state = 'current' AND "
    "r.expires_at > ?1) OR EXISTS (SELECT 1 FROM access_tokens a WHERE a.grant_id = g.id AND "
    "a.expires_at > ?1) OR EXISTS (SELECT 1 FROM codes c WHERE c.grant_id = g.id AND c.used_at "
    "IS NULL AND c.expires_at > ?1)) LIMIT ?2) RETURNING id, client_name";
constexpr const char* old_sessions =
    "DELETE FROM sessions WHERE rowid IN (SELECT rowid FROM sessions WHERE updated_at <= ?1 "
    "LIMIT ?2)";
constexpr const char* old_audit =
    "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at <= ?1 LIMIT ?2)";
constexpr const char* pauses_of_nobody =
    "DELETE FROM write_pauses WHERE scope IN ('connection', 'person') AND "
    "subject NOT IN (SELECT id FROM grants)";
// Once the successor is in use and the race is over, a predecessor only proves reuse. Without its
// nonce and wrap not even that token and the server key together lead to its successors or to the
// grant.
constexpr const char* spent_predecessors =
    "UPDATE refresh_tokens SET nonce = NULL, rotation_kid = NULL, wrap = NULL WHERE id IN (SELECT "
    "p.id FROM refresh_tokens p JOIN refresh_tokens c ON c.grant_id = p.grant_id AND c.state = "
    "'current' AND c.seen BETWEEN 1 AND ?1 WHERE p.state = 'previous' AND p.nonce IS NOT NULL "
    "LIMIT ?2)";

} // namespace

// ended() notes them as it does those that somebody ended: a session of theirs may have a stream
// open.
result<std::size_t> store::parts::end_dead_grants(std::int64_t now) {
    TRY(gone, ended(db.query(dead_grants, now, static_cast<std::int64_t>(sweep_batch)),
                    {stored::audit_kind::ended_by_expiry, {}, {}}, now));
    return gone.size();
}

result<std::size_t> store::sweep(oauth::time_point now) {
    auto& p = *parts_;
    const auto t = seconds(now);
    const auto& lives = p.opts.lifetimes;
    const std::array<std::pair<const char*, std::int64_t>, 4> deletions{{
        {expired_access, t},
        {expired_codes, t - replay_window},
        {old_sessions, t - std::chrono::seconds(lives.refresh_idle).count()},
        {old_audit, t - std::chrono::seconds(stored::audit_kept).count()},
    }};
    constexpr auto batch = static_cast<std::int64_t>(sweep_batch);
    TRY(call, change::begin(p.shared));
    std::size_t rows = 0;
    for (const auto& [sql, limit] : deletions) {
        // A batch a table: the store's actor answers others between two calls of sweep().
        TRY(deleted, p.db.run(sql, limit, batch));
        rows += deleted;
    }
    TRY(ended, p.end_dead_grants(t));
    rows += ended;
    TRY(trimmed, p.trim_calls(t));
    rows += trimmed;
    CHECK_OK(p.drop_old_counts(t));
    TRY(changes_gone, p.sweep_changes(t));
    rows += changes_gone;
    CHECK_OK(p.db.run(spent_predecessors, t - lives.rotation_race.count() - 1, batch));
    CHECK_OK(call.keep());
    // commit() empties the write-ahead log, where what was erased above still stands.
    p.checkpoint_due = true;
    return rows;
}

} // namespace store
