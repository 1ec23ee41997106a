// What the store is made of inside, shared by its source files.
#pragma once

#include "base/crypto.hpp"
#include "store/database.hpp"
#include "store/keyring.hpp"
#include "store/rotation.hpp"
#include "store/store.hpp"
#include "store/transaction.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace store {

// 12 of a fingerprint's 32 hexadecimal digits tell keys apart for an administrator, and cannot
// stand in for it: list_grants() and end_grants() want all of them.
#define KEY_ID "substr(fingerprint, 1, 12)"

// Of a column that holds seconds since 1970.
inline oauth::time_point time_of(std::int64_t unix_seconds) {
    return oauth::time_point(std::chrono::seconds(unix_seconds));
}

// A grant's row as the token endpoint needs it.
struct grant_row {
    std::string id;
    std::string client_id;
    std::string resource;
    oauth::scope_set scope;
    std::int64_t expires_at = 0;
};

struct store::parts {
    stored::options opts;
    database db;
    keyring keys;
    transaction shared;
    secret instance;
    std::optional<crypto::signing_key> signs_calls; // made when it is needed
    bool trail_altered = false;                     // its head was not ours at the start
    // Refresh tokens whose access token has been used, and when it first was. Written with the next
    // commit: losing the mark in a crash only lets a retry pass that would have ended the grant.
    std::map<std::string, std::int64_t> arrived;
    // Repeats that the audit has: token and network. Forgetting one costs one more row.
    std::set<std::string> noted_repeats;
    bool checkpoint_due = false;

    parts(stored::options o, database d)
        : opts(std::move(o)), db(std::move(d)), keys(opts.key, opts.previous), shared(db) {}

    result<done> load_instance();

    // -- audit.cpp
    result<done> note(const stored::audit_note& what, const std::string& grant_id,
                      std::int64_t now);
    result<done> trim_audit(stored::audit_kind kind); // after one or several notes of it

    // -- calls.cpp
    const crypto::signing_key& call_key();
    result<done> open_chain(); // at the start
    result<stored::call_chain> chain();
    void sign_chain(stored::call_chain& chain);         // unless it was altered
    result<done> keep_chain(stored::call_chain& chain); // signs it
    result<std::size_t> trim_calls(std::int64_t now);   // a batch

    // -- changes.cpp
    result<done> leave_changes_open(); // at the start: those of a process that is gone
    result<std::optional<std::int64_t>> number_of_change(const std::string& id,
                                                         const std::string& grant_id);
    struct change_list;
    // Fills in which of its records are taken back.
    result<done> note_undone(stored::change_record& change, const std::string& grant_id);
    result<std::vector<std::string>> newest_changes_first(const std::vector<std::string>& ids,
                                                          const std::string& grant_id);

    // -- change_quota.cpp
    result<std::int64_t> changed_since(const std::string& grant_id, std::int64_t piece);
    result<std::int64_t> free_again(const std::string& grant_id, std::int64_t since,
                                    std::int64_t pieces, std::int64_t wanted);
    // In the transaction of the change that begins. False: there is no quota. errc::quota_used
    result<bool> count_changed(const std::string& grant_id, std::int64_t records,
                               const stored::change_quota& quota, std::int64_t now);
    result<done> uncount_change(const std::string& id);
    result<done> drop_old_counts(std::int64_t now);

    // -- change_room.cpp
    struct change_sum {
        std::int64_t changes = 0;
        std::int64_t bytes = 0;
    };
    [[nodiscard]] std::int64_t most_bytes_of_grant() const noexcept;
    result<change_sum> sum_of_changes(const std::string& grant_id); // empty: of all
    // The oldest of a grant until `wanted` is gone, but for one; what is gone.
    result<change_sum> drop_changes(const std::string& grant_id, const std::string& but,
                                    change_sum wanted);
    result<done> drop_of_largest(const std::string& but, std::int64_t bytes);
    // For a change that begins (empty), or for the end of one.
    result<done> make_room_for_change(const std::string& grant_id, const std::string& for_change,
                                      std::int64_t bytes);
    result<std::size_t> sweep_changes(std::int64_t now);

    // -- grants.cpp
    // `deletion` deletes grants and returns their id and client_name. Writes down how they ended
    // and notes them for take_ended(); returns their ids.
    result<std::vector<std::string>> ended(result<statement> deletion,
                                           const stored::audit_note& how, std::int64_t now);

    // -- tokens.cpp
    result<std::optional<grant_row>> find_grant(const std::string& id);
    result<done> end_grant(const std::string& id, stored::audit_kind how, std::int64_t now);
    result<done> make_room(const std::string& fingerprint, const std::string& client_id,
                           std::int64_t now);
    // Stores a refresh token of a grant as its current one.
    result<done> add_refresh(const grant_row& grant, const secret& data_key, const secret& token,
                             std::int64_t generation, std::int64_t now);
    // Stores an access token; returns the seconds it lives.
    result<std::chrono::seconds> add_access(const grant_row& grant, const secret& data_key,
                                            const secret& token, const secret* refresh,
                                            const oauth::scope_set& scope, std::int64_t generation,
                                            std::int64_t now);

    // What an access token opens, and the refresh token whose access token is used for the first
    // time by it; empty: that is known.
    struct opened_access {
        oauth::opened_grant grant;
        std::string first_of;
    };
    result<opened_access> open_access(const secret& token, std::int64_t now);
    // invalid_grant() for a token that opens nothing, in place of an answer that has it.
    result<done> check_opens(const secret& token, std::int64_t now);

    // -- code.cpp
    struct code_row;
    result<std::optional<code_row>> find_code(const secret& code);
    // What a code is exchanged for.
    result<oauth::token_pair> first_tokens(const grant_row& grant, const secret& data_key,
                                           const oauth::code_exchange& exchange, std::int64_t now);

    // -- pauses.cpp
    // Does a grant have what the pause is of?
    result<bool> is_somebodys(const stored::pause_target& of);
    // Those of connections that have ended.
    result<done> drop_pauses_of_nobody();

    // -- uploads.cpp
    result<done> check_upload(std::string_view name, const stored::upload_condition& condition);
    result<done> check_room_for(std::string_view name);
    // A new version, without text when it is taken back.
    result<done> add_upload(std::string_view name, const stored::upload_version& what,
                            const std::string& about, const stored::audit_note& how,
                            std::int64_t now);

    // -- sweep.cpp
    result<std::size_t> end_dead_grants(std::int64_t now);

    // -- refresh.cpp
    struct refresh_row;
    struct current_refresh;
    result<std::optional<refresh_row>> find_refresh(const secret& token);
    result<std::optional<current_refresh>> find_current(const std::string& grant_id);
    // The grant, if it is good for this exchange. As store::refresh().
    result<grant_row> grant_for(const std::string& id, const oauth::refresh_exchange& exchange,
                                std::int64_t now);
    result<oauth::token_pair> rotate(const refresh_row& row, const current_refresh& current,
                                     const grant_row& grant,
                                     const oauth::refresh_exchange& exchange, verdict how,
                                     std::int64_t now);
    result<oauth::token_pair> repeat(const refresh_row& row, const current_refresh& current,
                                     const grant_row& grant,
                                     const oauth::refresh_exchange& exchange, std::int64_t now);
    // In the change that is open.
    result<done> note_exchange(const refresh_row& row, const std::string& network,
                               std::string_view successor, std::int64_t now);
    result<done> note_repeat(const refresh_row& row, const current_refresh& current,
                             const std::string& network, std::int64_t now);
    // A token whose row is gone.
    result<oauth::token_pair> refresh_spent(const oauth::refresh_exchange& exchange,
                                            std::int64_t now);
    // A token that somebody else may have; what is answered.
    result<oauth::token_pair> reused(const std::string& grant_id, std::int64_t now);
};

// The answer to every code or refresh token that is not good, whatever the reason.
error invalid_grant();

// Tells the log that a sealed value does not open with the key of its row.
void report_altered(std::string_view what);

} // namespace store
