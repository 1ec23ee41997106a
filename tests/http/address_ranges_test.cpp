#include "http/address_ranges.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("a range holds its addresses of either spelling, and nothing else", "[address_ranges]") {
    constexpr std::string_view entries[] = {"192.0.2.0/24", "2001:db8::/32", "198.51.100.7",
                                            "no range"};
    const auto ranges = http::address_ranges::of(entries);
    for (const auto* inside :
         {"192.0.2.0", "192.0.2.255", "::ffff:192.0.2.9", "2001:db8:ffff::1", "198.51.100.7"}) {
        INFO(inside);
        CHECK(ranges.contains(std::string_view(inside)));
    }
    for (const auto* outside : {"192.0.3.0", "2001:db9::1", "198.51.100.8", "no address", ""}) {
        INFO(outside);
        CHECK_FALSE(ranges.contains(std::string_view(outside)));
    }
}

TEST_CASE("no ranges hold no address", "[address_ranges]") {
    CHECK_FALSE(http::address_ranges().contains(std::string_view("192.0.2.1")));
}

TEST_CASE("an address is counted as the part that one person controls", "[address_ranges]") {
    CHECK(http::address_group("192.0.2.1") == "192.0.2.1");
    CHECK(http::address_group("::ffff:192.0.2.1") == "192.0.2.1");
    CHECK(http::address_group("2001:db8:1:2:3::4") == "2001:db8:1:2::/64");
    CHECK(http::address_group("no address") == "no address");
}
