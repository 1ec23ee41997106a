// What calls changed in the workspace, as it is kept for the person who connected: the journal of
// changes. Who, when and what in the open, the values sealed.
#pragma once

#include "base/secret.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stored {

enum class change_state : std::uint8_t { begun, done, refused, unknown };
// As they are stored.
inline constexpr std::array<std::string_view, 4> change_state_names{"begun", "done", "refused",
                                                                    "unknown"};

constexpr std::string_view name_of(change_state s) noexcept {
    return change_state_names.at(static_cast<std::size_t>(s));
}

// Whose changes, and what opens their values.
struct change_owner {
    std::string grant_id;
    secret api_key;
};

// Records that a connection may change in an hour and in a day; 0: as many as it likes.
struct change_quota {
    std::int64_t hour = 0;
    std::int64_t day = 0;
};
// They are counted in pieces of so long.
// What of its quota a connection has used lately.
struct quota_use {
    std::string grant_id;
    change_quota left;
    change_quota most; // when it last changed something
    quota_use() {}
};
inline constexpr std::int64_t quota_piece = 300; // seconds

struct new_change {
    std::string id; // one that no change has
    std::string call;
    std::string request_id;
    std::string tool;
    std::string object;
    std::string effect;
    std::vector<std::string> ids; // of records
    std::string undoes;           // id of a change; empty: none
    std::string body;
    std::int64_t records = 0; // that it changes
    change_quota quota;       // that holds
};

struct change_end {
    std::string id;
    change_state state = change_state::unknown;
    std::string body;
};

struct change_record {
    std::int64_t number = 0; // in the order of their beginning
    std::string id;
    std::string call;
    std::string tool;
    std::string object;
    std::string effect;
    std::string undoes;
    std::vector<std::string> ids;
    std::int64_t at = 0; // unix seconds
    change_state state = change_state::begun;
    // Of its records those that are taken back: of the changes that undo this one, or undo that,
    // the last that is done undoes it. And those of which a later undo or redo has no answer.
    std::vector<std::string> undone;
    std::vector<std::string> undone_perhaps;
    std::string begun; // body of the new_change
    std::string ended; // of the last change_end
    bool sealed_away = false;
};

// What is empty does not matter; all else must hold.
struct change_query {
    std::vector<std::string> ids;
    std::string call;
    std::string object;
    std::vector<std::string> records; // any of them
    std::int64_t since = 0;           // unix seconds, both inclusive; 0: open
    std::int64_t until = 0;
    std::string before; // id of a change: those that are older
    std::size_t limit = 50;
};

// How much is kept.
struct change_bounds {
    std::chrono::hours age{24 * 30}; // 0: the journal is switched off
    std::int64_t bytes = 256 * 1024 * 1024;
};

// One grant holds at most so many changes, and so great a part of all bytes.
inline constexpr std::int64_t most_changes_of_grant = 10'000;
inline constexpr std::int64_t grants_part_of_changes = 16;
// A change's row and its places in indexes, beside what it holds.
inline constexpr std::int64_t change_row_bytes = 512;
// A list ends before its bodies come to more than this.
inline constexpr std::size_t most_listed_bytes = 32 * 1024 * 1024;

} // namespace stored
