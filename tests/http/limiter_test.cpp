#include "http/limiter.hpp"

#include "tests/support/catch.hpp"

namespace {

using namespace std::chrono_literals;

constexpr http::limit_rule two{"two", 2, 10s, 0s};
constexpr http::limit_rule blocking{"blocking", 2, 10s, 60s};
constexpr http::limit_rule together{"together", 2, 10s, 0s, http::counted::together};
constexpr http::limit_rule of_network{"of_network", 2, 10s, 0s, http::counted::by_network};
const http::limiter::clock::time_point start = http::limiter::clock::from_time_t(1'700'000'000);

} // namespace

TEST_CASE("a rule's burst is taken at once, refills evenly, and says how long to wait",
          "[limiter]") {
    http::limiter limits;
    CHECK_FALSE(limits.take(two, "192.0.2.1", start));
    CHECK_FALSE(limits.take(two, "192.0.2.1", start));
    CHECK(limits.peek(two, "192.0.2.1", start) == 5s);
    CHECK(limits.take(two, "192.0.2.1", start + 4s) == 1s);
    CHECK_FALSE(limits.take(two, "192.0.2.1", start + 5s));
}

TEST_CASE("buckets are apart by rule, by address and by what is named beside it", "[limiter]") {
    http::limiter limits;
    for (int i = 0; i < 2; ++i)
        CHECK_FALSE(limits.take(two, "192.0.2.1", "a", start));
    CHECK(limits.take(two, "192.0.2.1", "a", start));
    CHECK_FALSE(limits.take(two, "192.0.2.1", "b", start));
    CHECK_FALSE(limits.take(two, "192.0.2.2", "a", start));
    CHECK_FALSE(limits.take(blocking, "192.0.2.1", "a", start));
}

TEST_CASE("a shared rule has one bucket for all addresses", "[limiter]") {
    http::limiter limits;
    CHECK_FALSE(limits.take(together, "192.0.2.1", start));
    CHECK_FALSE(limits.take(together, "192.0.2.2", start));
    CHECK(limits.take(together, "192.0.2.3", start));
}

TEST_CASE("a rule by network has one bucket for an IPv4 /24 and for an IPv6 /48", "[limiter]") {
    http::limiter limits;
    for (const auto& [one, same, other] :
         {std::tuple("192.0.2.1", "192.0.2.255", "192.0.3.1"),
          std::tuple("2001:db8:1:1::1", "2001:db8:1:ffff::9", "2001:db8:2:1::1")}) {
        CHECK_FALSE(limits.take(of_network, one, start));
        CHECK_FALSE(limits.take(of_network, same, start));
        CHECK(limits.take(of_network, one, start));
        CHECK_FALSE(limits.take(of_network, other, start));
    }
}

TEST_CASE("a blocking rule that is empty stays closed for its time", "[limiter]") {
    http::limiter limits;
    for (int i = 0; i < 2; ++i)
        CHECK_FALSE(limits.take(blocking, "192.0.2.1", start));
    CHECK(limits.take(blocking, "192.0.2.1", start + 10s) == 50s);
    CHECK_FALSE(limits.take(blocking, "192.0.2.1", start + 60s));
}

TEST_CASE("what is given back can be taken again, and never makes a bucket larger", "[limiter]") {
    http::limiter limits;
    for (int i = 0; i < 5; ++i)
        limits.give_back(two, "192.0.2.1", {}, start);
    CHECK_FALSE(limits.take(two, "192.0.2.1", start));
    CHECK_FALSE(limits.take(two, "192.0.2.1", start));
    CHECK(limits.take(two, "192.0.2.1", start));
    limits.give_back(two, "192.0.2.1", {}, start);
    CHECK_FALSE(limits.take(two, "192.0.2.1", start));
}

TEST_CASE("a look at somebody who has taken nothing keeps nothing of them", "[limiter]") {
    http::limiter limits;
    const http::limit_rule rule{"looked", 1, 60s, 600s};
    const auto now = http::limiter::clock::now();
    for (int i = 0; i < 100; ++i)
        CHECK_FALSE(limits.peek(rule, "192.0.2." + std::to_string(i), now));
    CHECK(limits.buckets() == 0);
    CHECK_FALSE(limits.take(rule, "192.0.2.1", now));
    CHECK(limits.peek(rule, "192.0.2.1", now));
    CHECK(limits.buckets() == 1);
}

TEST_CASE("a look refuses exactly as long as a take would, and a clock set back lengthens nothing",
          "[limiter]") {
    for (const auto& rule : {two, blocking}) {
        http::limiter limits;
        for (std::uint32_t i = 0; i < rule.burst; ++i)
            CHECK_FALSE(limits.take(rule, "192.0.2.1", start));
        for (const auto at : {0s, 1s, 4s, 5s, 6s, 10s, 59s, 60s, 61s}) {
            INFO(rule.name << " after " << at.count() << " s");
            const auto looked = limits.peek(rule, "192.0.2.1", start + at);
            const bool closed = rule.block > 0s ? at < rule.block : at < rule.period / rule.burst;
            CHECK(looked.has_value() == closed);
            CHECK_FALSE(limits.peek(rule, "192.0.2.2", start + at));
        }
    }
    http::limiter limits;
    for (int i = 0; i < 2; ++i)
        CHECK_FALSE(limits.take(two, "192.0.2.1", start));
    CHECK(limits.peek(two, "192.0.2.1", start - 100s) == 5s);
    CHECK_FALSE(limits.peek(two, "192.0.2.1", start - 95s));
    CHECK_FALSE(limits.take(two, "192.0.2.1", start - 95s));
}
