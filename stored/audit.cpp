#include "stored/audit.hpp"

#include <algorithm>
#include <array>

namespace stored {

namespace {

using namespace std::chrono_literals;
using enum audit_kind;

// One row a kind, in the order of the enumeration, which rule_of() counts on. Names are stored, so
// a name never changes. What a person or a token does once is a row each time; calls of the admin
// API repeat by nature, a monitor's as well as an attacker's, and so do repeats of a refresh token:
// they count up within the time that is given.
constexpr std::array<audit_rule, 25> rules{{
    {connection_made, "connection_made", 0s, "a person connected a client"},
    {ended_by_person, "ended_by_person", 0s, "the person ended it on /connections"},
    {ended_by_client, "ended_by_client", 0s, "the client revoked its refresh token"},
    {ended_by_admin, "ended_by_admin", 0s,
     "ended over the admin API, or when a backup was restored"},
    {ended_by_reuse, "ended_by_reuse", 0s,
     "a refresh token came back after its successor was in use: somebody else may have it"},
    {ended_by_replay, "ended_by_replay", 0s,
     "an authorization code was used twice: somebody else may have it"},
    {ended_by_expiry, "ended_by_expiry", 0s, "its time was over, or nobody had used it for long"},
    {ended_by_dead_key, "ended_by_dead_key", 0s, "Twenty refuses its API key"},
    {ended_by_too_many, "ended_by_too_many", 0s,
     "the longest unused of too many connections of one key and client"},
    {refresh_repeated, "refresh_repeated", 3600s,
     "a refresh token came back soon after its exchange, a retry or a race: from a strange network "
     "somebody else may have it"},
    {primer_written, "primer_written", 0s, "a primer was uploaded"},
    {primer_rolled_back, "primer_rolled_back", 0s, "an earlier primer was taken back into use"},
    {primer_cleared, "primer_cleared", 0s, "the bundled primer is in use again"},
    {skill_written, "skill_written", 0s, "a skill was uploaded"},
    {skill_rolled_back, "skill_rolled_back", 0s, "an earlier version of a skill was taken back"},
    {skill_removed, "skill_removed", 0s, "a skill was removed"},
    {schema_refreshed, "schema_refreshed", 0s, "kept data models were dropped"},
    {connections_revoked, "connections_revoked", 0s, "connections were ended over the admin API"},
    {writes_paused, "writes_paused", 0s, "an administrator paused writes; whose is in the detail"},
    {writes_resumed, "writes_resumed", 0s, "an administrator let writes go on"},
    {calls_read, "calls_read", 3600s, "an administrator looked at calls; whose is in the detail"},
    {calls_begun_anew, "calls_begun_anew", 0s,
     "an administrator began a trail of calls anew that was altered; where is in the detail"},
    {restored, "restored", 0s, "a backup took the place of the database"},
    {admin_called, "admin_called", 3600s, "a call of the admin API that was let in"},
    {wrong_admin_token, "wrong_admin_token", 60s, "a call of the admin API with a wrong token"},
}};

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

} // namespace stored
