// What several tests of the room ask for.
#pragma once

#include "base/json.hpp"
#include "tests/support/catch.hpp"
#include "twenty/access.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace twenty_test {

inline constexpr std::int64_t now = 1'800'000'000; // 2027-01-15T08:00:00Z, a Friday
inline const std::string person_id = "20202020-b000-4485-94de-70c2a98daef2";

// A document that somebody sends, with its variables as JSON text.
struct attempt {
    const char* document;
    const char* variables = "{}";
    twenty::endpoint where = twenty::endpoint::records;
};

// What is given for an object, and what comes of it; both as JSON text.
struct sample {
    const char* object;
    const char* input;
    const char* result;
};

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

inline std::string repeated(std::size_t times, std::string_view what) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += what;
    return out;
}

inline json::value parsed(std::string_view text) {
    INFO(text);
    auto v = json::parse(text);
    REQUIRE(v);
    return *std::move(v);
}

} // namespace twenty_test
