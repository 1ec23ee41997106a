// Which actors there are. A message names the one that it lives in; handles, the supervisor and
// the log go by the same names.
#pragma once

#include <cstddef>

namespace actors {

// The first five are the supervisor's, in the order of their start: each builds on those before it.
enum class actor : std::size_t { store, pool, schemas, checks, sessions, session, supervisor };
inline constexpr std::size_t supervised_actors = 5;

constexpr const char* name_of(actor who) noexcept {
    constexpr const char* names[] = {"store",    "twenty_pool", "schema_cache", "key_checks",
                                     "sessions", "session",     "supervisor"};
    return names[static_cast<std::size_t>(who)];
}

} // namespace actors
