// The only place that talks to SQLite. Synchronous and single-threaded: the store actor owns
// it on a thread of its own. Every write method leaves its change inside the open transaction
// (begun on demand); nothing may be confirmed to anybody before commit() returned.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "oauth/types.hpp"
#include "store/audit.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace store {

// An MCP session as it survives a restart. The id authenticates itself (http side: MAC over
// random part and grant); this row restores what was negotiated.
struct session_record {
    std::string id;
    std::string grant_id;
    std::string protocol_version;
    std::string client_info;                // JSON object as the client sent it, capped
    std::string client_capabilities;        // JSON object
    std::vector<std::string> subscriptions; // URIs of resources
};

struct primer_record {
    std::string markdown;
    oauth::time_point updated_at;
    std::string etag; // strong, quoted
};

// One of the primer's last versions.
struct primer_version {
    std::int64_t version = 0;
    oauth::time_point created_at;
    std::optional<std::string> markdown; // nullopt: the bundled one came back into use
    std::string etag;                    // as in primer_record; empty with the bundled one
};

// RFC 9110 §13.1.1, §13.1.2: what must be true of the primer in use for a change to happen.
struct primer_condition {
    std::optional<std::vector<std::string>> etags; // is one of these; "*": there is one at all
    bool absent = false;                           // there is none
};

// Which grants an administrator looks for. What is empty does not matter; all else must hold.
struct grant_filter {
    std::string id;
    std::string client; // in the client's name, address or redirect URI, or in the label
    std::string mode;   // "read" or "write"
    std::string object; // may reach it, or it is not known which it may reach
    std::string key_id;
    std::optional<oauth::time_point> unused_since;
};
// The newest first; `after` is the cursor of the page before.
struct grant_page {
    std::vector<oauth::grant_summary> grants;
    std::string next; // empty: that was all
};
// Which to end: exactly one is set.
struct grant_choice {
    std::string id;
    std::string key_id;
    std::string client_id;
    bool all = false;
};

// How much is still sealed under one server key.
struct key_use {
    enum class age { current, previous, unknown };
    std::string id; // hex; says nothing of the key
    age state = age::unknown;
    std::vector<std::pair<std::string, std::int64_t>> rows; // by table
};

struct options {
    std::string path;             // file, or ":memory:"
    secret key;                   // COOKIE_ENCRYPTION_KEY, 32 bytes
    std::vector<secret> previous; // older keys, newest first
    std::string resource;         // ours, canonical (RFC 8707): no other's token or grant is good
    oauth::lifetimes lifetimes;
    oauth::reuse_policy on_reuse = oauth::reuse_policy::end;
    std::int64_t max_pages = 0; // a size limit in pages of 4 KiB; 0: none
};

// At most so many rows of a kind leave in one sweep().
inline constexpr std::size_t sweep_batch = 500;

class store {
  public:
    // Opens or creates the database, checks its version, migrates. Errors name the file and
    // the remedy: not writable, disk full, newer version, not a database, wrong server key.
    static result<store> open(options opts);
    store(store&&) noexcept;
    store& operator=(store&&) noexcept;
    ~store();

    // Random 32 bytes made at first start, sealed under the server key. Signs client ids and
    // session ids, so that rotating the server key orphans neither.
    secret instance_secret();

    // RFC 6749 §4.1.2: makes a grant and its single-use code. A pair of API key (fingerprint)
    // and client holds at most 20 grants; the longest unused one gives way.
    result<secret> create_grant(const oauth::new_grant& grant, oauth::time_point now);
    // RFC 6749 §4.1.3. errc::invalid_grant, invalid_target, bad_request, invalid_scope.
    result<oauth::token_pair> redeem_code(const oauth::code_exchange& exchange,
                                          oauth::time_point now);
    // Idempotent rotation with reuse detection. As redeem_code(), and errc::rate_limited.
    result<oauth::token_pair> refresh(const oauth::refresh_exchange& exchange,
                                      oauth::time_point now);
    // RFC 7009. Returns the id of the grant that ended, if one did (a refresh token was
    // given); revoking an access token ends that token only.
    result<std::optional<std::string>> revoke(const oauth::token_revocation& revocation,
                                              oauth::time_point now);
    // errc::unauthenticated when the token is unknown, expired, revoked or of another resource.
    result<oauth::opened_grant> open_grant(const secret& access_token, oauth::time_point now);
    // Ends a grant whatever its tokens, because Twenty refuses its key.
    result<done> end_dead_grant(const std::string& grant_id, oauth::time_point now);

    // The grants of one API key, the newest first.
    result<std::vector<oauth::grant_summary>> list_grants(const std::string& fingerprint,
                                                          oauth::time_point now);
    // Ends one of them, or (empty id) all; returns their ids. Another key's grant stays.
    result<std::vector<std::string>> end_grants(const std::string& fingerprint,
                                                const std::string& id, oauth::time_point now);

    // The administrator's: everybody's grants. errc::bad_request for a cursor that is none.
    result<grant_page> find_grants(const grant_filter& filter, std::size_t limit,
                                   const std::string& after, oauth::time_point now);
    // Returns the ids of those that ended. `source` asked for it.
    result<std::vector<std::string>> end_chosen(const grant_choice& choice,
                                                const std::string& source, oauth::time_point now);
    // The current key, the previous ones, and those that rows name but nobody set.
    result<std::vector<key_use>> key_uses(oauth::time_point now);

    // Writes it down; audit() reads, the newest first.
    result<done> note(const audit_note& what, oauth::time_point now);
    result<std::vector<audit_row>> audit(const audit_query& query);

    // Grants that ended by themselves (a replayed code, a reused refresh token, too many
    // grants, time) or by their owner's wish in what was committed since the last take: their
    // sessions and cached tokens must go too.
    std::vector<std::string> take_ended();

    // errc::not_found when the grant has ended. A session that ended stays ended.
    result<done> save_session(const session_record& session, oauth::time_point now);
    // nullopt: never saved (an older server made it); errc::not_found: ended by DELETE.
    result<std::optional<session_record>> load_session(const std::string& id);
    result<done> end_session(const std::string& id, const std::string& grant_id,
                             oauth::time_point now);

    result<std::optional<primer_record>> primer();
    // errc::conflict when the condition does not hold. `source` is written down.
    result<primer_record> write_primer(const std::string& markdown, oauth::time_point now,
                                       const primer_condition& condition = {},
                                       const std::string& source = {});
    result<done> clear_primer(oauth::time_point now, const primer_condition& condition = {},
                              const std::string& source = {});
    // The last ten versions, the one in use first.
    result<std::vector<primer_version>> primer_versions();
    // Makes an earlier one the newest. errc::not_found when it is not kept.
    result<primer_version> roll_back_primer(std::int64_t version, oauth::time_point now,
                                            const primer_condition& condition = {},
                                            const std::string& source = {});

    // Deletes what expired. Returns the number of rows; when it is sweep_batch or more, there
    // may be more to do: commit and call again.
    result<std::size_t> sweep(oauth::time_point now);

    // Ends the open transaction. On failure everything since the last commit is undone and
    // every caller waiting for it must be told so. A call that returned an error may have left
    // a change too (a replayed code ends its grant): commit whenever dirty().
    result<done> commit();
    [[nodiscard]] bool dirty() const noexcept; // a transaction is open

    // Cheap write test for /readyz.
    result<done> check();

  private:
    struct parts;
    explicit store(std::unique_ptr<parts> p);
    std::unique_ptr<parts> parts_;
};

} // namespace store
