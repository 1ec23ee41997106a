#include "twenty/retry.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

TEST_CASE("the limiter's numbers are read from Twenty's message", "[retry]") {
    const auto r = twenty::parse_rate("Limit reached (100 tokens per 60000 ms)");
    REQUIRE(r);
    CHECK(r->tokens == 100);
    CHECK(r->per == 60s);
    CHECK(twenty::parse_rate("Limit reached (50 tokens per 1000 ms)")->tokens == 50);
    for (const auto* other :
         {"", "Limit reached", "Limit reached (x tokens per 1 ms)",
          "Limit reached (0 tokens per 1000 ms)", "Limit reached (-5 tokens per 1000 ms)",
          "Limit reached (99999999999 tokens per 1 ms)"}) {
        INFO(other);
        CHECK_FALSE(twenty::parse_rate(other));
    }
}

TEST_CASE("a write is never sent twice unless it is safe to repeat", "[retry]") {
    twenty::request write;
    write.is_write = true;
    twenty::request create = write;
    create.safe_to_repeat = true;
    const twenty::request read;
    for (const auto code : {errc::upstream_down, errc::upstream_timeout}) {
        const error failure{code, ""};
        CHECK_FALSE(twenty::repeat_after(write, failure, 1));
        CHECK(twenty::repeat_after(create, failure, 1));
        CHECK(twenty::repeat_after(read, failure, 1));
    }
}

TEST_CASE("a rate-limited request is repeated after its wait, a bounded number of times",
          "[retry]") {
    twenty::request write;
    write.is_write = true;
    error limited{errc::rate_limited, ""};
    limited.retry_after = 600ms;
    CHECK(twenty::repeat_after(write, limited, 1) == 600ms);
    CHECK(twenty::repeat_after(write, limited, 2) == 1200ms);
    CHECK_FALSE(twenty::repeat_after(write, limited, 3));
    limited.retry_after = 60s;
    CHECK_FALSE(twenty::repeat_after(write, limited, 1));
}

TEST_CASE("what will fail the same way again is not repeated", "[retry]") {
    const twenty::request read;
    for (const auto code :
         {errc::bad_request, errc::not_allowed, errc::upstream_auth, errc::not_found,
          errc::conflict, errc::upstream_refused, errc::too_large, errc::internal})
        CHECK_FALSE(twenty::repeat_after(read, error{code, ""}, 1));
}

TEST_CASE("the bucket lets a full burst through and then one call each 600 ms", "[retry]") {
    const twenty::token_bucket::clock::time_point start{};
    twenty::token_bucket bucket(twenty::rate{}, start);
    for (int i = 0; i < 100; ++i)
        REQUIRE_FALSE(bucket.take(start));
    const auto wait = bucket.take(start);
    REQUIRE(wait);
    CHECK(*wait == 600ms);
    CHECK(bucket.take(start + 599ms));
    CHECK_FALSE(bucket.take(start + 600ms));
    CHECK(bucket.take(start + 600ms));
    // 12 quiet seconds earn 20 calls, as measured.
    int burst = 0;
    while (!bucket.take(start + 12'600ms))
        ++burst;
    CHECK(burst == 20);
    // However long the silence, never more than the capacity.
    burst = 0;
    while (!bucket.take(start + 24h))
        ++burst;
    CHECK(burst == 100);
}

TEST_CASE("a refusal empties the bucket and teaches it the server's numbers", "[retry]") {
    const twenty::token_bucket::clock::time_point start{};
    twenty::token_bucket bucket({}, start);
    bucket.exhausted(start, twenty::rate{10, 1000ms});
    const auto wait = bucket.take(start);
    REQUIRE(wait);
    CHECK(*wait == 100ms);
    CHECK_FALSE(bucket.take(start + 100ms));
    int burst = 0;
    while (!bucket.take(start + 4min))
        ++burst;
    CHECK(burst == 10);
}

TEST_CASE("a token that was not used can be given back, and time never runs backwards", "[retry]") {
    const twenty::token_bucket::clock::time_point start{std::chrono::hours(1)};
    twenty::token_bucket bucket(twenty::rate{1, 1000ms}, start);
    CHECK_FALSE(bucket.take(start));
    bucket.give_back();
    bucket.give_back();
    CHECK_FALSE(bucket.take(start));
    CHECK(bucket.take(start));
    CHECK(bucket.take(start - 30min));
}

TEST_CASE("without a refusal there is no pace, and a refusal is remembered for five minutes",
          "[retry]") {
    twenty::token_bucket::clock::time_point now{};
    twenty::token_bucket bucket({}, now);
    for (int i = 0; i < 100'000; ++i)
        REQUIRE_FALSE(bucket.take(now));
    CHECK_FALSE(bucket.limits());
    bucket.exhausted(now, twenty::rate{10, 1000ms});
    REQUIRE(bucket.limits());
    CHECK(bucket.limits()->tokens == 10);
    CHECK(bucket.take(now));
    // Each further refusal is remembered anew.
    now += 4min;
    bucket.exhausted(now);
    now += 4min;
    CHECK(bucket.limits());
    for (int i = 0; i < 10; ++i)
        CHECK_FALSE(bucket.take(now));
    CHECK(bucket.take(now));
    now += 1min;
    CHECK_FALSE(bucket.take(now));
    CHECK_FALSE(bucket.limits());
    for (int i = 0; i < 1000; ++i)
        REQUIRE_FALSE(bucket.take(now));
}

TEST_CASE("an unnamed limit counts as Twenty's default of 100 a minute", "[retry]") {
    const twenty::token_bucket::clock::time_point start{};
    twenty::token_bucket bucket({}, start);
    bucket.exhausted(start);
    CHECK(bucket.take(start) == 600ms);
}

TEST_CASE("a cap holds before, under and after a limit of Twenty's", "[retry]") {
    const twenty::token_bucket::clock::time_point start{};
    twenty::token_bucket bucket(twenty::rate{60, 60s}, start);
    for (int i = 0; i < 60; ++i)
        REQUIRE_FALSE(bucket.take(start));
    CHECK(bucket.take(start) == 1s);
    bucket.exhausted(start, twenty::rate{100'000, 60s}); // others used it up
    CHECK(bucket.limits()->tokens == 60);
    bucket.exhausted(start, twenty::rate{30, 60s});
    CHECK(bucket.limits()->tokens == 30);
    (void)bucket.take(start + 5min);
    CHECK(bucket.limits()->tokens == 60);
}

TEST_CASE("a request is sent three times in all, and never later than five seconds after",
          "[retry]") {
    const twenty::request read;
    const error down{errc::upstream_down, ""};
    CHECK(twenty::repeat_after(read, down, 1) == 250ms);
    CHECK(twenty::repeat_after(read, down, 2) == 500ms);
    CHECK_FALSE(twenty::repeat_after(read, down, 3));
    error limited{errc::rate_limited, ""};
    limited.retry_after = 5000ms;
    CHECK(twenty::repeat_after(read, limited, 1) == 5000ms);
    limited.retry_after = 5001ms;
    CHECK_FALSE(twenty::repeat_after(read, limited, 1));
    limited.retry_after = 2500ms;
    CHECK(twenty::repeat_after(read, limited, 2) == 5000ms);
    limited.retry_after = 2501ms;
    CHECK_FALSE(twenty::repeat_after(read, limited, 2));
}
