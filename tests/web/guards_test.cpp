// A guard counts at the time of its clock.
#include "web/guards.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

TEST_CASE("a guard refuses by its clock's time, tells how long to wait, and takes back",
          "[guards]") {
    http::limiter limits;
    auto at = oauth::time_point(1'795'000'000s);
    const web::time_source now = [&at] { return at; };
    const web::guards guard(limits, now);
    const auto copy = guard;
    const http::limit_rule& rule = web::limit::registration;
    CHECK(guard.now() == at);
    int taken = 0;
    while (taken < 10'000 && !guard.take(rule, "203.0.113.7"))
        ++taken;
    REQUIRE(taken > 0);
    REQUIRE(taken < 10'000);
    // A copy counts with the same limiter, and asking changes nothing.
    const auto wait = copy.peek(rule, "203.0.113.7");
    REQUIRE(wait);
    CHECK(guard.peek(rule, "203.0.113.7") == wait);
    CHECK_FALSE(guard.peek(rule, "198.51.100.9"));
    guard.give_back(rule, "203.0.113.7", {});
    CHECK_FALSE(copy.peek(rule, "203.0.113.7"));
    CHECK_FALSE(guard.take(rule, "203.0.113.7"));
    CHECK(guard.take(rule, "203.0.113.7"));
    at += wait->wait;
    CHECK_FALSE(copy.take(rule, "203.0.113.7"));
}
