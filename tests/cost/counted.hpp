// What a piece of work costs, counted instead of timed: the same on every machine, however busy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace counted {

struct cost {
    std::size_t allocations = 0;
    std::size_t bytes = 0; // allocated in all
    std::size_t peak = 0;  // bytes held at once, beyond what was held before
    double cpu_ms = 0;     // of this thread; for people who look, never judged
};

// One allocation takes about as long as 256 bytes that are written.
inline std::size_t work(const cost& c) { return c.bytes + 256 * c.allocations; }

// Runs `what` and counts what this thread allocates in the meantime. Ends the process as soon as
// the work is more than `most`.
cost here(const std::function<void()>& what, std::size_t most = SIZE_MAX);
// The same on a thread of its own with a stack of 256 KiB. What recurses as deep as its input
// overruns that stack.
cost of(const std::function<void()>& what);

} // namespace counted
