// The audit trail: what is written down, counted together and trimmed.
#include "base/fault_point.hpp"
#include "base/text.hpp"
#include "metrics/metrics.hpp"
#include "store/parts.hpp"

namespace store {

namespace {

using namespace std::chrono_literals;

// A flood costs the same whatever its length: the row that could count up is looked for among so
// many of its kind.
constexpr std::int64_t looked_back = 256;

#define EVENTS_WHERE                                                                               \
    "SELECT id, at, last_at, times, kind, grant_id, source, detail FROM audit WHERE last_at >= "   \
    "?1 AND (?2 = '' OR kind = ?2) "
constexpr const char* events_newest_first =
    EVENTS_WHERE "AND (?3 = 0 OR id < ?3) ORDER BY id DESC LIMIT ?4";
constexpr const char* events_oldest_first = EVENTS_WHERE "AND id > ?3 ORDER BY id LIMIT ?4";
#undef EVENTS_WHERE

} // namespace

// note() is a part of the change that it tells of: both are committed or neither is, so that
// nothing happens without its row. Of a row only `times` and `last_at` ever change; the trigger of
// version 4 refuses all else.
result<done> store::parts::note(const stored::audit_note& what, const std::string& grant_id,
                                std::int64_t now) {
    const auto& rule = stored::rule_of(what.kind);
    const auto detail = text::cut_utf8(what.detail, stored::audit_detail_bytes);
    metrics::count(metrics::id::audit_events, {rule.name});
    if (rule.counted_within > 0s) {
        TRY(counted,
            db.run("UPDATE audit SET times = times + 1, last_at = ?1 WHERE id = (SELECT id FROM "
                   "(SELECT id, at, grant_id, source, detail FROM audit WHERE kind = ?2 ORDER BY "
                   "id DESC LIMIT ?3) WHERE at > ?4 AND source = ?5 AND detail = ?6 AND "
                   "grant_id = ?7 LIMIT 1)",
                   now, rule.name, looked_back, now - rule.counted_within.count(), what.source,
                   detail, grant_id));
        if (counted > 0) return done{};
    }
    CHECK_OK(db.run("INSERT INTO audit (at, last_at, kind, grant_id, source, detail) VALUES (?1, "
                    "?1, ?2, ?3, ?4, ?5)",
                    now, rule.name, grant_id, what.source, detail));
    fault_point("audit.row");
    return done{};
}

// A kind pushes out only rows of its own. Called once for all notes of a change, because it walks
// the kind.
result<done> store::parts::trim_audit(stored::audit_kind kind) {
    CHECK_OK(db.run("DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE kind = ? ORDER BY "
                    "id DESC LIMIT -1 OFFSET ?)",
                    stored::rule_of(kind).name, stored::audit_rows_of_a_kind));
    fault_point("audit.trimmed");
    return done{};
}

result<done> store::note(const stored::audit_note& what, oauth::time_point now) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    CHECK_OK(p.note(what, {}, seconds(now)));
    CHECK_OK(p.trim_audit(what.kind));
    return call.keep();
}

result<std::vector<stored::audit_row>> store::audit(const stored::audit_query& query) {
    const auto since = query.since ? seconds(*query.since) : 0;
    const auto kind = query.kind ? stored::rule_of(*query.kind).name : std::string_view();
    std::vector<stored::audit_row> out;
    TRY(row, parts_->db.query(query.after ? events_oldest_first : events_newest_first, since, kind,
                              query.after ? *query.after : query.before,
                              static_cast<std::int64_t>(query.limit)));
    for (;;) {
        TRY(more, row.next());
        if (!more) return out;
        out.push_back({row.integer(0), time_of(row.integer(1)), time_of(row.integer(2)),
                       row.integer(3), row.text(4), row.text(5), row.text(6), row.text(7)});
    }
}

} // namespace store
