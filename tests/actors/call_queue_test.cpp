#include "actors/call_queue.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

using actors::call_queue;
using namespace std::chrono_literals;

namespace {

using numbers = std::vector<call_queue::number>;

constexpr bool light = true;
constexpr bool heavy = false;

struct line {
    call_queue queue;
    actors::deadline now{1h};

    explicit line(std::size_t at_once = 2, std::size_t waiting = 3) : queue(at_once, waiting) {}
    void enter(call_queue::number call, bool weight = heavy, std::chrono::seconds patience = 45s) {
        queue.enter(call, weight, now + patience);
    }
    // All that may start now.
    numbers started() {
        numbers out;
        while (const auto turn = queue.next(now)) {
            CHECK_FALSE(turn->too_late);
            out.push_back(turn->call);
        }
        return out;
    }
};

mcp::classified message(const std::vector<std::string>& methods) {
    mcp::classified out;
    for (const auto& method : methods) {
        mcp::incoming m;
        m.method = method;
        out.messages.push_back(std::move(m));
    }
    return out;
}

} // namespace

TEST_CASE("as many heavy calls have a turn as may, and the next comes when one has left",
          "[call_queue]") {
    line l(2, 9);
    for (const auto n : {1, 2, 3, 4})
        l.enter(static_cast<call_queue::number>(n));
    CHECK(l.started() == numbers{1, 2});
    CHECK(l.queue.waiting() == numbers{3, 4});
    l.queue.leave(2);
    CHECK(l.started() == numbers{3});
    l.queue.leave(1);
    l.queue.leave(3);
    CHECK(l.started() == numbers{4});
    CHECK(l.queue.waiting().empty());
}

TEST_CASE("a light call passes the heavy ones that wait, and takes no turn from them",
          "[call_queue]") {
    line l(1);
    l.enter(1);
    l.enter(2);
    l.enter(3, light);
    CHECK(l.started() == numbers{1, 3});
    l.enter(4, light);
    CHECK(l.started() == numbers{4});
    l.queue.leave(3);
    l.queue.leave(4);
    CHECK(l.started().empty()); // none of them held the turn of 1
    l.queue.leave(1);
    CHECK(l.started() == numbers{2});
}

TEST_CASE("the bound of the queue counts those who wait, not those who run", "[call_queue]") {
    line l(1, 2);
    l.enter(1);
    CHECK(l.started() == numbers{1});
    l.enter(2);
    CHECK(l.queue.has_room());
    l.enter(3);
    CHECK_FALSE(l.queue.has_room());
    l.queue.leave(2); // taken back
    CHECK(l.queue.has_room());
    CHECK(l.queue.waiting() == numbers{3});
}

TEST_CASE("a call whose time has gone by in the queue is too late at that very moment",
          "[call_queue]") {
    line l(1);
    l.enter(1);
    CHECK(l.started() == numbers{1});
    l.enter(2, heavy, 10s);
    l.enter(3, heavy, 11s);
    l.now += 10s;
    l.queue.leave(1);
    const auto late = l.queue.next(l.now);
    REQUIRE(late);
    CHECK(late->call == 2);
    CHECK(late->too_late);
    CHECK(l.started() == numbers{3}); // the late one held no turn
}

TEST_CASE("a turn that is lent serves others, and its owner goes on though that is one too many",
          "[call_queue]") {
    line l(1);
    l.enter(1);
    l.enter(2);
    l.enter(3);
    CHECK(l.started() == numbers{1});
    l.queue.lend(1);
    CHECK(l.started() == numbers{2});
    l.queue.take_back(1);
    l.queue.leave(2);
    CHECK(l.started().empty()); // 1 has it again
    l.queue.leave(1);
    CHECK(l.started() == numbers{3});
}

TEST_CASE("a call that leaves while its turn is lent leaves nothing behind", "[call_queue]") {
    line l(1);
    l.enter(1);
    CHECK(l.started() == numbers{1});
    l.queue.lend(1);
    l.queue.leave(1);
    l.queue.take_back(1);
    l.enter(2);
    CHECK(l.started() == numbers{2});
}

TEST_CASE("a light call has no turn to lend or to get back", "[call_queue]") {
    line l(1);
    l.enter(1, light);
    CHECK(l.started() == numbers{1});
    l.queue.lend(1);
    l.queue.take_back(1);
    l.enter(2);
    CHECK(l.started() == numbers{2});
}

TEST_CASE("a drained queue names everybody in order of arrival and is empty", "[call_queue]") {
    line l;
    l.enter(7);
    l.enter(5, light);
    l.enter(6);
    CHECK(l.queue.drain() == numbers{7, 5, 6});
    CHECK(l.started().empty());
    CHECK(l.queue.has_room());
}

TEST_CASE("a call is light when every request of it answers from what is there", "[call_queue]") {
    CHECK(actors::is_light(message({"ping"})));
    CHECK(actors::is_light(message({"tools/list", "prompts/list"})));
    CHECK(actors::is_light(message({})));
    CHECK_FALSE(actors::is_light(message({"tools/call"})));
    CHECK_FALSE(actors::is_light(message({"ping", "tools/call"})));
    CHECK_FALSE(actors::is_light(message({"resources/list"}))); // reads the schema
    CHECK_FALSE(actors::is_light(message({"initialize"})));     // is stored

    auto told = message({"notifications/initialized"});
    told.messages.front().what = mcp::incoming::kind::notification;
    CHECK(actors::is_light(told));
}

TEST_CASE("a heavy call would start at once while a turn is free and nobody waits",
          "[call_queue]") {
    line l(2);
    CHECK(l.queue.has_turn());
    l.enter(1);
    CHECK_FALSE(l.queue.has_turn()); // it waits still
    CHECK(l.started() == numbers{1});
    CHECK(l.queue.has_turn());
    l.enter(2);
    CHECK(l.started() == numbers{2});
    CHECK_FALSE(l.queue.has_turn());
    l.queue.leave(1);
    CHECK(l.queue.has_turn());
}
