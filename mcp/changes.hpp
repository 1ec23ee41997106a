// The journal of changes as a call sees it: what a tool tells before and after it changes records,
// and what it may ask about earlier changes. A change is one write that was asked of Twenty, of one
// record or of several at once. What a body says is its writer's affair: here it is JSON text that
// is kept sealed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mcp {

enum class change_state : std::uint8_t { begun, done, refused, unknown };
inline constexpr std::array<std::string_view, 4> change_state_names{"begun", "done", "refused",
                                                                    "unknown"};
constexpr std::string_view to_string(change_state s) noexcept {
    return change_state_names.at(static_cast<std::size_t>(s));
}

inline constexpr std::size_t most_change_ids = 200; // records of one change
inline constexpr std::size_t most_changes_listed = 200;
inline constexpr std::size_t most_change_body = 1024 * 1024; // bytes

// Told before the request leaves.
struct change_begun {
    std::string object;           // its singular name
    std::string effect;           // create, update, delete, restore or merge
    std::vector<std::string> ids; // of the records, at most most_change_ids
    std::size_t records = 0;      // 0: as many as there are ids
    std::string undoes;           // id of the change that this one takes back; empty: none
    std::string body;             // JSON with values and labels
    change_begun() {}
};

// Told when the answer is there, and once more when what was left open was looked up.
struct change_ended {
    std::string id;
    change_state state = change_state::unknown;
    std::string body; // JSON, what is known now; empty: nothing
    change_ended() {}
};

// A change of a call that is running, as its tool remembers it.
struct own_change {
    std::string id;
    std::vector<std::string> records; // ids
    own_change() {}
};

// As it is listed.
struct change_record {
    std::int64_t number = 0; // in the order of their beginning
    std::string id;          // the call's, a dot and a number
    std::string call;        // in which it was made; all changes of a call have the same
    std::string tool;
    std::string object;
    std::string effect;
    std::string undoes;
    std::vector<std::string> ids;
    std::int64_t at = 0; // unix seconds
    // One that was begun and that no running call of this process owns is unknown.
    change_state state = change_state::begun;
    // Of its records those that are taken back: of the changes that undo this one, or undo that,
    // the last that is done undoes it. And those of which a later undo or redo has no answer.
    std::vector<std::string> undone;
    std::vector<std::string> undone_perhaps;
    std::string begun;        // body of the change_begun
    std::string ended;        // body of the last change_ended; empty: it had none
    bool sealed_away = false; // its bodies do not open, and are empty here
    change_record() {}
};

// What is empty or zero does not matter; all else must hold.
struct change_query {
    std::vector<std::string> ids; // of changes
    std::string call;
    std::string object;
    std::vector<std::string> records; // any of them is among change_record::ids
    std::int64_t since = 0;           // unix seconds, both inclusive
    std::int64_t until = 0;
    std::string before; // id of a change: those that are older
    // At most most_changes_listed. A list is shorter where its bodies come to more than 32 MiB, but
    // never empty for that.
    std::size_t limit = 50;
    change_query() {}
};

} // namespace mcp
