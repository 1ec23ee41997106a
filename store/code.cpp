// The authorization code: looked up, judged, and exchanged for the first tokens of its grant. A
// code is live, used or gone. redeem_code() makes a live one used, once, and erases its wrap with
// that: the code opens nothing any more, and its row is there to notice a replay. sweep() deletes
// the row, or the end of its grant does. The store has one thread, so nobody redeems between the
// look and the mark.
#include "base/crypto.hpp"
#include "base/fault_point.hpp"
#include "oauth/scope.hpp"
#include "oauth/token.hpp"
#include "store/parts.hpp"

namespace store {

struct store::parts::code_row {
    std::string id;
    std::string grant_id;
    std::string challenge;
    std::int64_t expires = 0;
    bool used = false;
    std::string kid;
    std::string wrapped;
    std::string redirect_uri;
};

result<std::optional<store::parts::code_row>> store::parts::find_code(const secret& code) {
    const auto id = token_id(code);
    TRY(row, db.query("SELECT c.grant_id, c.challenge, c.expires_at, c.used_at, c.kid, "
                      "c.wrap, g.redirect_uri FROM codes c JOIN grants g ON g.id = "
                      "c.grant_id WHERE c.id = ?",
                      blob{id}));
    TRY(found, row.next());
    if (!found) return std::optional<code_row>{};
    code_row out;
    out.id = id;
    out.grant_id = row.text(0);
    out.challenge = row.text(1);
    out.expires = row.integer(2);
    out.used = !row.is_null(3);
    out.kid = row.text(4);
    out.wrapped = row.text(5);
    out.redirect_uri = row.text(6);
    return std::optional(std::move(out));
}

// A client that did not register refresh_token gets an access token alone, which then stands for no
// refresh token and marks none as arrived.
result<oauth::token_pair> store::parts::first_tokens(const grant_row& grant, const secret& data_key,
                                                     const oauth::code_exchange& exchange,
                                                     std::int64_t now) {
    oauth::token_pair out;
    if (exchange.may_refresh) {
        out.refresh_token = refresh_token(crypto::random_bytes(crypto::key_bytes), {grant.id, 0},
                                          lineage_key(instance));
        CHECK_OK(add_refresh(grant, data_key, *out.refresh_token, 0, now));
    }
    out.access_token = crypto::random_token("twa_");
    out.scope = oauth::narrowed_scope(grant.scope, exchange.scope);
    out.resource = grant.resource;
    TRY(lives, add_access(grant, data_key, out.access_token,
                          out.refresh_token ? &*out.refresh_token : nullptr, out.scope, 0, now));
    out.expires_in = lives;
    return out;
}

result<oauth::token_pair> store::redeem_code(const oauth::code_exchange& exchange,
                                             oauth::time_point now) {
    auto& p = *parts_;
    const auto t = seconds(now);
    TRY(call, change::begin(p.shared));
    TRY(code, p.find_code(exchange.code));
    if (!code) return invalid_grant();
    TRY(grant, p.find_grant(code->grant_id));
    if (grant && grant->resource != p.opts.resource) return invalid_grant();
    // None of these uses the code up: a stranger's attempt must not cost the owner the login. A
    // used code is not asked for its end, because a replay counts for as long as its row is there.
    if (!grant || grant->client_id != exchange.client_id) return invalid_grant();
    if (!code->used && t >= code->expires) return invalid_grant();
    if (exchange.redirect_uri && *exchange.redirect_uri != code->redirect_uri)
        return invalid_grant();
    if (exchange.resource && *exchange.resource != grant->resource)
        return error{errc::invalid_target, "resource is not the one of the authorization"};
    if (!oauth::code_verifier_matches(code->challenge, exchange.code_verifier))
        return invalid_grant();
    fault_point("code.checked");
    if (code->used) { // RFC 6749 §4.1.2: only a replay that is valid in everything else counts
        CHECK_OK(p.end_grant(code->grant_id, stored::audit_kind::ended_by_replay, t));
        CHECK_OK(call.keep());
        return invalid_grant();
    }
    // find() knows no such key: the administrator has taken an older server key away since.
    const auto* key = p.keys.find(code->kid);
    if (!key) return invalid_grant();
    const auto data_key = unwrap(code->wrapped, exchange.code, *key,
                                 {token_kind::code, code->id, code->grant_id, "", code->expires});
    if (!data_key) {
        report_altered("code");
        return invalid_grant();
    }
    // The code is spent before the tokens are made, and in one change with them: whatever fails
    // below undoes both, and no COMMIT can hold the tokens without the mark.
    CHECK_OK(p.db.run("UPDATE codes SET used_at = ?, wrap = NULL WHERE id = ?", t, blob{code->id}));
    fault_point("code.spent");
    TRY(out, p.first_tokens(*grant, *data_key, exchange, t));
    CHECK_OK(p.check_opens(out.access_token, t));
    CHECK_OK(call.keep());
    return out;
}

} // namespace store
