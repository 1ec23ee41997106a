// A person's own grants: those made with one API key.
// Threat: somebody sees or ends another person's connections. Defence: the fingerprint stands in
// every condition; it can only be made from the key itself, with a secret of this server.
#include "base/fault_point.hpp"
#include "oauth/scope.hpp"
#include "store/parts.hpp"

namespace store {

namespace {

oauth::time_point time_of(std::int64_t unix_seconds) {
    return oauth::time_point(std::chrono::seconds(unix_seconds));
}

oauth::grant_summary read_summary(const statement& row) {
    oauth::grant_summary out;
    out.id = row.text(0);
    out.client_name = row.text(1);
    out.redirect_uri = row.text(2);
    if (const auto scope = oauth::parse_scope(row.text(3)); scope.ok()) out.scope = *scope;
    out.label = row.text(4);
    out.workspace_name = row.text(5);
    if (!row.is_null(6)) out.objects = row.text(6);
    out.created_at = time_of(row.integer(7));
    out.last_used_at = time_of(row.integer(8));
    out.expires_at = time_of(row.integer(9));
    out.client_id = row.text(10);
    return out;
}

} // namespace

result<std::vector<oauth::grant_summary>> store::list_grants(const std::string& fingerprint,
                                                             oauth::time_point now) {
    auto& p = *parts_;
    std::vector<oauth::grant_summary> out;
    TRY(row, p.db.query("SELECT id, client_name, redirect_uri, scope, label, workspace_name, "
                        "objects, created_at, last_used_at, expires_at, client_id FROM grants "
                        "WHERE fingerprint = ? AND expires_at > ? ORDER BY created_at DESC, id",
                        fingerprint, seconds(now)));
    for (;;) {
        TRY(more, row.next());
        if (!more) return out;
        out.push_back(read_summary(row));
    }
}

result<std::vector<std::string>> store::end_grants(const std::string& fingerprint,
                                                   const std::string& id) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    std::vector<std::string> gone;
    {
        TRY(row, p.db.query("DELETE FROM grants WHERE fingerprint = ?1 AND (?2 = '' OR id = ?2) "
                            "RETURNING id",
                            fingerprint, id));
        for (;;) {
            TRY(more, row.next());
            if (!more) break;
            gone.push_back(row.text(0));
        }
    }
    fault_point("grants.ended");
    for (const auto& one : gone)
        p.shared.note(one);
    CHECK_OK(call.keep());
    return gone;
}

} // namespace store
