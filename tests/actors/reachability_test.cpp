#include "actors/reachability.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;
using actors::reachability;
using news = reachability::news;

namespace {

const reachability::time_point start{std::chrono::hours(1)};

} // namespace

TEST_CASE("a lost connection is told once, and so is the answer that ends it", "[reachability]") {
    reachability twenty;
    CHECK_FALSE(twenty.now());
    CHECK(twenty.note({}, start) == news::none);
    CHECK(twenty.now() == true);
    CHECK(twenty.note(errc::upstream_down, start + 1s) == news::lost);
    CHECK(twenty.note(errc::upstream_down, start + 2s) == news::none);
    CHECK(twenty.now() == false);
    CHECK(twenty.note({}, start + 91s) == news::back);
    CHECK(twenty.away() == 90s);
    CHECK(twenty.note({}, start + 92s) == news::none);
}

TEST_CASE("one question that took too long says nothing yet, several in a row do",
          "[reachability]") {
    reachability twenty;
    CHECK(twenty.note({}, start) == news::none);
    for (int i = 1; i < reachability::silent_exchanges; ++i)
        CHECK(twenty.note(errc::upstream_timeout, start) == news::none);
    CHECK(twenty.note({}, start) == news::none);
    for (int i = 1; i < reachability::silent_exchanges; ++i)
        CHECK(twenty.note(errc::upstream_timeout, start) == news::none);
    CHECK(twenty.note(errc::upstream_timeout, start) == news::lost);
    CHECK(twenty.note(errc::upstream_timeout, start) == news::none);
    CHECK(twenty.note({}, start + 5s) == news::back);
}

TEST_CASE("a Twenty that is not there at the first question is told of", "[reachability]") {
    reachability silent;
    CHECK(silent.note(errc::upstream_timeout, start) == news::lost);
    CHECK(silent.now() == false);
    reachability twenty;
    CHECK(twenty.note(errc::upstream_down, start) == news::lost);
}
