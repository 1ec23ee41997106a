#include "store/audit.hpp"

#include "base/fault_point.hpp"
#include "base/text.hpp"
#include "store/parts.hpp"

#include <algorithm>
#include <array>

namespace store {

namespace {

using namespace std::chrono_literals;
using enum audit_kind;

constexpr std::array<audit_rule, 16> rules{{
    {connection_made, "connection_made", 0s, "a person connected a client"},
    {ended_by_person, "ended_by_person", 0s, "the person ended it on /connections"},
    {ended_by_client, "ended_by_client", 0s, "the client revoked its refresh token"},
    {ended_by_admin, "ended_by_admin", 0s, "ended over the admin API"},
    {ended_by_reuse, "ended_by_reuse", 0s,
     "a refresh token came back after its successor was in use: somebody else may have it"},
    {ended_by_replay, "ended_by_replay", 0s,
     "an authorization code was used twice: somebody else may have it"},
    {ended_by_expiry, "ended_by_expiry", 0s, "its time was over, or nobody had used it for long"},
    {ended_by_dead_key, "ended_by_dead_key", 0s, "Twenty refuses its API key"},
    {ended_by_too_many, "ended_by_too_many", 0s,
     "the longest unused of too many connections of one key and client"},
    {primer_written, "primer_written", 0s, "a primer was uploaded"},
    {primer_rolled_back, "primer_rolled_back", 0s, "an earlier primer was taken back into use"},
    {primer_cleared, "primer_cleared", 0s, "the bundled primer is in use again"},
    {schema_refreshed, "schema_refreshed", 0s, "kept data models were dropped"},
    {connections_revoked, "connections_revoked", 0s, "connections were ended over the admin API"},
    {admin_called, "admin_called", 3600s, "a call of the admin API with the right token"},
    {wrong_admin_token, "wrong_admin_token", 60s, "a call of the admin API with a wrong token"},
}};

// A call that could count up is looked for among this many rows of its kind.
constexpr std::int64_t looked_back = 256;

oauth::time_point time_of(std::int64_t unix_seconds) {
    return oauth::time_point(std::chrono::seconds(unix_seconds));
}

} // namespace

std::span<const audit_rule> audit_rules() noexcept { return rules; }

const audit_rule& rule_of(audit_kind kind) noexcept {
    return rules[static_cast<std::size_t>(kind)];
}

std::optional<audit_kind> audit_kind_named(std::string_view name) noexcept {
    const auto* const found = std::find_if(rules.begin(), rules.end(),
                                           [&](const auto& rule) { return rule.name == name; });
    if (found == rules.end()) return std::nullopt;
    return found->kind;
}

result<done> store::parts::note(const audit_note& what, const std::string& grant_id,
                                std::int64_t now) {
    const auto& rule = rule_of(what.kind);
    const auto detail = text::cut_utf8(what.detail, audit_detail_bytes);
    if (rule.counted_within > 0s) {
        TRY(counted,
            db.run("UPDATE audit SET times = times + 1, last_at = ?1 WHERE id = (SELECT id FROM "
                   "(SELECT id, at, source, detail FROM audit WHERE kind = ?2 ORDER BY id DESC "
                   "LIMIT ?3) WHERE at > ?4 AND source = ?5 AND detail = ?6 LIMIT 1)",
                   now, rule.name, looked_back, now - rule.counted_within.count(), what.source,
                   detail));
        if (counted > 0) return done{};
    }
    CHECK_OK(db.run("INSERT INTO audit (at, last_at, kind, grant_id, source, detail) VALUES (?1, "
                    "?1, ?2, ?3, ?4, ?5)",
                    now, rule.name, grant_id, what.source, detail));
    fault_point("audit.row");
    return done{};
}

result<done> store::parts::trim_audit(audit_kind kind) {
    CHECK_OK(db.run("DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE kind = ? ORDER BY "
                    "id DESC LIMIT -1 OFFSET ?)",
                    rule_of(kind).name, audit_rows_of_a_kind));
    fault_point("audit.trimmed");
    return done{};
}

result<done> store::note(const audit_note& what, oauth::time_point now) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    CHECK_OK(p.note(what, {}, seconds(now)));
    CHECK_OK(p.trim_audit(what.kind));
    return call.keep();
}

result<std::vector<audit_row>> store::audit(const audit_query& query) {
    const auto since = query.since ? seconds(*query.since) : 0;
    const auto kind = query.kind ? rule_of(*query.kind).name : std::string_view();
    std::vector<audit_row> out;
    TRY(row, parts_->db.query("SELECT id, at, last_at, times, kind, grant_id, source, detail FROM "
                              "audit WHERE last_at >= ?1 AND (?2 = '' OR kind = ?2) AND (?3 = 0 OR "
                              "id < ?3) ORDER BY id DESC LIMIT ?4",
                              since, kind, query.before, static_cast<std::int64_t>(query.limit)));
    for (;;) {
        TRY(more, row.next());
        if (!more) return out;
        out.push_back({row.integer(0), time_of(row.integer(1)), time_of(row.integer(2)),
                       row.integer(3), row.text(4), row.text(5), row.text(6), row.text(7)});
    }
}

} // namespace store
