// Writes that an administrator has paused: everybody's, those of one connection, or those with one
// API key; and those of a connection that its own person has paused, which is another pause.
#pragma once

#include "oauth/types.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace stored {

enum class pause_scope { all, connection, key, person };
// As they are stored, and as an administrator says them.
inline constexpr std::array<std::string_view, 4> pause_scope_names{"all", "connection", "key",
                                                                   "person"};

constexpr std::string_view name_of(pause_scope s) noexcept {
    return pause_scope_names.at(static_cast<std::size_t>(s));
}

// Whose writes: at most one pause has the same.
struct pause_target {
    pause_scope scope = pause_scope::all;
    std::string subject; // a grant's id, or a key as grant_summary::key_id; empty: everybody's
    bool operator==(const pause_target&) const = default;
};

struct write_pause {
    pause_target of;
    std::string reason; // for people and models; empty: none was given
    oauth::time_point since;
};

inline constexpr std::size_t most_pauses = 1000;
inline constexpr std::size_t longest_pause_reason = 150; // bytes, so that the audit has it whole

} // namespace stored
