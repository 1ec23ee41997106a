// libFuzzer's entry for one target; FUZZ_TARGET is its name.
#include "base/crypto.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/linear.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    fuzz::must(crypto::start(), "the cryptographic library starts");
    fuzz::FUZZ_TARGET({}); // what is made once counts for no input
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::run_counted(fuzz::FUZZ_TARGET, {reinterpret_cast<const char*>(data), size});
    return 0;
}

// Mostly libFuzzer's own. Now and then some bytes of the input are repeated where they stand, until
// it is as long as inputs get: that is where work shows that grows faster than its input.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    constexpr unsigned seldom = 64;
    if (size == 0 || seed % seldom != 0) return LLVMFuzzerMutate(data, size, most);
    std::minstd_rand random(seed);
    const auto from = random() % size;
    // Of 1, 2, 4 ... 64 bytes at most: a long run of one byte is as likely as one of a word.
    const auto longest = std::size_t{1} << random() % 7;
    const auto length = 1 + random() % std::min(size - from, longest);
    const auto added = (most - size) / length * length;
    std::memmove(data + from + added, data + from, size - from);
    for (std::size_t at = from; at < from + added; at += length)
        std::memmove(data + at, data + from + added, length);
    return size + added;
}
