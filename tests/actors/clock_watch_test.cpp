// A wall clock that somebody sets, and what it must not change.
#include "actors/clock_watch.hpp"
#include "tests/actors/support.hpp"

using namespace actors_test;

namespace {

constexpr auto days = 24h;

struct clocks {
    oauth::time_point wall{std::chrono::seconds(1'800'000'000)};
    actors::deadline steady{1h};
    actors::clock_watch watch{10min};

    std::chrono::seconds after(std::chrono::milliseconds passed,
                               std::chrono::milliseconds set = 0ms) {
        steady += passed;
        wall += passed + set;
        return watch.look(wall, steady);
    }
};

// In small steps: advance() moves the wall clock before it moves the other.
void pass(world& w, std::chrono::seconds span) {
    for (; span > 0s; span -= 5s)
        w.advance(5s);
}

bool serves(world& w, const secret& token) {
    auto answer = w.get(w.call(token, ping));
    return answer.ok() && answer->status == 200;
}

std::chrono::seconds told(world& w) {
    auto now = w.get(actors::get_status());
    REQUIRE(now.ok());
    CHECK(now->ready);
    return now->clock_set;
}

} // namespace

TEST_CASE("a clock that goes on as it should was not set, whatever the time between two looks",
          "[clock_watch]") {
    clocks c;
    CHECK(c.after(0s) == 0s);
    for (const auto passed : {1ms, 900ms, 60'000ms, 7'200'000ms})
        CHECK(c.after(passed, 400ms) == 0s);
    for (int i = 0; i < 100; ++i) // drift does not add up
        CHECK(c.after(60s, -500ms) == 0s);
    CHECK(c.after(60s, 9s) == 0s);
    CHECK(c.watch.lately(c.steady) == 0s);
}

TEST_CASE("each jump is forgotten by itself, and one back takes off what went forward",
          "[clock_watch]") {
    clocks c;
    c.after(0s);
    // A computer that sleeps for a minute every eight.
    for (int i = 0; i < 100; ++i)
        c.after(8min, 60s);
    CHECK(c.watch.lately(c.steady) == 120s);
    c.after(9min);
    CHECK(c.watch.lately(c.steady) == 60s);
    c.after(60s, 1h);
    c.after(5min, -1h);
    CHECK(c.watch.lately(c.steady) == 0s);
    c.after(6min); // what was forward is not forgotten before what was back
    CHECK(c.watch.lately(c.steady) == 0s);
    for (int i = 0; i < 1000; ++i) // within the bound of what is remembered
        c.after(10ms, 11s);
    CHECK(c.watch.lately(c.steady) == 11'000s);
}

TEST_CASE("a clock that is set is told of once, and for some minutes unless it is set right",
          "[clock_watch]") {
    clocks c;
    c.after(0s);
    CHECK(c.after(60s, 2h) == 2h);
    CHECK(c.after(60s) == 0s);
    CHECK(c.watch.lately(c.steady) == 2h);
    SECTION("it is set right") {
        CHECK(c.after(60s, -2h) == -2h);
        CHECK(c.watch.lately(c.steady) == 0s);
    }
    SECTION("it is set further") {
        CHECK(c.after(60s, 1h) == 1h);
        CHECK(c.watch.lately(c.steady) == 3h);
    }
    SECTION("it stays so") {
        c.after(9min);
        CHECK(c.watch.lately(c.steady) == 0s);
        CHECK(c.after(60s, -10s) == -10s);
        CHECK(c.watch.lately(c.steady) == -10s);
    }
}

TEST_CASE("whoever asks how the server is hears by how much its clock was set", "[clock_watch]") {
    world w;
    const auto token = w.login().access_token;
    CHECK(told(w) == 0s);
    w.wall -= 5h;
    CHECK(told(w) == -5h);
    CHECK(serves(w, token));
    pass(w, 11min);
    CHECK(told(w) == 0s);
}

TEST_CASE("a clock that is weeks ahead for a while deletes nothing", "[clock_watch]") {
    world w;
    const auto token = w.login().access_token;
    told(w);
    w.wall += 400 * days;
    CHECK_FALSE(serves(w, token));
    pass(w, 25min);
    w.wall -= 400 * days;
    CHECK(serves(w, token));
    CHECK(*w.get(actors::count_grants()) == 1);
}

TEST_CASE("what is over by a clock that stays ahead is deleted after an hour", "[clock_watch]") {
    world w;
    w.login();
    told(w);
    w.wall += 40 * days;
    pass(w, 75min);
    CHECK(*w.get(actors::count_grants()) == 0);
}
