// The only place that talks to SQLite. Synchronous and single-threaded: the store actor owns
// it on a thread of its own. Every write method leaves its change inside the open transaction
// (begun on demand); nothing may be confirmed to anybody before commit() returned.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "oauth/types.hpp"
#include "stored/audit.hpp"
#include "stored/calls.hpp"
#include "stored/change.hpp"
#include "stored/grants.hpp"
#include "stored/options.hpp"
#include "stored/pause.hpp"
#include "stored/server_keys.hpp"
#include "stored/session.hpp"
#include "stored/upload.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace store {

// At most so many rows of a kind leave in one sweep().
inline constexpr std::size_t sweep_batch = 500;
// At most so many grants are looked at in one find_grants(): some three milliseconds.
inline constexpr std::size_t find_batch = 500;

struct grant_search {
    stored::grant_filter filter;
    std::size_t limit = 0; // of what is found in all
    std::string after;     // a cursor; where to go on
    stored::grant_page found;
    bool over = false;
};

struct chain_check; // store/chain_check.hpp

class store {
  public:
    // Opens or creates the database, checks its version, migrates. Errors name the file and
    // the remedy: not writable, disk full, newer version, not a database, wrong server key.
    static result<store> open(stored::options opts);
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

    // The administrator's: everybody's grants. Looks at the next find_batch of them and goes on
    // when it is called again, until `search` is over. errc::bad_request for a cursor that is none.
    // Threat: a search through 100,000 grants keeps all logins waiting. Defence: whoever has the
    // database to itself does something else in between.
    result<done> find_grants(grant_search& search, oauth::time_point now);
    // How many there are in all, with those that sweep() has yet to take.
    result<std::int64_t> count_grants();
    // Returns the ids of those that ended. `source` asked for it.
    result<std::vector<std::string>> end_chosen(const stored::grant_choice& choice,
                                                const std::string& source, oauth::time_point now);
    // Until resume_writes() of the same; the reason of one that is there already changes.
    // errc::not_found: no grant is meant; errc::too_large: there are most_pauses.
    result<done> pause_writes(const stored::write_pause& pause, const std::string& source,
                              oauth::time_point now);
    // Was there such a pause?
    result<bool> resume_writes(const stored::pause_target& of, const std::string& source,
                               oauth::time_point now);
    // The oldest first.
    result<std::vector<stored::write_pause>> pauses();
    // The current key, the previous ones, and those that rows name but nobody set.
    result<std::vector<stored::key_use>> key_uses(oauth::time_point now);

    // Writes it down; audit() reads, the newest first.
    result<done> note(const stored::audit_note& what, oauth::time_point now);
    result<std::vector<stored::audit_row>> audit(const stored::audit_query& query);

    // Writes calls down, in order; their ids are given here.
    result<done> note_calls(std::vector<stored::call_record> calls);
    result<std::vector<stored::call_record>> calls(const stored::call_query& query);
    result<stored::call_chain> call_chain();
    // Reads all of them: some microseconds each.
    result<chain_check> check_calls(std::string_view public_key);

    // Writes a change down before its request leaves. False: there is no journal of changes.
    // Its records count against the quota, journal or not. errc::quota_used; not_found: the grant
    // has ended; too_large: it would not fit into what its grant may hold.
    result<bool> begin_change(const stored::new_change& what, const stored::change_owner& who,
                              oauth::time_point now);
    // Of connections that changed something in the last day.
    result<std::vector<stored::quota_use>> quota_uses(const std::vector<std::string>& grant_ids,
                                                      oauth::time_point now);
    // How many of its quota's records are left now.
    result<stored::change_quota> quota_left(const std::string& grant_id,
                                            const stored::change_quota& quota,
                                            oauth::time_point now);
    // False: the grant has no such change, or it has ended in another way (store/changes.cpp).
    result<bool> end_change(const stored::change_end& end, const stored::change_owner& who);
    // Those of one grant, the newest first; fewer than the limit where their bodies come to more
    // than most_listed_bytes, but at least one. errc::not_found: `before` names none;
    // unsupported: there is no journal.
    result<std::vector<stored::change_record>> changes(const stored::change_query& query,
                                                       const stored::change_owner& who);

    // Grants that ended by themselves (a replayed code, a reused refresh token, too many
    // grants, time) or by their owner's wish in what was committed since the last take: their
    // sessions and cached tokens must go too.
    std::vector<std::string> take_ended();

    // errc::not_found when the grant has ended. A session that ended stays ended.
    result<done> save_session(const stored::session_record& session, oauth::time_point now);
    // nullopt: never saved (an older server made it); errc::not_found: ended by DELETE.
    result<std::optional<stored::session_record>> load_session(const std::string& id);
    // errc::not_found: it has ended already.
    result<done> end_session(const std::string& id, const std::string& grant_id,
                             oauth::time_point now);

    // Uploads by name (stored/upload): one in use, and its last ten versions, that first.
    result<std::optional<stored::upload_record>> upload(std::string_view name);
    result<std::vector<stored::upload_version>> upload_versions(std::string_view name);
    // The skills in use.
    result<std::vector<stored::skill_row>> skills();
    // These three: errc::conflict when the condition does not hold; `source` is written down.
    // errc::too_large: there are most_skills already. `about` is what skills() gives of a skill.
    result<stored::upload_record> write_upload(std::string_view name, const std::string& text,
                                               oauth::time_point now,
                                               const stored::upload_condition& condition = {},
                                               const std::string& source = {},
                                               const std::string& about = {});
    // Takes it back: the bundled primer, or no skill, from then on. False: there was none.
    result<bool> clear_upload(std::string_view name, oauth::time_point now,
                              const stored::upload_condition& condition = {},
                              const std::string& source = {});
    // Makes an earlier version the newest. errc::not_found when it is not kept.
    result<stored::upload_version> roll_back_upload(std::string_view name, std::int64_t version,
                                                    oauth::time_point now,
                                                    const stored::upload_condition& condition = {},
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
