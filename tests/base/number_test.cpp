#include "base/number.hpp"

#include "tests/support/catch.hpp"

#include <cstdint>

TEST_CASE("a number is read whole or not at all", "[number][text]") {
    CHECK(text::number<int>("80") == 80);
    CHECK(text::number<int>("-1") == -1);
    CHECK(text::number<double>("1.5") == 1.5);
    for (const auto* none : {"", " 80", "80 ", "+80", "80 a minute", "0x10", "eighty", "--1"}) {
        INFO(none);
        CHECK_FALSE(text::number<int>(none));
    }
}

TEST_CASE("a number that its type cannot hold is none", "[number][text]") {
    CHECK(text::number<std::uint16_t>("65535") == 65535);
    CHECK_FALSE(text::number<std::uint16_t>("65536"));
    CHECK_FALSE(text::number<std::uint16_t>("-1"));
    CHECK(text::number<std::int64_t>("9223372036854775807") == INT64_MAX);
    CHECK_FALSE(text::number<std::int64_t>("9223372036854775808"));
}
