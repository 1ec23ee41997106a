// MCP sessions that survive a restart.
#include "base/fault_point.hpp"
#include "base/text.hpp"
#include "store/parts.hpp"

namespace store {

namespace {

// Some clients open a session for every call. A session that is trimmed is an unknown one again,
// and those are revived by their id (actors/sessions), so that nobody is locked out.
constexpr std::int64_t kept_sessions = 128; // a grant, deleted ones included

result<done> trim(database& db, const std::string& grant_id) {
    CHECK_OK(db.run("DELETE FROM sessions WHERE rowid IN (SELECT rowid FROM sessions WHERE "
                    "grant_id = ? ORDER BY updated_at DESC, rowid DESC LIMIT -1 OFFSET ?)",
                    grant_id, kept_sessions));
    return done{};
}

} // namespace

result<done> store::save_session(const stored::session_record& session, oauth::time_point now) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    // The condition at the end: a session that was deleted stays deleted, and none changes its
    // grant. A grant that is gone fails the foreign key (errc::not_found).
    CHECK_OK(p.db.run(
        "INSERT INTO sessions (id, grant_id, protocol_version, client_info, client_capabilities, "
        "subscriptions, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "protocol_version = "
        "excluded.protocol_version, client_info = excluded.client_info, client_capabilities = "
        "excluded.client_capabilities, subscriptions = excluded.subscriptions, updated_at = "
        "excluded.updated_at WHERE grant_id = "
        "excluded.grant_id AND ended_at IS NULL",
        session.id, session.grant_id, session.protocol_version, session.client_info,
        session.client_capabilities, text::join(session.subscriptions, "\n"), seconds(now)));
    fault_point("session.row");
    CHECK_OK(trim(p.db, session.grant_id));
    return call.keep();
}

result<std::optional<stored::session_record>> store::load_session(const std::string& id) {
    TRY(row,
        parts_->db.query("SELECT grant_id, protocol_version, client_info, "
                         "client_capabilities, ended_at, subscriptions FROM sessions WHERE id = "
                         "?",
                         id));
    TRY(found, row.next());
    if (!found) return std::optional<stored::session_record>{};
    if (!row.is_null(4)) return error{errc::not_found, "The session has ended"};
    stored::session_record out{id, row.text(0), row.text(1), row.text(2), row.text(3), {}};
    const auto uris = row.text(5);
    if (!uris.empty()) out.subscriptions = text::split(uris, '\n');
    return std::optional(std::move(out));
}

// The id of a session proves itself by its MAC, so a row that is merely deleted would come back to
// life. What stays is a tombstone: the id with ended_at, and nothing of what the client had said.
// It is made for a session that was never saved, too.
result<done> store::end_session(const std::string& id, const std::string& grant_id,
                                oauth::time_point now) {
    auto& p = *parts_;
    // MCP 2025-11-25, session management: one that has ended is not found, by DELETE neither.
    if (const auto there = load_session(id); !there) return there.failure();
    TRY(call, change::begin(p.shared));
    CHECK_OK(p.db.run(
        "INSERT INTO sessions (id, grant_id, protocol_version, client_info, client_capabilities, "
        "updated_at, ended_at) VALUES (?1, ?2, '', '', '', ?3, ?3) ON CONFLICT (id) DO UPDATE "
        "SET protocol_version = '', client_info = '', client_capabilities = '', subscriptions = "
        "'', "
        "updated_at = ?3, "
        "ended_at = ?3 WHERE grant_id = ?2",
        id, grant_id, seconds(now)));
    fault_point("session.ended");
    CHECK_OK(trim(p.db, grant_id));
    return call.keep();
}

} // namespace store
