// Idempotent rotation of refresh tokens with reuse detection; store/rotation.hpp decides.
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
};

result<std::optional<store::parts::refresh_row>> store::parts::find_refresh(const secret& token) {
    refresh_row out;
    out.id = token_id(token);
    TRY(row, db.query("SELECT grant_id, generation, state, expires_at, changed_at, kid, wrap, "
                      "nonce, rotation_kid FROM refresh_tokens WHERE id = ?",
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
    return std::optional(std::move(out));
}

// Only a previous token has a successor whose use matters: the grant's current token.
result<bool> store::parts::successor_seen(const refresh_row& row) {
    if (row.state != refresh_state::previous) return false;
    TRY(current, db.query("SELECT id, seen FROM refresh_tokens WHERE grant_id = ? AND state = "
                          "'current'",
                          row.grant_id));
    TRY(found, current.next());
    return found && (current.integer(1) != 0 || arrived.contains(current.text(0)));
}

result<oauth::token_pair> store::parts::rotate(const refresh_row& row, const grant_row& grant,
                                               const oauth::refresh_exchange& exchange, verdict how,
                                               std::int64_t now) {
    const auto* key = keys.find(row.kid);
    if (!key) return invalid_grant();
    const auto data_key = unwrap(row.wrapped, exchange.refresh_token, *key,
                                 {token_kind::refresh, row.id, row.grant_id, "", row.expires_at});
    if (!data_key) {
        logging::event(logging::level::error, "sealed_row_refused", {{"row", "refresh token"}});
        return invalid_grant();
    }
    const bool again = how == verdict::rotate_again;
    if (again) {
        CHECK_OK(db.run("DELETE FROM access_tokens WHERE refresh_id IN (SELECT id FROM "
                        "refresh_tokens WHERE grant_id = ? AND state = 'current')",
                        row.grant_id));
        fault_point("refresh.orphan_gone");
    }
    CHECK_OK(db.run("UPDATE refresh_tokens SET state = 'retired', changed_at = ?, wrap = NULL, "
                    "nonce = NULL, rotation_kid = NULL WHERE grant_id = ? AND state = ?",
                    now, row.grant_id, again ? "current" : "previous"));
    fault_point("refresh.elder_retired");
    const auto nonce = crypto::random_bytes(crypto::key_bytes);
    const auto& current = keys.current();
    CHECK_OK(db.run("UPDATE refresh_tokens SET state = 'previous', changed_at = ?, nonce = ?, "
                    "rotation_kid = ? WHERE id = ?",
                    now, blob{nonce}, blob{current.id}, blob{row.id}));
    fault_point("refresh.presented_previous");

    auto next = derive_successors(exchange.refresh_token, nonce, current);
    const auto generation = row.generation + 1;
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

result<oauth::token_pair> store::parts::repeat(const refresh_row& row, const grant_row& grant,
                                               const oauth::refresh_exchange& exchange,
                                               std::int64_t now) {
    const auto* key = keys.find(row.rotation_kid);
    if (!key || row.nonce.empty()) return invalid_grant();
    auto next = derive_successors(exchange.refresh_token, row.nonce, *key);
    TRY(access, db.query("SELECT scope, expires_at FROM access_tokens WHERE id = ?",
                         blob{token_id(next.access)}));
    TRY(found, access.next());
    if (!found) return invalid_grant(); // revoked by its client in the meantime
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

result<oauth::token_pair> store::refresh(const oauth::refresh_exchange& exchange,
                                         oauth::time_point now) {
    auto& p = *parts_;
    const auto t = seconds(now);
    TRY(row, p.find_refresh(exchange.refresh_token));
    if (!row) return invalid_grant();
    TRY(grant, p.find_grant(row->grant_id));
    if (!grant || grant->client_id != exchange.client_id) return invalid_grant();
    if (grant->resource != p.opts.resource) return invalid_grant();
    if (exchange.resource && *exchange.resource != grant->resource)
        return error{errc::invalid_target, "resource is not the one of the authorization"};
    if (t >= grant->expires_at) return invalid_grant();
    if (row->state != refresh_state::retired && t >= row->expires_at) return invalid_grant();

    TRY(seen, p.successor_seen(*row));
    const auto how = judge(row->state, std::chrono::seconds(t - row->changed_at), seen,
                           p.opts.lifetimes.rotation_grace, p.opts.on_reuse);
    fault_point("refresh.judged");
    if (how == verdict::refuse) return invalid_grant();
    if (how == verdict::stale) {
        logging::event(logging::level::warning, "stale_refresh_token", {{"grant", row->grant_id}});
        return invalid_grant();
    }
    if (how == verdict::repeat) return p.repeat(*row, *grant, exchange, t);
    if (how != verdict::reuse && exchange.only_repeat)
        return error{errc::rate_limited, "Too many refreshes; try again later"};

    // Only what writes takes the write lock: a fleet's repeats cost no more than a look.
    TRY(call, change::begin(p.shared));
    if (how == verdict::reuse) {
        logging::event(logging::level::warning, "refresh_token_reused", {{"grant", row->grant_id}});
        CHECK_OK(p.end_grant(row->grant_id, stored::audit_kind::ended_by_reuse, t));
        CHECK_OK(call.keep());
        return invalid_grant();
    }
    TRY(pair, p.rotate(*row, *grant, exchange, how, t));
    CHECK_OK(call.keep());
    return pair;
}

} // namespace store
