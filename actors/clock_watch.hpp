// Whether somebody has set the wall clock: it is held against one that nobody sets. Durations are
// counted by that one, ends of tokens by the wall clock, so a jump makes tokens older or younger.
#pragma once

#include "actors/interfaces.hpp"
#include "oauth/types.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

namespace actors {

class clock_watch {
  public:
    // Smaller steps are a time server's work; what the clocks differ by is measured from one look
    // to the next, so that drift does not add up.
    static constexpr std::chrono::seconds least{10};

    // A jump is told of for as long as `kept`.
    explicit clock_watch(std::chrono::minutes kept) : kept_(kept) {}

    // By how much it was set since the last look, backwards if negative; 0: it was not. A machine
    // that slept meanwhile looks like one whose clock was set forward.
    std::chrono::seconds look(oauth::time_point wall, deadline steady);
    // By how much it was set within `kept`, in all: 0 once it has been set right again. Each jump
    // is forgotten by itself, so that many small ones never come to a large one.
    [[nodiscard]] std::chrono::seconds lately(deadline steady) const;

  private:
    struct reading {
        oauth::time_point wall;
        deadline steady;
    };
    struct jump {
        deadline when;
        std::chrono::seconds by;
    };
    static constexpr std::size_t most_jumps = 64; // beyond, the two oldest count as one
    void add(std::chrono::seconds by, deadline steady);

    std::chrono::minutes kept_;
    std::optional<reading> last_;
    std::deque<jump> jumps_; // the oldest first, all in one direction
};

} // namespace actors
