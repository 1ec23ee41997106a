#include "actors/twenty_pool.hpp"
#include "tests/actors/support.hpp"

using namespace actors_test;

namespace {

struct pool_stage : stage {
    actors::pool_handle pool;

    explicit pool_stage(const actors::settings& s = {}) {
        pool = add<actors::pool_logic>(std::make_shared<const actors::settings>(s),
                                       static_cast<twenty::transport*>(&net));
    }
    box<twenty::response> call(std::chrono::milliseconds budget = 45s, bool write = false,
                               const std::string& workspace = "w", std::uint64_t number = 0,
                               std::string_view key = "key") {
        twenty::request r;
        r.target = "/graphql";
        r.is_write = write;
        r.safe_to_repeat = !write;
        actors::twenty_call c(workspace, secret(key), r, executor.now() + budget);
        c.owner = 1;
        c.number = number;
        auto out = ask(pool, std::move(c));
        executor.run();
        return out;
    }
    void answer(std::size_t index, result<twenty::response> with) {
        net.answer(index, std::move(with));
        executor.run();
    }
};

const char* const limited =
    R"j({"errors":[{"message":"Limit reached (100 tokens per 60000 ms)","extensions":)j"
    R"j({"code":"BAD_USER_INPUT","subCode":"LIMIT_REACHED"}}]})j";

errc failure(const box<twenty::response>& b) {
    REQUIRE(b->has_value());
    REQUIRE_FALSE((*b)->ok());
    return (*b)->failure().code;
}

bool succeeded(const box<twenty::response>& b) { return b->has_value() && (*b)->ok(); }

} // namespace

TEST_CASE("a cap lets its calls through at once and then one each 600 ms, for each workspace",
          "[twenty_pool]") {
    actors::settings o;
    o.pace = twenty::rate{};
    pool_stage s(o);
    s.net.automatic = [](const fake_transport::sent&) {
        return std::optional<result<twenty::response>>(json_response("{}"));
    };
    std::vector<box<twenty::response>> calls;
    for (int i = 0; i < 102; ++i)
        calls.push_back(s.call());
    CHECK(s.net.all.size() == 100);
    s.executor.advance(599ms);
    CHECK(s.net.all.size() == 100);
    s.executor.advance(2ms);
    CHECK(s.net.all.size() == 101);
    s.executor.advance(600ms);
    CHECK(s.net.all.size() == 102);
    CHECK(succeeded(calls.back()));
    s.call(45s, false, "another workspace");
    CHECK(s.net.all.size() == 103);
}

TEST_CASE("no more calls are in flight than a workspace and all of them may have",
          "[twenty_pool]") {
    actors::settings o;
    o.in_flight_per_workspace = 2;
    o.in_flight_total = 3;
    pool_stage s(o);
    for (const auto* key : {"one", "two", "three"})
        s.call(45s, false, "w", 0, key);
    CHECK(s.net.all.size() == 2);
    s.call(45s, false, "v");
    s.call(45s, false, "v");
    CHECK(s.net.all.size() == 3);
    s.answer(0, json_response("{}"));
    CHECK(s.net.all.size() == 4);
    CHECK(s.net.open() == 3);
}

TEST_CASE("a full queue answers busy at once, for the workspace and for all of them",
          "[twenty_pool]") {
    actors::settings o;
    o.in_flight_per_workspace = 1;
    o.queue_per_workspace = 2;
    o.queue_total = 3;
    pool_stage s(o);
    for (int i = 0; i < 3; ++i)
        s.call();
    CHECK(failure(s.call()) == errc::busy);
    s.call(45s, false, "v");
    s.call(45s, false, "v");
    CHECK(failure(s.call(45s, false, "v")) == errc::busy);
}

TEST_CASE("a call that waits its whole time is answered when its time is over", "[twenty_pool]") {
    actors::settings o;
    o.in_flight_per_workspace = 1;
    pool_stage s(o);
    s.call();
    const auto late = s.call(2s);
    s.executor.advance(1900ms);
    CHECK_FALSE(late->has_value());
    s.executor.advance(200ms);
    CHECK(failure(late) == errc::upstream_timeout);
    CHECK(s.net.all.size() == 1);
}

TEST_CASE("nothing waits while Twenty sets no limit", "[twenty_pool]") {
    pool_stage s;
    s.net.automatic = [](const fake_transport::sent&) {
        return std::optional<result<twenty::response>>(json_response("{}"));
    };
    for (int i = 0; i < 300; ++i)
        CHECK(succeeded(s.call()));
    CHECK(s.net.all.size() == 300);
}

// twenty-golden ratelimit/graphql-429: 100 tokens, one back each 600 ms.
TEST_CASE("after Twenty's first refusal nothing is sent faster than its limit refills",
          "[twenty_pool]") {
    pool_stage s;
    int refused = 0;
    double tokens = 100;
    auto last = s.executor.now();
    s.net.automatic = [&](const fake_transport::sent&) {
        const auto gone = std::chrono::duration<double>(s.executor.now() - last).count();
        last = s.executor.now();
        tokens = std::min(100.0, tokens + gone / 0.6);
        const bool free = tokens >= 1;
        if (free)
            tokens -= 1;
        else
            ++refused;
        return std::optional<result<twenty::response>>(json_response(free ? "{}" : limited));
    };
    std::vector<box<twenty::response>> calls;
    for (int i = 0; i < 150; ++i) {
        calls.push_back(s.call());
        if (i % 10 == 9) s.executor.advance(50ms);
    }
    for (int i = 0; i < 100; ++i)
        s.executor.advance(600ms);
    for (const auto& c : calls)
        CHECK(succeeded(c));
    CHECK(refused >= 1);
    CHECK(refused <= 8 + 2); // those that were in flight together, and a tie or two
}

TEST_CASE("only a call of which no attempt was sent is said to be unsent", "[twenty_pool]") {
    pool_stage s;
    const auto never = s.call(45s, true);
    s.answer(0, error(errc::upstream_down, "refused", std::string(twenty::not_sent)));
    CHECK((*never)->failure().detail == twenty::not_sent);
    const auto repeated = s.call();
    s.answer(1, error(errc::upstream_down, "gone", "reset"));
    for (std::size_t at = 2; at < 4; ++at) {
        s.executor.advance(1s);
        REQUIRE(s.net.all.size() == at + 1);
        s.answer(at, error(errc::upstream_down, "refused", std::string(twenty::not_sent)));
    }
    REQUIRE(repeated->has_value());
    CHECK((*repeated)->failure().code == errc::upstream_down);
    CHECK((*repeated)->failure().detail != twenty::not_sent);
}

TEST_CASE("a write that Twenty refused for its rate alone is still said to be unsent",
          "[twenty_pool]") {
    pool_stage s;
    const auto write = s.call(45s, true);
    s.answer(0, json_response(limited));
    s.executor.advance(601ms);
    REQUIRE(s.net.all.size() == 2);
    s.answer(1, error(errc::upstream_down, "refused", std::string(twenty::not_sent)));
    CHECK(failure(write) == errc::upstream_down);
    CHECK((*write)->failure().detail == twenty::not_sent);
}

TEST_CASE("what Twenty does not count waits for no token and takes none", "[twenty_pool]") {
    actors::settings o;
    o.pace = twenty::rate{1, 60s};
    pool_stage s(o);
    s.net.automatic = [](const fake_transport::sent&) {
        return std::optional<result<twenty::response>>(json_response("{}"));
    };
    const auto uncounted = [&] {
        actors::twenty_call c("w", secret(std::string_view("key")), twenty::request(),
                              s.executor.now() + 45s);
        c.owner = 1;
        c.metered = false;
        const auto out = s.ask(s.pool, std::move(c));
        s.executor.run();
        return succeeded(out);
    };
    CHECK(uncounted());
    CHECK(succeeded(s.call())); // the only token
    CHECK(uncounted());
    CHECK_FALSE(s.call()->has_value());
}

TEST_CASE("a call that only the rate limit held back says so and when to come again",
          "[twenty_pool]") {
    actors::settings o;
    o.pace = twenty::rate{};
    pool_stage s(o);
    s.net.automatic = [](const fake_transport::sent&) {
        return std::optional<result<twenty::response>>(json_response("{}"));
    };
    for (int i = 0; i < 100; ++i)
        s.call();
    std::vector<box<twenty::response>> waiting;
    for (int i = 0; i < 5; ++i)
        waiting.push_back(s.call(1s));
    s.executor.advance(3s);
    CHECK(succeeded(waiting.front()));
    CHECK(failure(waiting.back()) == errc::rate_limited);
    CHECK((*waiting.back())->failure().retry_after.has_value());
}

TEST_CASE("a rate limit of Twenty is waited out, for writes too, and nothing is sent meanwhile",
          "[twenty_pool]") {
    pool_stage s;
    const auto first = s.call(45s, true);
    s.answer(0, json_response(limited));
    const auto second = s.call();
    CHECK(s.net.all.size() == 1);
    s.executor.advance(601ms);
    REQUIRE(s.net.all.size() == 2);
    s.answer(1, json_response("{}"));
    CHECK(succeeded(first));
    s.executor.advance(600ms);
    CHECK(s.net.all.size() == 3);
    s.answer(2, json_response("{}"));
    CHECK(succeeded(second));
}

TEST_CASE("a rate limit that the budget cannot wait for goes back as Twenty said it",
          "[twenty_pool]") {
    pool_stage s;
    const auto call = s.call(500ms);
    s.answer(0, json_response(limited));
    CHECK(succeeded(call));
    CHECK((*call)->value().body == limited);
}

TEST_CASE("a record that merely contains the words of an error is not taken for one",
          "[twenty_pool]") {
    pool_stage s;
    const auto call = s.call();
    s.answer(0, json_response(R"({"data":{"note":"LIMIT_REACHED UNAUTHENTICATED"}})"));
    CHECK(succeeded(call));
    CHECK(s.net.all.size() == 1);
}

TEST_CASE("a lost read is repeated, a lost write never", "[twenty_pool]") {
    pool_stage s;
    const auto read = s.call();
    s.answer(0, error(errc::upstream_down, "gone"));
    s.executor.advance(249ms);
    CHECK(s.net.all.size() == 1); // not at once: it may just be starting
    s.executor.advance(2ms);
    REQUIRE(s.net.all.size() == 2);
    s.answer(1, json_response("{}"));
    CHECK(succeeded(read));
    const auto write = s.call(45s, true);
    s.answer(2, error(errc::upstream_down, "gone"));
    CHECK(failure(write) == errc::upstream_down);
    s.executor.advance(1min);
    CHECK(s.net.all.size() == 3);
}

TEST_CASE("a cancelled call is dropped in flight and in the queue and frees its place",
          "[twenty_pool]") {
    actors::settings o;
    o.in_flight_per_workspace = 1;
    pool_stage s(o);
    const auto flying = s.call(45s, false, "w", 1);
    const auto queued = s.call(45s, false, "w", 2);
    const auto last = s.call(45s, false, "w", 3);
    actors::tell(s.pool, actors::cancel_call{2, 1}); // another owner's
    s.executor.run();
    CHECK_FALSE(flying->has_value());
    actors::tell(s.pool, actors::cancel_call{1, 2});
    s.executor.run();
    CHECK(failure(queued) == errc::cancelled);
    actors::tell(s.pool, actors::cancel_call{1, 1});
    s.executor.run();
    CHECK(failure(flying) == errc::cancelled);
    CHECK(s.net.all[0].cancelled);
    REQUIRE(s.net.all.size() == 2);
    s.answer(1, json_response("{}"));
    CHECK(succeeded(last));
}

TEST_CASE("a busy workspace does not starve those after it", "[twenty_pool]") {
    actors::settings o;
    o.in_flight_total = 1;
    pool_stage s(o);
    const auto ask = [&](const std::string& workspace) { return s.call(45s, false, workspace); };
    std::vector<box<twenty::response>> busy{ask("a"), ask("a"), ask("a")};
    const auto quiet = ask("b");
    s.answer(0, json_response("{}"));
    busy.push_back(ask("a"));
    s.answer(1, json_response("{}"));
    CHECK(succeeded(quiet)); // in turn, however much the first of them has waiting
    CHECK_FALSE(succeeded(busy[1]));
}

TEST_CASE("a call that found Twenty down costs no token of the rate", "[twenty_pool]") {
    actors::settings o;
    o.pace = twenty::rate{};
    pool_stage s(o);
    s.net.automatic = [](const fake_transport::sent&) {
        return std::optional<result<twenty::response>>(json_response("{}"));
    };
    for (int i = 0; i < 99; ++i)
        s.call();
    s.net.automatic = nullptr;
    const auto lost = s.call(45s, true); // the hundredth token
    s.answer(99, error(errc::upstream_down, "refused", std::string(twenty::not_sent)));
    CHECK(failure(lost) == errc::upstream_down);
    s.call();
    CHECK(s.net.all.size() == 101); // sent at once, with the token that came back
}

TEST_CASE("a repeated call keeps its place before those that came later", "[twenty_pool]") {
    actors::settings o;
    o.in_flight_per_workspace = 1;
    pool_stage s(o);
    const auto first = s.call();
    const auto later = s.call(45s, true);
    const auto last = s.call(45s, true);
    s.answer(0, json_response(limited)); // both wait for the same token
    CHECK(s.net.all.size() == 1);
    s.executor.advance(601ms);
    REQUIRE(s.net.all.size() == 2);
    CHECK_FALSE(s.net.all[1].request.is_write);
    s.answer(1, json_response("{}"));
    CHECK(succeeded(first));
    CHECK_FALSE(later->has_value());
    CHECK_FALSE(last->has_value());
}

TEST_CASE("when the pool ends it drops its exchanges and answers who still waits",
          "[twenty_pool]") {
    pool_stage s;
    const auto call = s.call();
    caf::anon_send_exit(s.pool.untyped(), caf::exit_reason::kill);
    s.executor.run();
    CHECK(s.net.all[0].cancelled);
    CHECK(failure(call) == errc::unavailable);
}

TEST_CASE("one API key has half of a workspace's slots at most, however much it asks for",
          "[twenty_pool]") {
    pool_stage s; // eight slots
    for (std::uint64_t i = 0; i < 20; ++i)
        s.call(45s, false, "w", i, "greedy");
    CHECK(s.net.open() == 4);
    const auto other = s.call(45s, false, "w", 0, "other");
    CHECK(s.net.open() == 5); // at once
    s.answer(4, json_response("{}"));
    CHECK(succeeded(other));
    CHECK(s.net.open() == 4);
    s.answer(0, json_response("{}"));
    CHECK(s.net.open() == 4); // its next one
}

TEST_CASE("holders of API keys are served in turn, whatever one of them has waiting",
          "[twenty_pool]") {
    actors::settings o;
    o.in_flight_per_workspace = 1;
    pool_stage s(o);
    const auto ask = [&](std::string_view key) { return s.call(45s, false, "w", 0, key); };
    const auto first = ask("greedy");
    const std::vector<box<twenty::response>> greedy{ask("greedy"), ask("greedy"), ask("greedy")};
    const std::vector<box<twenty::response>> others{ask("a"), ask("b"), ask("a")};
    std::size_t done = 0;
    const auto answer_next = [&] { s.answer(done++, json_response("{}")); };
    answer_next();
    CHECK(succeeded(first));
    for (int i = 0; i < 3; ++i)
        answer_next();
    CHECK(succeeded(others[0]));
    CHECK(succeeded(others[1]));
    CHECK(succeeded(greedy[0]));
    CHECK_FALSE(others[2]->has_value());
    CHECK_FALSE(greedy[1]->has_value());
}

TEST_CASE("when there is no room, the longest queue loses its newest call and not the last comer",
          "[twenty_pool]") {
    actors::settings o;
    o.in_flight_per_workspace = 1;
    o.queue_per_workspace = 4;
    pool_stage s(o);
    const auto ask = [&](std::string_view key) { return s.call(45s, false, "w", 0, key); };
    ask("greedy"); // in flight
    const std::vector<box<twenty::response>> greedy{ask("greedy"), ask("greedy"), ask("greedy"),
                                                    ask("greedy")};
    CHECK(failure(ask("greedy")) == errc::busy);
    const auto first = ask("other");
    CHECK_FALSE(first->has_value());
    CHECK(failure(greedy[3]) == errc::busy);
    const auto second = ask("other");
    CHECK_FALSE(second->has_value());
    CHECK(failure(greedy[2]) == errc::busy);
    CHECK(failure(ask("other")) == errc::busy); // two each: nobody has clearly more
    CHECK_FALSE(greedy[0]->has_value());
    CHECK_FALSE(greedy[1]->has_value());
}

TEST_CASE("when all lanes together are full, the longest queue of any workspace gives way",
          "[twenty_pool]") {
    actors::settings o;
    o.in_flight_per_workspace = 1;
    o.queue_total = 3;
    pool_stage s(o);
    s.call();
    const std::vector<box<twenty::response>> long_queue{s.call(), s.call(), s.call()};
    s.call(45s, false, "v"); // passes through the full queue, at its loss
    CHECK(s.net.open() == 2);
    CHECK(failure(long_queue[2]) == errc::busy);
    const auto waits = s.call(45s, false, "v");
    CHECK_FALSE(waits->has_value());
    CHECK(failure(s.call(45s, false, "v")) == errc::busy);
    CHECK_FALSE(long_queue[1]->has_value());
}

TEST_CASE("a repetition that has to leave the queue does not say that nothing was sent",
          "[twenty_pool]") {
    actors::settings o;
    o.in_flight_per_workspace = 4;
    o.queue_per_workspace = 2;
    pool_stage s(o);
    const auto read = s.call(45s, false, "w", 0, "greedy");
    const auto another = s.call(45s, false, "w", 0, "greedy");
    s.answer(0, error(errc::upstream_down, "gone"));
    s.answer(1, error(errc::upstream_down, "gone"));
    REQUIRE(s.net.open() == 0); // both pause before they are repeated
    s.call(45s, false, "w", 0, "other");
    CHECK(failure(read) == errc::upstream_timeout);
    CHECK((*read)->failure().detail != twenty::not_sent);
    CHECK_FALSE(another->has_value());
}

TEST_CASE("what is asked for several waits behind nothing of the one whose key it uses",
          "[twenty_pool]") {
    actors::settings o;
    o.in_flight_per_workspace = 1;
    o.queue_per_workspace = 3;
    pool_stage s(o);
    s.call();
    const auto waits = s.call();
    s.call();
    twenty::request schema;
    schema.target = "/metadata";
    actors::twenty_call for_all("w", secret(std::string_view("key")), schema,
                                s.executor.now() + 45s);
    const auto asked = s.ask(s.pool, std::move(for_all));
    s.executor.run();
    s.call(45s, false, "w", 0,
           "other"); // the longest queue loses its newest, which is not this one
    s.answer(0, json_response("{}"));
    s.answer(1, json_response("{}")); // the other's turn, or this one's
    s.answer(2, json_response("{}"));
    CHECK(succeeded(asked));
    CHECK_FALSE(waits->has_value());
}

TEST_CASE("beside greedy neighbours a call waits one turn of theirs and no more", "[twenty_pool]") {
    pool_stage s;
    std::vector<box<twenty::response>> greedy;
    for (std::uint64_t i = 0; i < 30; ++i)
        for (const auto* key : {"a", "b", "c"})
            greedy.push_back(s.call(45s, false, "w", i, key));
    REQUIRE(s.net.open() == 8);
    std::size_t next = 0;
    for (int i = 0; i < 10; ++i) {
        const auto mine = s.call(45s, false, "w", 0, "mine");
        const auto before = s.net.all.size();
        std::size_t turns = 0;
        // One of the eight is answered at a time: the slot goes to whose turn it is.
        while (!mine->has_value()) {
            REQUIRE(++turns < 12);
            s.answer(next++, json_response("{}"));
        }
        CHECK(s.net.all.size() - before <= 11);
    }
}

TEST_CASE("a call that may have been done is not said to be unsent when its time is over",
          "[twenty_pool]") {
    actors::settings o;
    o.pace = twenty::rate{1, 60s};
    pool_stage s(o);
    const auto call = s.call(20s);
    s.answer(0, error(errc::upstream_timeout, "no answer"));
    REQUIRE_FALSE(call->has_value()); // waits to be repeated, and for the rate
    s.executor.advance(30s);
    CHECK(failure(call) == errc::upstream_timeout);
    CHECK((*call)->failure().detail != twenty::not_sent);
    CHECK(s.net.all.size() == 1);
}
