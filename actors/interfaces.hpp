// The messages that only the actors send to each other, beside those of messages.hpp. One
// comment each: from whom to whom. `home` names the actor that handles it, `reply` the answer; a
// message without one is told, not asked. A new one also stands in a list at the end.
#pragma once

#include "actors/bearer.hpp"
#include "actors/messages.hpp"
#include "actors/session_messages.hpp"
#include "stored/change.hpp"
#include "stored/session.hpp"
#include "tracing/span.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace actors {

using deadline = std::chrono::steady_clock::time_point;

// -- To the store ------------------------------------------------------------------------------

// sessions → store: what does this token open? errc::unauthenticated.
struct open_token {
    static constexpr auto home = actor::store;
    using reply = oauth::opened_grant;
    secret access_token;
    explicit open_token(secret token) : access_token(std::move(token)) {}
};
// sessions → store: the store's half of revoke_token; the grant that ended, if one did.
struct end_token {
    static constexpr auto home = actor::store;
    using reply = std::optional<std::string>;
    oauth::token_revocation revocation;
    explicit end_token(oauth::token_revocation r) : revocation(std::move(r)) {}
};
// sessions → store: Twenty refuses the grant's key for good.
struct end_grant {
    static constexpr auto home = actor::store;
    using reply = done;
    std::string grant_id;
    explicit end_grant(std::string id) : grant_id(std::move(id)) {}
};
// session → store, at initialize.
struct save_session {
    static constexpr auto home = actor::store;
    using reply = done;
    stored::session_record session;
    explicit save_session(stored::session_record s) : session(std::move(s)) {}
};
// session → store, when it is rebuilt. errc::not_found: ended by DELETE.
struct load_session {
    static constexpr auto home = actor::store;
    using reply = std::optional<stored::session_record>;
    std::string id;
    explicit load_session(std::string session) : id(std::move(session)) {}
};
// sessions → store: the store's half of end_session.
struct erase_session {
    static constexpr auto home = actor::store;
    using reply = done;
    std::string id;
    std::string grant_id;
    erase_session(std::string session, std::string grant)
        : id(std::move(session)), grant_id(std::move(grant)) {}
};
// sessions → store: write these calls down.
struct note_calls {
    static constexpr auto home = actor::store;
    std::vector<noted_call> calls;
    explicit note_calls(std::vector<noted_call> c) : calls(std::move(c)) {}
};
// session → store: a change is about to be sent. False: there is no journal of changes.
// errc::not_found: the grant has ended; too_large; quota_used.
struct begin_change {
    static constexpr auto home = actor::store;
    using reply = bool;
    stored::new_change what;
    stored::change_owner who;
    begin_change(stored::new_change c, stored::change_owner o)
        : what(std::move(c)), who(std::move(o)) {}
};
// session → store: how many records a connection may still change.
struct read_quota {
    static constexpr auto home = actor::store;
    using reply = stored::change_quota;
    std::string grant_id;
    stored::change_quota quota; // that holds
    read_quota(std::string g, stored::change_quota q) : grant_id(std::move(g)), quota(q) {}
};
// session → store: how a change ended. Written down with the next COMMIT, in a second at the
// latest.
struct end_change {
    static constexpr auto home = actor::store;
    stored::change_end end;
    stored::change_owner who;
    end_change(stored::change_end e, stored::change_owner o)
        : end(std::move(e)), who(std::move(o)) {}
};
// session → store. As store::changes().
struct read_changes {
    static constexpr auto home = actor::store;
    using reply = std::vector<stored::change_record>;
    stored::change_query query;
    stored::change_owner who;
    read_changes(stored::change_query q, stored::change_owner o)
        : query(std::move(q)), who(std::move(o)) {}
};
// sessions → store: the store's halves of pause_writes and resume_writes.
struct save_pause {
    static constexpr auto home = actor::store;
    using reply = done;
    stored::write_pause pause;
    std::string source;
    save_pause(stored::write_pause p, std::string from)
        : pause(std::move(p)), source(std::move(from)) {}
};
struct erase_pause {
    static constexpr auto home = actor::store;
    using reply = bool; // was there one?
    stored::pause_target of;
    std::string source;
    erase_pause(stored::pause_target target, std::string from)
        : of(std::move(target)), source(std::move(from)) {}
};
// sessions → store: can it write?
struct check_store {
    static constexpr auto home = actor::store;
    using reply = done;
};
// store → supervisor ⇒ sessions: these grants ended by themselves (a replayed code, a reused
// refresh token, too many grants of one key, time) or by their owner's wish; nothing of theirs
// may go on.
struct grants_ended {
    static constexpr auto home = actor::sessions;
    std::vector<std::string> ids;
};
// store, schema cache → supervisor ⇒ sessions; session → sessions: clients may want to know.
struct things_changed {
    static constexpr auto home = actor::sessions;
    std::string workspace_id; // empty: all of them
    mcp::change what;
    things_changed(std::string workspace, mcp::change c)
        : workspace_id(std::move(workspace)), what(c) {}
};
// store → itself: commit what was written since the first uncommitted write.
struct flush_writes {
    static constexpr auto home = actor::store;
};
// store → itself: write the calls down whose COMMIT has failed.
struct retry_noting {
    static constexpr auto home = actor::store;
};
// store → itself: ends of changes have waited long enough for a COMMIT of others.
struct write_ends {
    static constexpr auto home = actor::store;
};
// store → itself: look at the next grants for an administrator.
struct go_on_searching {
    static constexpr auto home = actor::store;
};
// store → itself, every ten minutes: delete what expired.
struct sweep_expired {
    static constexpr auto home = actor::store;
};

// -- To the twenty pool ------------------------------------------------------------------------

// session, schema cache, key checks → pool. (`owner`, `number`) name the call for cancel_call; with
// 0 nobody cancels it. errc::busy, rate_limited, upstream_down, upstream_timeout, cancelled.
struct twenty_call {
    static constexpr auto home = actor::pool;
    using reply = twenty::response;
    std::string workspace; // whose bucket and queue
    secret api_key;
    twenty::request request;
    deadline until;
    std::uint64_t owner = 0;
    std::uint64_t number = 0;
    bool metered = true;                  // false: metadata, which Twenty does not count
    std::optional<tracing::place> within; // the span that asks; each attempt is a child of it

    twenty_call(std::string w, secret key, twenty::request r, deadline d)
        : workspace(std::move(w)), api_key(std::move(key)), request(std::move(r)), until(d) {}
};
// session → pool: the answer is not wanted any more. A key check lets its deadline end the call.
struct cancel_call {
    static constexpr auto home = actor::pool;
    std::uint64_t owner = 0;
    std::uint64_t number = 0;
};
// sessions → pool: does Twenty answer? nullopt: nobody has asked it yet.
struct check_upstream {
    static constexpr auto home = actor::pool;
    using reply = std::optional<bool>;
};
// transport → pool: an exchange ended.
struct exchange_done {
    static constexpr auto home = actor::pool;
    std::uint64_t ticket = 0;
    result<twenty::response> outcome;
    exchange_done(std::uint64_t t, result<twenty::response> r) : ticket(t), outcome(std::move(r)) {}
};
// pool → itself: a token or a deadline is due.
struct pool_tick {
    static constexpr auto home = actor::pool;
};

// -- To the schema cache -----------------------------------------------------------------------

// session, key checks → schema cache. The id must have been confirmed by Twenty for this key.
struct get_schema {
    static constexpr auto home = actor::schemas;
    using reply = twenty::schema_ptr;
    std::string workspace_id;
    secret api_key;
    mcp::freshness wanted;
    std::optional<tracing::place> within; // the span that asks
    get_schema(std::string id, secret key, mcp::freshness f)
        : workspace_id(std::move(id)), api_key(std::move(key)), wanted(f) {}
};

// key checks → itself.
struct check_expired {
    static constexpr auto home = actor::checks;
    std::uint64_t number = 0;
};

// The messages above and those of the sessions, once. News are told to the supervisor, who passes
// them on: whoever tells them was started before their home, and does not know it.
#define ACTORS_NEWS(EACH)                                                                          \
    EACH(grants_ended)                                                                             \
    EACH(things_changed)
#define ACTORS_INNER_MESSAGES(EACH)                                                                \
    EACH(open_token)                                                                               \
    EACH(end_token)                                                                                \
    EACH(end_grant)                                                                                \
    EACH(save_session)                                                                             \
    EACH(load_session)                                                                             \
    EACH(erase_session)                                                                            \
    EACH(save_pause)                                                                               \
    EACH(erase_pause)                                                                              \
    EACH(note_calls)                                                                               \
    EACH(begin_change)                                                                             \
    EACH(end_change)                                                                               \
    EACH(read_quota)                                                                               \
    EACH(read_changes)                                                                             \
    EACH(write_ends)                                                                               \
    EACH(check_store)                                                                              \
    EACH(flush_writes)                                                                             \
    EACH(retry_noting)                                                                             \
    EACH(go_on_searching)                                                                          \
    EACH(sweep_expired)                                                                            \
    EACH(twenty_call)                                                                              \
    EACH(cancel_call)                                                                              \
    EACH(check_upstream)                                                                           \
    EACH(exchange_done)                                                                            \
    EACH(pool_tick)                                                                                \
    EACH(get_schema)                                                                               \
    EACH(check_expired)                                                                            \
    ACTORS_SESSION_MESSAGES(EACH)

} // namespace actors
