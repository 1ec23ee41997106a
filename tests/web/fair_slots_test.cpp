#include "web/fair_slots.hpp"

#include "tests/support/catch.hpp"

#include <optional>
#include <string>
#include <vector>

namespace {

using slots_held = std::vector<web::fair_slots::slot>;

// As many as `from(0)`, `from(1)`… get.
template <class From> slots_held take_all(web::fair_slots& slots, int tries, From from) {
    slots_held held;
    for (int i = 0; i < tries; ++i)
        if (auto slot = slots.take(from(i))) held.push_back(std::move(slot));
    return held;
}

} // namespace

TEST_CASE("a network that holds its share leaves slots to others", "[fair_slots]") {
    web::fair_slots slots(8);
    const auto v4 =
        take_all(slots, 200, [](int i) { return "198.51.100." + std::to_string(i + 1); });
    CHECK(v4.size() == 4);
    CHECK(slots.take("203.0.113.7"));
    // An IPv6 /48 has 65,536 networks of the size that one household gets.
    const auto v6 =
        take_all(slots, 200, [](int i) { return "2001:db8:1:" + std::to_string(i) + "00::1"; });
    CHECK(v6.size() == 4);
    CHECK(slots.taken() == 8);
    CHECK_FALSE(slots.take("203.0.113.7"));
}

TEST_CASE("an address that holds its share leaves slots to its neighbours", "[fair_slots]") {
    web::fair_slots slots(8);
    CHECK(take_all(slots, 200, [](int) { return "198.51.100.1"; }).size() == 2);
    auto held = take_all(slots, 200, [](int) { return "198.51.100.1"; });
    CHECK(held.size() == 2);
    CHECK(slots.take("198.51.100.2"));
    // One IPv6 /56 is one household.
    web::fair_slots others(8);
    held = take_all(others, 200, [](int i) { return "2001:db8:1:10::" + std::to_string(i); });
    CHECK(held.size() == 2);
    CHECK_FALSE(others.take("2001:db8:1:1f::1"));
    CHECK(others.take("2001:db8:1:100::1"));
}

TEST_CASE("a slot is free again once its last copy is gone, for any network", "[fair_slots]") {
    web::fair_slots slots(1);
    auto one = slots.take("198.51.100.1");
    REQUIRE(one);
    auto copy = one;
    one.reset();
    CHECK_FALSE(slots.take("203.0.113.7"));
    copy.reset();
    CHECK(slots.taken() == 0);
    CHECK(slots.take("203.0.113.7"));
    CHECK(slots.take("no address"));
}

TEST_CASE("who is refused holds nothing", "[fair_slots]") {
    web::fair_slots slots(4); // two for a network, one for an address
    auto one = slots.take("198.51.100.1");
    for (int i = 0; i < 10; ++i)
        CHECK_FALSE(slots.take("198.51.100.1"));
    auto two = slots.take("198.51.100.2");
    CHECK(two);
    for (int i = 0; i < 10; ++i)
        CHECK_FALSE(slots.take("198.51.100.3"));
    CHECK(slots.taken() == 2);
    one.reset();
    CHECK(slots.take("198.51.100.3"));
}

TEST_CASE("however few slots there are a network can use them", "[fair_slots]") {
    for (std::size_t n = 1; n < 5; ++n) {
        web::fair_slots slots(n);
        CHECK(slots.take("198.51.100.1"));
    }
}
