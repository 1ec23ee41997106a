// Every call of a tool, as it is written down for the administrator: who, what, on which records,
// with which outcome; never a value.
#pragma once

#include "oauth/types.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stored {

struct call_record {
    std::int64_t id = 0; // grows by one from row to row
    oauth::time_point at;
    std::string grant_id;
    std::string label;  // of the connection, as its person named it
    std::string key_id; // of the API key, as Twenty lists it
    std::string client;
    std::string tool;   // or the method that read records
    std::string object; // empty: none, or several
    std::string ids;    // of records that were written, or may have been; comma list
    std::int64_t rows = 0;
    std::string outcome; // "ok", "input_required" or an error's code
    std::int64_t bytes = 0;
    std::int64_t ms = 0;
    std::string request_id;
};

// One column of the table: in this order a call is hashed, exported and shown.
struct call_column {
    std::string_view name;
    std::string (*text)(const call_record&);
    bool is_number = false;
};
const std::array<call_column, 14>& call_columns() noexcept;

// What is empty does not matter; all else must hold.
struct call_query {
    std::optional<oauth::time_point> since;
    std::optional<oauth::time_point> until;
    std::string grant_id;
    std::string key_id;
    std::string tool;
    std::string object;
    std::string outcome;
    std::int64_t before = 0;           // the newest first, with smaller ids than this; 0: all
    std::optional<std::int64_t> after; // instead: the oldest first, with greater ids
    std::size_t limit = 100;
};

// A trail that was altered and begun anew. The calls before prove nothing any more.
struct call_break {
    std::int64_t ended = 0; // the last of them
    std::int64_t broken_at =
        0; // the first that was not as it was written; 0: the head was unsigned
    oauth::time_point at;

    [[nodiscard]] std::string why() const; // the trail was begun anew; no sentence's end
};

// Each call's hash takes in the one before it. The head says where the chain begins and ends,
// signed with a key that the database does not hold in the open.
struct call_chain {
    std::int64_t first = 0; // 0: there are no calls
    std::int64_t last = 0;
    std::string before;    // hash of the call before the first that is kept; 32 bytes
    std::string hash;      // of the last one
    std::string signature; // Ed25519, of signed_text()
    std::string public_key;
    std::optional<call_break> anew; // while calls from before it may be there

    [[nodiscard]] std::string signed_text() const;
};
// What signed_text() says, without signature and key; nullopt: it is no such text.
std::optional<call_chain> read_signed_text(std::string_view text);

// How much is kept.
struct call_bounds {
    std::chrono::hours age{24 * 90};
    std::int64_t rows = 250'000;
};

} // namespace stored
