// Whether the trail of calls is as it was written: asked by the store, and by a visitor who has the
// database alone.
#pragma once

#include "base/result.hpp"
#include "store/chain.hpp"
#include "store/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace store {

// A head that was kept somewhere else, to hold the chain to: a head with its calls that is put back
// as it once was is signed as well.
struct kept_head {
    std::int64_t last = 0;
    std::string hash; // of that call
};
enum class kept_head_found {
    unasked,
    yes,     // the chain has that call, as it was then
    no,      // it has another one there, or ends before it
    too_old, // that call has gone by age or number
    before,  // it is of a trail that was altered, and begun anew behind it
};

// What became of a look at the chain of calls.
struct chain_check {
    std::int64_t first = 0; // 0: none is kept
    std::int64_t last = 0;
    std::int64_t calls = 0;                // that are as they were written
    bool signed_by_key = false;            // the head is signed by the key that was asked for
    std::optional<std::int64_t> broken_at; // the first call that is not as it was, or is gone
    kept_head_found kept = kept_head_found::unasked;
    std::optional<stored::call_break> anew; // calls up to its end were not looked at
};

// A row of calls in the order of its columns, the hash behind them.
stored::call_record read_call(const statement& row);
// Was a call ever written down here?
result<bool> had_calls(database& db);
// Without its public key, which is not stored. Zeros: nothing was ever written down.
result<stored::call_chain> read_chain(database& db);
result<done> write_chain(database& db, const stored::call_chain& chain);

// Reads all of them: some microseconds each.
result<chain_check> check_chain(database& db, std::string_view public_key,
                                const std::optional<kept_head>& kept = {});

} // namespace store
