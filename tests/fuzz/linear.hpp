// The price of an input: every target, whatever else it promises, does work that is at most linear
// in its input's bytes. Counted as tests/cost counts, in allocations and their bytes; for what
// spends time alone there is libFuzzer's -timeout.
#pragma once

#include "tests/cost/counted.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace fuzz {

// What no length is asked for: a document of GraphQL has at most 5,000 tokens, and sixteen
// judgements of one take most of this. And the most that each byte may add: some three times what
// the dearest of the others was seen to do, its several readings and checks included.
inline constexpr std::size_t small_work = 64'000'000;
inline constexpr std::size_t work_per_byte = 1'000;

// COST=1 prints what each input costs, and allows all.
inline void run_counted(void (*run)(std::string_view), std::string_view bytes) {
    static const bool wanted = std::getenv("COST") != nullptr;
    const auto most = wanted ? SIZE_MAX : small_work + work_per_byte * bytes.size();
    const auto spent = counted::here([&] { run(bytes); }, most);
    if (wanted)
        std::printf("COST %zu bytes %zu work %.1f ms\n", bytes.size(), counted::work(spent),
                    spent.cpu_ms);
}

} // namespace fuzz
