// When spans are sent, tried again and dropped: by a clock that the test turns.
#include "tracing/export_queue.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>

namespace {

using namespace std::chrono_literals;
using tracing::loss;
using fate = tracing::otlp::answer::fate;
using news = tracing::export_queue::news;

struct exporting {
    explicit exporting(tracing::export_limits l = {}) : queue(l, {"twenty-mcp", "1", "instance"}) {}

    void add(std::size_t spans = 1) {
        const tracing::place where = tracing::begin(1);
        for (std::size_t i = 0; i < spans; ++i)
            queue.add({where, tracing::kind::client, "POST graphql", {}, {}, {}, {}}, now);
    }
    // Of the request that is due; 0: none is.
    std::size_t sent() {
        const auto body = queue.due(now);
        if (!body) return 0;
        std::size_t spans = 0;
        for (auto at = body->find("\"spanId\""); at != std::string::npos;
             at = body->find("\"spanId\"", at + 1))
            ++spans;
        return spans;
    }
    news answer(fate how, std::chrono::milliseconds pause = 0ms, std::size_t rejected = 0) {
        tracing::otlp::answer given;
        given.how = how;
        given.pause = pause;
        given.rejected = rejected;
        return queue.answered(given, now);
    }
    // From now on; nullopt: nothing is to be sent.
    std::optional<std::chrono::milliseconds> next() const {
        const auto when = queue.next();
        if (!when) return std::nullopt;
        return std::chrono::duration_cast<std::chrono::milliseconds>(std::max(*when, now) - now);
    }

    std::chrono::steady_clock::time_point now{1h};
    tracing::export_queue queue;
};

} // namespace

TEST_CASE("spans wait five seconds for others, or until there are enough for a request",
          "[export_queue]") {
    exporting e;
    CHECK_FALSE(e.next());
    e.add();
    CHECK(e.next() == 5s);
    e.now += 4s;
    e.add(2);
    CHECK(e.next() == 1s);
    CHECK(e.sent() == 0);
    e.now += 1s;
    CHECK(e.sent() == 3);
    CHECK(e.answer(fate::taken) == news::none);
    CHECK(e.queue.exported() == 3);
    CHECK(e.queue.waiting() == 0);
    CHECK(e.queue.bytes() == 0);
    e.add(e.queue.limits().batch + 5);
    CHECK(e.next() == 0ms);
    CHECK(e.sent() == e.queue.limits().batch);
}

TEST_CASE("one request is under way at a time", "[export_queue]") {
    exporting e;
    e.add(e.queue.limits().batch * 2);
    CHECK(e.sent() == e.queue.limits().batch);
    CHECK(e.sent() == 0);
    CHECK_FALSE(e.next());
    e.answer(fate::taken);
    CHECK(e.sent() == e.queue.limits().batch);
}

TEST_CASE("without room new spans are dropped and counted, by number and by bytes",
          "[export_queue]") {
    exporting e;
    e.add(e.queue.limits().spans + 3);
    CHECK(e.queue.waiting() == e.queue.limits().spans);
    CHECK(e.queue.dropped(loss::full) == 3);
    tracing::export_limits narrow;
    narrow.bytes = 1000;
    exporting small(narrow);
    small.add(50);
    CHECK(small.queue.bytes() < 2000);
    CHECK(small.queue.waiting() + small.queue.dropped(loss::full) == 50);
}

TEST_CASE(
    "traces have a rate: what comes faster is counted, and after a rest some may come at once",
    "[export_queue]") {
    exporting e;
    const auto admitted = [&e](int asked) {
        int out = 0;
        for (int i = 0; i < asked; ++i)
            out += e.queue.admits(e.now) ? 1 : 0;
        return out;
    };
    CHECK(admitted(1000) == 200);
    CHECK(e.queue.dropped(loss::rate) == 800);
    e.now += 500ms;
    CHECK(admitted(1000) == 50);
    e.now += 1h;
    CHECK(admitted(1000) == 200);
    // A caller that asks often takes nothing from the rate by it.
    int in_a_second = 0;
    for (int i = 0; i < 10'000; ++i) {
        e.now += 100us;
        in_a_second += admitted(1);
    }
    CHECK(in_a_second >= 99);
    CHECK(in_a_second <= 101);
}

TEST_CASE("the most spans that may wait fit into their budget of bytes", "[export_queue]") {
    exporting e;
    e.add();
    CHECK(e.queue.bytes() < e.queue.limits().bytes / e.queue.limits().spans);
}

TEST_CASE("after a failure the same spans are tried again, each time twice as late",
          "[export_queue]") {
    exporting e;
    e.add();
    e.now += 5s;
    std::vector<std::chrono::milliseconds> pauses;
    for (int i = 0; i < 5; ++i) {
        REQUIRE(e.sent() == 1);
        CHECK(e.answer(fate::again) == (i == 0 ? news::lost : news::none));
        pauses.push_back(*e.next());
        CHECK(e.sent() == 0);
        e.now += pauses.back();
    }
    CHECK(pauses == std::vector<std::chrono::milliseconds>{1s, 2s, 4s, 8s, 16s});
    CHECK(e.sent() == 1);
    CHECK(e.answer(fate::taken) == news::back);
    CHECK(e.queue.exported() == 1);
}

TEST_CASE("a pause that the collector asks for is kept, but not a very long one",
          "[export_queue]") {
    exporting e;
    e.add();
    e.now += 5s;
    REQUIRE(e.sent() == 1);
    e.answer(fate::again, 45s);
    CHECK(e.next() == 45s);
    e.now += 45s;
    REQUIRE(e.sent() == 1);
    e.answer(fate::again, 24h);
    CHECK(e.next() == e.queue.limits().longest_asked);
}

TEST_CASE("a collector that stays away is tried once a minute, and old spans make room for new",
          "[export_queue]") {
    exporting e;
    e.add(e.queue.limits().batch);
    std::size_t tries = 0;
    const auto end = e.now + 1h;
    while (e.now < end) {
        if (e.sent() > 0) {
            ++tries;
            e.answer(fate::again);
        }
        e.add();
        e.now += 1s;
    }
    CHECK(tries > 55);
    CHECK(tries < 75);
    CHECK(e.queue.dropped(loss::late) > 0);
    CHECK(e.queue.waiting() <= e.queue.limits().spans);
    // What waits is younger than what was given up.
    CHECK(e.queue.dropped(loss::late) + e.queue.dropped(loss::full) + e.queue.waiting() ==
          e.queue.limits().batch + 3600);
}

TEST_CASE("what a collector refuses is dropped without a second try", "[export_queue]") {
    exporting e;
    e.add(2);
    e.now += 5s;
    REQUIRE(e.sent() == 2);
    CHECK(e.answer(fate::refused) == news::lost);
    CHECK(e.queue.dropped(loss::refused) == 2);
    CHECK(e.queue.waiting() == 0);
    e.add();
    e.now += 5s;
    REQUIRE(e.sent() == 1);
    CHECK(e.answer(fate::refused) == news::none);
}

TEST_CASE("spans that a collector rejects count as dropped, the others as exported",
          "[export_queue]") {
    exporting e;
    e.add(5);
    e.now += 5s;
    REQUIRE(e.sent() == 5);
    CHECK(e.answer(fate::taken, 0ms, 2) == news::none);
    CHECK(e.queue.exported() == 3);
    CHECK(e.queue.dropped(loss::rejected) == 2);
    e.add();
    e.now += 5s;
    REQUIRE(e.sent() == 1);
    e.answer(fate::taken, 0ms, 1000); // more than there were
    CHECK(e.queue.dropped(loss::rejected) == 3);
}

TEST_CASE("at the end what waits is sent at once, and a failure ends it", "[export_queue]") {
    exporting e;
    e.add(e.queue.limits().batch + 1);
    REQUIRE(e.sent() > 0);
    e.answer(fate::again);
    e.queue.close();
    CHECK(e.next() == 0ms); // no pause
    CHECK(e.sent() == e.queue.limits().batch);
    e.answer(fate::taken);
    CHECK(e.sent() == 1);
    e.answer(fate::again);
    CHECK(e.queue.waiting() == 0);
    CHECK(e.queue.dropped(loss::stopped) == 1);
    e.add();
    CHECK_FALSE(e.next());
    CHECK(e.queue.dropped(loss::stopped) == 2);
}
