// Grants and their tokens: from consent to revocation.
#include "base/crypto.hpp"
#include "base/fault_point.hpp"
#include "base/log.hpp"
#include "oauth/scope.hpp"
#include "store/parts.hpp"

#include <algorithm>

namespace store {

namespace {

// Several processes of a client each hold an access token of their own for up to an hour; the
// bounds keep a client that never stops asking from filling the disk.
constexpr std::int64_t live_access_tokens = 5; // a grant
constexpr std::int64_t live_grants = 20;       // a pair of API key and client

oauth::scope_set scope_of(const std::string& text) {
    auto parsed = oauth::parse_scope(text);
    return parsed ? *parsed : oauth::scope_set{};
}

error unauthenticated() {
    return {errc::unauthenticated, "The access token is unknown, expired or revoked"};
}

} // namespace

void report_altered(std::string_view what) {
    logging::event(logging::level::error, "sealed_row_refused", {{"row", std::string(what)}});
}

// Grant, code and note are one change, and the code leaves the store's actor after its COMMIT. The
// data key exists in this function alone: what stays of it is wrapped under the code.
result<secret> store::create_grant(const oauth::new_grant& grant, oauth::time_point now) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    const auto t = seconds(now);
    const auto& request = grant.request;
    CHECK_OK(p.make_room(grant.fingerprint, request.client_id, t));
    fault_point("grant.room_made");

    const auto id = crypto::random_uuid();
    const auto scope = oauth::to_string(grant.granted);
    const std::chrono::seconds longest = p.opts.lifetimes.refresh_absolute;
    const auto end = t + std::min(grant.lives.value_or(longest), longest).count();
    const secret data_key(crypto::random_bytes(crypto::key_bytes));
    CHECK_OK(p.db.run(
        "INSERT INTO grants (id, client_id, client_kind, client_name, redirect_uri, resource, "
        "scope, fingerprint, label, workspace_name, objects, created_at, last_used_at, "
        "expires_at, props) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id, request.client_id, oauth::client_kind_names[static_cast<std::size_t>(request.kind)],
        request.client_name, request.redirect_uri, request.resource, scope, grant.fingerprint,
        grant.label, grant.workspace_name, grant.objects, t, t, end,
        blob{seal_props(grant.props, data_key,
                        {id, request.client_id, request.resource, scope, end})}));
    fault_point("grant.row");

    auto code = crypto::random_token("twk_");
    const auto code_id = token_id(code);
    const auto expires = t + p.opts.lifetimes.code.count();
    const auto& key = p.keys.current();
    CHECK_OK(p.db.run(
        "INSERT INTO codes (id, grant_id, challenge, expires_at, kid, wrap) VALUES (?, ?, ?, ?, "
        "?, ?)",
        blob{code_id}, id, request.code_challenge, expires, blob{key.id},
        blob{wrap(data_key, code, key, {token_kind::code, code_id, id, "", expires})}));
    fault_point("code.row");
    const stored::audit_note made{stored::audit_kind::connection_made, {}, request.client_name};
    CHECK_OK(p.note(made, id, t));
    CHECK_OK(p.trim_audit(made.kind));
    CHECK_OK(call.keep());
    return code;
}

// Older grants of the pair do not end when the person approves again: the installations of a client
// may share its id. Only the longest unused gives way, one place below the bound for the one to
// come.
result<done> store::parts::make_room(const std::string& fingerprint, const std::string& client_id,
                                     std::int64_t now) {
    auto deletion =
        db.query("DELETE FROM grants WHERE id IN (SELECT id FROM grants WHERE fingerprint = ? AND "
                 "client_id = ? ORDER BY last_used_at DESC, id LIMIT -1 OFFSET ?) RETURNING id, "
                 "client_name",
                 fingerprint, client_id, live_grants - 1);
    CHECK_OK(ended(std::move(deletion), {stored::audit_kind::ended_by_too_many, {}, {}}, now));
    return done{};
}

std::vector<std::string> store::take_ended() { return parts_->shared.take_notes(); }

result<std::optional<grant_row>> store::parts::find_grant(const std::string& id) {
    TRY(row,
        db.query("SELECT client_id, resource, scope, expires_at FROM grants WHERE id = ?", id));
    TRY(found, row.next());
    if (!found) return std::optional<grant_row>{};
    grant_row out{id, row.text(0), row.text(1), scope_of(row.text(2)), row.integer(3)};
    return std::optional(std::move(out));
}

result<done> store::parts::end_grant(const std::string& id, stored::audit_kind how,
                                     std::int64_t now) {
    CHECK_OK(ended(db.query("DELETE FROM grants WHERE id = ? RETURNING id, client_name", id),
                   {how, {}, {}}, now));
    fault_point("grant.ended");
    return done{};
}

result<done> store::parts::add_refresh(const grant_row& grant, const secret& data_key,
                                       const secret& token, std::int64_t generation,
                                       std::int64_t now) {
    const auto idle = std::chrono::seconds(opts.lifetimes.refresh_idle).count();
    // Using a token prolongs it, but not past the grant's own end, which is authenticated.
    const auto expires = std::min(now + idle, grant.expires_at);
    const auto id = token_id(token);
    const auto& key = keys.current();
    CHECK_OK(db.run(
        "INSERT INTO refresh_tokens (id, grant_id, generation, state, expires_at, changed_at, "
        "lineage, kid, wrap) VALUES (?, ?, ?, 'current', ?, ?, 1, ?, ?)",
        blob{id}, grant.id, generation, expires, now, blob{key.id},
        blob{wrap(data_key, token, key, {token_kind::refresh, id, grant.id, "", expires})}));
    fault_point("tokens.refresh_row");
    CHECK_OK(db.run("UPDATE grants SET last_used_at = ? WHERE id = ?", now, grant.id));
    fault_point("tokens.grant_touched");
    return done{};
}

result<std::chrono::seconds> store::parts::add_access(const grant_row& grant,
                                                      const secret& data_key, const secret& token,
                                                      const secret* refresh,
                                                      const oauth::scope_set& scope,
                                                      std::int64_t generation, std::int64_t now) {
    const auto expires = std::min(now + opts.lifetimes.access.count(), grant.expires_at);
    const auto id = token_id(token);
    const auto scope_text = oauth::to_string(scope);
    const auto& key = keys.current();
    CHECK_OK(db.run(
        "INSERT INTO access_tokens (id, grant_id, refresh_id, generation, scope, expires_at, "
        "kid, wrap) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        blob{id}, grant.id, blob{refresh ? token_id(*refresh) : std::string()}, generation,
        scope_text, expires, blob{key.id},
        blob{wrap(data_key, token, key, {token_kind::access, id, grant.id, scope_text, expires})}));
    fault_point("tokens.access_row");
    // The oldest generation goes first. An older token is otherwise good to its end, because
    // another process of the client may be at work with it.
    CHECK_OK(db.run("DELETE FROM access_tokens WHERE id IN (SELECT id FROM access_tokens WHERE "
                    "grant_id = ? ORDER BY generation DESC, expires_at DESC LIMIT -1 OFFSET ?)",
                    grant.id, live_access_tokens));
    fault_point("tokens.access_trimmed");
    return std::chrono::seconds(expires - now);
}

// Everything that is not good gets one answer. The token's row and the grant's row each open only
// as they were written: the scope is that of the token, the props are the grant's.
result<store::parts::opened_access> store::parts::open_access(const secret& token,
                                                              std::int64_t now) {
    const auto id = token_id(token);
    TRY(row, db.query("SELECT a.grant_id, a.scope, a.expires_at, a.kid, a.wrap, a.refresh_id, "
                      "g.client_id, g.client_name, g.resource, g.scope, g.expires_at, g.props, "
                      "r.seen, " KEY_ID
                      " FROM access_tokens a JOIN grants g ON g.id = a.grant_id LEFT JOIN "
                      "refresh_tokens r ON r.id = a.refresh_id WHERE a.id = ?",
                      blob{id}));
    TRY(found, row.next());
    if (!found) return unauthenticated();
    const auto grant_id = row.text(0);
    const auto scope = row.text(1);
    const auto expires = row.integer(2);
    const auto* key = keys.find(row.text(3));
    if (!key || now >= expires) return unauthenticated();
    const auto data_key =
        unwrap(row.text(4), token, *key, {token_kind::access, id, grant_id, scope, expires});
    if (!data_key) {
        report_altered("access token");
        return unauthenticated();
    }
    opened_access out;
    auto& grant = out.grant;
    grant.grant_id = grant_id;
    grant.key_id = row.text(13);
    grant.client_id = row.text(6);
    grant.client_name = row.text(7);
    grant.scope = scope_of(scope);
    grant.resource = row.text(8);
    // MCP, authorization, token audience (RFC 8707 §2): the server's address may have changed
    // since.
    if (grant.resource != opts.resource) return unauthenticated();
    grant.expires_at = oauth::time_point(std::chrono::seconds(expires));
    auto props =
        open_props(row.text(11), *data_key,
                   {grant_id, grant.client_id, grant.resource, row.text(9), row.integer(10)});
    if (!props) {
        report_altered("grant");
        return unauthenticated();
    }
    grant.props = *std::move(props);
    if (!row.is_null(12) && row.integer(12) == 0) out.first_of = row.text(5);
    return out;
}

// Threat: a grant whose row was changed by hand is renewed and opens nothing, so its client renews
// it again and again. Defence: what is handed out was opened first, as its use will open it.
result<done> store::parts::check_opens(const secret& token, std::int64_t now) {
    const auto opened = open_access(token, now);
    if (opened) return done{};
    return opened.failure().code == errc::unauthenticated ? invalid_grant() : opened.failure();
}

// Reading writes nothing: the first use of an access token is a mark in memory (`arrived`), which
// the next COMMIT takes along. The client uses what came with this refresh token, so that answer
// arrived: see judge().
result<oauth::opened_grant> store::open_grant(const secret& access_token, oauth::time_point now) {
    auto& p = *parts_;
    TRY(opened, p.open_access(access_token, seconds(now)));
    if (!opened.first_of.empty()) p.arrived.emplace(std::move(opened.first_of), seconds(now));
    return std::move(opened.grant);
}

// RFC 7009 §2.1: a client revokes only what is its own, so client_id stands in both conditions. A
// refresh token ends its grant, a spent one too, with all access tokens; an access token ends
// alone. A token that is unknown or another client's is no error (§2.2) and changes nothing.
result<std::optional<std::string>> store::revoke(const oauth::token_revocation& revocation,
                                                 oauth::time_point now) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    const auto id = token_id(revocation.token);
    CHECK_OK(p.db.run("DELETE FROM access_tokens WHERE id = ? AND grant_id IN (SELECT id FROM "
                      "grants WHERE client_id = ?)",
                      blob{id}, revocation.client_id));
    fault_point("revoke.access_gone");
    std::optional<std::string> ended;
    {
        TRY(row, p.db.query("SELECT g.id FROM refresh_tokens r JOIN grants g ON g.id = r.grant_id "
                            "WHERE r.id = ? AND g.client_id = ?",
                            blob{id}, revocation.client_id));
        TRY(found, row.next());
        if (found) ended = row.text(0);
    }
    // A spent token has no row any more, and ends its grant as one that has.
    if (const auto said = lineage_of(revocation.token, lineage_key(p.instance)); said && !ended) {
        TRY(grant, p.find_grant(said->grant_id));
        if (grant && grant->client_id == revocation.client_id) ended = grant->id;
    }
    if (ended) CHECK_OK(p.end_grant(*ended, stored::audit_kind::ended_by_client, seconds(now)));
    CHECK_OK(call.keep());
    return ended;
}

result<done> store::end_dead_grant(const std::string& grant_id, oauth::time_point now) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    CHECK_OK(p.end_grant(grant_id, stored::audit_kind::ended_by_dead_key, seconds(now)));
    return call.keep();
}

} // namespace store
