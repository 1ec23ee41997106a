// Pauses of writes: who may pause what, and what is paused.
#include "base/fault_point.hpp"
#include "base/text.hpp"
#include "store/parts.hpp"

#include <algorithm>

namespace store {

namespace {

std::string described(const stored::pause_target& of) {
    std::string out(stored::name_of(of.scope));
    return of.subject.empty() ? out : out + " " + of.subject;
}

stored::pause_scope scope_named(std::string_view name) {
    const auto& names = stored::pause_scope_names;
    const auto* const found = std::find(names.begin(), names.end(), name);
    // A scope of a newer program: nobody writes, rather than somebody who must not.
    if (found == names.end()) return stored::pause_scope::all;
    return static_cast<stored::pause_scope>(found - names.begin());
}

} // namespace

result<bool> store::parts::is_somebodys(const stored::pause_target& of) {
    // Each by an index, for there may be many grants.
    const char* by =
        "SELECT 1 FROM grants WHERE fingerprint >= ?1 AND fingerprint < ?1 || 'g' AND " KEY_ID
        " = ?1 LIMIT 1"; // behind the hexadecimal digits comes g
    switch (of.scope) {
    case stored::pause_scope::all:
        return of.subject.empty();
    case stored::pause_scope::connection:
    case stored::pause_scope::person:
        by = "SELECT 1 FROM grants WHERE id = ?1";
        break;
    case stored::pause_scope::key:
        break;
    }
    TRY(row, db.query(by, of.subject));
    return row.next();
}

result<done> store::parts::drop_pauses_of_nobody() {
    CHECK_OK(db.run(
        "DELETE FROM write_pauses WHERE scope IN ('connection', 'person') AND subject NOT IN "
        "(SELECT id FROM grants)"));
    return done{};
}

result<done> store::pause_writes(const stored::write_pause& pause, const std::string& source,
                                 oauth::time_point now) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    TRY(known, p.is_somebodys(pause.of));
    if (!known)
        return error{errc::not_found,
                     "No connection has this " +
                         std::string(pause.of.scope == stored::pause_scope::key
                                         ? "key; a connection's key is told in the "
                                           "list of connections."
                                         : "id; perhaps it has ended.")};
    TRY(set, pauses());
    const auto same = [&](const stored::write_pause& one) { return one.of == pause.of; };
    // Everybody's is the way out that the error names.
    if (pause.of.scope != stored::pause_scope::all && std::ranges::none_of(set, same) &&
        set.size() >= stored::most_pauses)
        return error{errc::too_large, "Too many pauses at once; pause everybody's writes instead."};
    CHECK_OK(p.db.run("INSERT INTO write_pauses (scope, subject, reason, since) VALUES (?, ?, ?, "
                      "?) ON CONFLICT (scope, subject) DO UPDATE SET reason = excluded.reason",
                      stored::name_of(pause.of.scope), pause.of.subject,
                      text::cut_utf8(pause.reason, stored::longest_pause_reason), seconds(now)));
    fault_point("pause.row");
    const auto detail =
        described(pause.of) + (pause.reason.empty() ? std::string() : ": " + pause.reason);
    CHECK_OK(p.note({stored::audit_kind::writes_paused, source, detail}, {}, seconds(now)));
    CHECK_OK(p.trim_audit(stored::audit_kind::writes_paused));
    return call.keep();
}

result<bool> store::resume_writes(const stored::pause_target& of, const std::string& source,
                                  oauth::time_point now) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    TRY(gone, p.db.run("DELETE FROM write_pauses WHERE scope = ? AND subject = ?",
                       stored::name_of(of.scope), of.subject));
    fault_point("pause.gone");
    if (gone > 0) {
        CHECK_OK(
            p.note({stored::audit_kind::writes_resumed, source, described(of)}, {}, seconds(now)));
        CHECK_OK(p.trim_audit(stored::audit_kind::writes_resumed));
    }
    CHECK_OK(call.keep());
    return gone > 0;
}

result<std::vector<stored::write_pause>> store::pauses() {
    std::vector<stored::write_pause> out;
    TRY(row, parts_->db.query("SELECT scope, subject, reason, since FROM write_pauses ORDER BY "
                              "since, scope, subject"));
    for (;;) {
        TRY(more, row.next());
        if (!more) return out;
        out.push_back(
            {{scope_named(row.text(0)), row.text(1)}, row.text(2), time_of(row.integer(3))});
    }
}

} // namespace store
