// What the fuzz targets share: the promise that ends the process, and cutting an input into the
// several values that a target needs. Cut at line ends, so that a corpus can be read and written
// by hand.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace fuzz {

// Both libFuzzer and a person see which promise it was.
inline void must(bool kept, std::string_view promise) {
    if (kept) return;
    std::fprintf(stderr, "broken promise: %.*s\n", static_cast<int>(promise.size()),
                 promise.data());
    std::abort();
}

// Takes the first line off `bytes`, without its '\n'.
inline std::string_view take_line(std::string_view& bytes) {
    const auto end = bytes.find('\n');
    const auto line = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    return line;
}

} // namespace fuzz
