// What is written down for the administrator: connections that were made and how they ended,
// and every call of the admin API. The kinds are one table; each says how calls of its kind are
// counted together, so that neither a flood of wrong tokens nor a monitor's polling fills the disk.
#pragma once

#include "oauth/types.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stored {

enum class audit_kind {
    connection_made,
    ended_by_person,
    ended_by_client,
    ended_by_admin,
    ended_by_reuse,
    ended_by_replay,
    ended_by_expiry,
    ended_by_dead_key,
    ended_by_too_many,
    refresh_repeated,
    primer_written,
    primer_rolled_back,
    primer_cleared,
    skill_written,
    skill_rolled_back,
    skill_removed,
    schema_refreshed,
    connections_revoked,
    writes_paused,
    writes_resumed,
    calls_read,
    calls_begun_anew,
    restored,
    admin_called,
    wrong_admin_token,
};

struct audit_rule {
    audit_kind kind;
    std::string_view name;
    // The same again (kind, grant, source and detail) within this time only counts up. 0: a row
    // each.
    std::chrono::seconds counted_within;
    std::string_view meaning;
};
std::span<const audit_rule> audit_rules() noexcept; // in the order of the enumeration
const audit_rule& rule_of(audit_kind kind) noexcept;
std::optional<audit_kind> audit_kind_named(std::string_view name) noexcept;

// Rows go after this time, and the oldest of a kind when it has more than this: no kind can push
// out another.
inline constexpr std::chrono::hours audit_kept{24 * 90};
inline constexpr std::int64_t audit_rows_of_a_kind = 10'000;
inline constexpr std::size_t audit_detail_bytes = 200; // what is longer is cut

// One to write. No secret belongs into `detail`.
struct audit_note {
    audit_kind kind = audit_kind::admin_called;
    std::string source;
    std::string detail;
};

struct audit_row {
    std::int64_t id = 0;
    oauth::time_point at;
    oauth::time_point last_at;
    std::int64_t times = 1;
    std::string kind;     // a name; of an older or newer program perhaps
    std::string grant_id; // empty: none
    std::string source;
    std::string detail;
};

struct audit_query {
    std::optional<oauth::time_point> since;
    std::optional<audit_kind> kind;
    std::int64_t before = 0; // only rows with a smaller id; 0: all
    std::size_t limit = 100;
    std::optional<std::int64_t> after =
        {}; // in place of `before`: the oldest first, behind this id
};

} // namespace stored
