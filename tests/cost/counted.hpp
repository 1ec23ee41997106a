// What a piece of work costs, counted instead of timed: the same on every machine, however busy.
#pragma once

#include <cstddef>
#include <functional>

namespace counted {

struct cost {
    std::size_t allocations = 0;
    std::size_t bytes = 0; // allocated in all
    std::size_t peak = 0;  // bytes held at once, beyond what was held before
    double cpu_ms = 0;     // of this thread; for people who look, never judged
};

// Runs `work` on a thread of its own with a stack of 256 KiB, and counts what that thread
// allocates. What recurses as deep as its input overruns that stack.
cost of(const std::function<void()>& work);

} // namespace counted
