// Grants as people see and end them: their owner by the API key, the administrator all of them.
// Threat: somebody sees or ends another person's connections. Defence: where a person asks, the
// fingerprint stands in the condition; it can only be made from the key itself, with a secret of
// this server.
#include "base/fault_point.hpp"
#include "base/number.hpp"
#include "base/text.hpp"
#include "oauth/scope.hpp"
#include "store/parts.hpp"

#include <algorithm>

namespace store {

namespace {

#define SUMMARY                                                                                    \
    "id, client_id, client_kind, client_name, redirect_uri, scope, label, workspace_name, "        \
    "objects, created_at, last_used_at, expires_at, " KEY_ID

std::optional<oauth::client_kind> kind_named(std::string_view name) {
    const auto& names = oauth::client_kind_names;
    const auto* const found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<oauth::client_kind>(found - names.begin());
}

oauth::grant_summary read_summary(const statement& row) {
    oauth::grant_summary out;
    out.id = row.text(0);
    out.client_id = row.text(1);
    out.kind = kind_named(row.text(2));
    out.client_name = row.text(3);
    out.redirect_uri = row.text(4);
    if (const auto scope = oauth::parse_scope(row.text(5)); scope.ok()) out.scope = *scope;
    out.label = row.text(6);
    out.workspace_name = row.text(7);
    if (!row.is_null(8)) out.objects = row.text(8);
    out.created_at = time_of(row.integer(9));
    out.last_used_at = time_of(row.integer(10));
    out.expires_at = time_of(row.integer(11));
    out.key_id = row.text(12);
    return out;
}

// A cursor is "CREATED.ID" of the last one that was shown: grants of one second are told apart by
// their id, and the index grants_by_age has both.
struct position {
    std::int64_t created = -1;
    std::string id;
};

result<position> read_cursor(const std::string& cursor) {
    position out;
    if (cursor.empty()) return out;
    const auto dot = cursor.find('.');
    out.created = text::number<std::int64_t>(cursor.substr(0, dot)).value_or(-1);
    if (dot == std::string::npos || out.created < 0)
        return error{errc::bad_request, "cursor is not one that this server gave out."};
    out.id = cursor.substr(dot + 1);
    return out;
}

// EACH_GRANT gives every grant from a position on, with a column that says whether it is looked
// for. The others are read too, so that find_grants() counts them and stops after find_batch,
// however rare a match is. A grant whose objects are not known, or are all, may reach any of them.
#define EACH_GRANT                                                                                 \
    "SELECT " SUMMARY ", expires_at > ?1 AND (?2 = '' OR id = ?2) "                                \
    "AND (?3 = '' OR instr(lower(client_name || char(10) || label || char(10) || redirect_uri "    \
    "|| CASE client_kind WHEN 'registered' THEN '' ELSE char(10) || client_id END), ?3) > 0) "     \
    "AND (?4 = '' OR (instr(scope, 'twenty:write') > 0) = (?4 = 'write')) "                        \
    "AND (?5 = '' OR objects IS NULL OR objects = '' OR instr(',' || objects || ',', ',' || ?5 "   \
    "|| ',') > 0) AND (?6 = '' OR " KEY_ID " = ?6) AND (?7 < 0 OR last_used_at < ?7) FROM grants "
constexpr int is_wanted = 13; // the column behind the summary

constexpr const char* everybodys =
    EACH_GRANT "WHERE (?8 < 0 OR (created_at, id) < (?8, ?9)) ORDER BY created_at DESC, id DESC "
               "LIMIT ?10";
// one_by_id reaches a single grant by its key, without a look at the others.
constexpr const char* one_by_id =
    EACH_GRANT "WHERE id = ?2 AND (?8 < 0 OR (created_at, id) < (?8, ?9)) LIMIT ?10";

std::string cursor_of(const oauth::grant_summary& grant) {
    return std::to_string(seconds(grant.created_at)) + "." + grant.id;
}

// `chosen` ends with ELSE 0: a choice that names nothing ends nothing.
constexpr const char* chosen =
    "DELETE FROM grants WHERE CASE ?1 WHEN 'id' THEN id = ?2 WHEN 'key' THEN " KEY_ID
    " = ?2 WHEN 'client_id' THEN client_id = ?2 WHEN 'all' THEN 1 ELSE 0 END "
    "RETURNING id, client_name";

std::pair<std::string_view, std::string> named(const stored::grant_choice& choice) {
    if (!choice.id.empty()) return {"id", choice.id};
    if (!choice.key_id.empty()) return {"key", choice.key_id};
    if (!choice.client_id.empty()) return {"client_id", choice.client_id};
    return {choice.all ? "all" : "", {}};
}

} // namespace

// ended() reads all deleted rows first: the deletion is over before a note writes. Everything below
// a grant (code, tokens, sessions) goes by ON DELETE CASCADE. shared.note() keeps the ids until
// COMMIT, when the actors end the grants' sessions and forget their tokens.
result<std::vector<std::string>>
store::parts::ended(result<statement> deletion, const stored::audit_note& how, std::int64_t now) {
    TRY(row, std::move(deletion));
    std::vector<std::string> ids;
    std::vector<std::string> clients;
    for (;;) {
        TRY(more, row.next());
        if (!more) break;
        ids.push_back(row.text(0));
        clients.push_back(row.text(1));
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
        shared.note(ids[i]);
        CHECK_OK(note({how.kind, how.source, clients[i]}, ids[i], now));
    }
    if (ids.empty()) return ids;
    CHECK_OK(drop_pauses_of_nobody());
    CHECK_OK(trim_audit(how.kind));
    return ids;
}

result<std::vector<oauth::grant_summary>> store::list_grants(const std::string& fingerprint,
                                                             oauth::time_point now) {
    auto& p = *parts_;
    std::vector<oauth::grant_summary> out;
    TRY(row, p.db.query("SELECT " SUMMARY " FROM grants WHERE fingerprint = ? AND expires_at > ? "
                        "ORDER BY created_at DESC, id",
                        fingerprint, seconds(now)));
    for (;;) {
        TRY(more, row.next());
        if (!more) return out;
        out.push_back(read_summary(row));
    }
}

result<std::vector<std::string>> store::end_grants(const std::string& fingerprint,
                                                   const std::string& id, oauth::time_point now) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    auto deletion = p.db.query("DELETE FROM grants WHERE fingerprint = ?1 AND (?2 = '' OR id = "
                               "?2) RETURNING id, client_name",
                               fingerprint, id);
    TRY(gone,
        p.ended(std::move(deletion), {stored::audit_kind::ended_by_person, {}, {}}, seconds(now)));
    fault_point("grants.ended");
    CHECK_OK(call.keep());
    return gone;
}

result<done> store::find_grants(grant_search& search, oauth::time_point now) {
    auto& p = *parts_;
    TRY(from, read_cursor(search.after));
    const auto& f = search.filter;
    const auto unused = f.unused_since ? seconds(*f.unused_since) : std::int64_t{-1};
    TRY(row, p.db.query(f.id.empty() ? everybodys : one_by_id, seconds(now), f.id,
                        text::lower(f.client), f.mode, f.object, f.key_id, unused, from.created,
                        from.id, static_cast<std::int64_t>(find_batch)));
    auto& found = search.found;
    for (std::size_t seen = 0; seen < find_batch; ++seen) {
        TRY(more, row.next());
        if (!more) {
            search.over = true;
            return done{};
        }
        // A page is full only when one more is found: so `next` is never the way to an empty page.
        const bool wanted = row.integer(is_wanted) != 0;
        if (wanted && found.grants.size() == search.limit) {
            found.next = cursor_of(found.grants.back());
            search.over = true;
            return done{};
        }
        auto grant = read_summary(row);
        search.after = cursor_of(grant);
        if (wanted) found.grants.push_back(std::move(grant));
    }
    return done{};
}

result<std::int64_t> store::count_grants() {
    TRY(row, parts_->db.query("SELECT count(*) FROM grants"));
    TRY(found, row.next());
    return found ? row.integer(0) : std::int64_t{0};
}

result<std::vector<std::string>> store::end_chosen(const stored::grant_choice& choice,
                                                   const std::string& source,
                                                   oauth::time_point now) {
    auto& p = *parts_;
    TRY(call, change::begin(p.shared));
    const auto [what, value] = named(choice);
    TRY(gone, p.ended(p.db.query(chosen, what, value),
                      {stored::audit_kind::ended_by_admin, source, {}}, seconds(now)));
    fault_point("grants.chosen_ended");
    // connections_revoked is written down whatever came of it: a call that found nothing is one
    // too.
    auto told = std::string(what) + (value.empty() ? "" : " " + value);
    told = std::string(text::cut_utf8(told, 100)) + ": " + std::to_string(gone.size()) + " ended";
    CHECK_OK(p.note({stored::audit_kind::connections_revoked, source, told}, {}, seconds(now)));
    CHECK_OK(p.trim_audit(stored::audit_kind::connections_revoked));
    CHECK_OK(call.keep());
    return gone;
}

} // namespace store
