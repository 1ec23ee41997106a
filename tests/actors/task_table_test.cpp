#include "actors/task_table.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <string>
#include <vector>

using actors::task_table;
using namespace std::chrono_literals;
using state = mcp::task_record::state;

namespace {

struct task_desk {
    task_table tasks{2, 10min};
    actors::deadline now{1h};
    task_table::unix_time wall = 1'800'000'000;

    std::string begin(task_table::number call) { return tasks.begin(call, now, wall).id; }
    state status(const std::string& id) const { return tasks.find(id)->status; }
    void end(const std::string& id, state how = state::completed) {
        tasks.end(id, how, R"({"content":[]})", "", wall);
    }
};

mcp::input_request question(const std::string& key) {
    mcp::input_request out;
    out.key = key;
    out.method = "elicitation/create";
    return out;
}

json::value answers(const std::string& key) {
    return *json::parse(R"({")" + key + R"(":{"action":"decline"}})");
}

} // namespace

TEST_CASE("a task begins as working, with its times and an id that comes but once",
          "[task_table]") {
    task_desk d;
    const auto id = d.begin(5);
    CHECK(id.size() == 32); // 192 bits
    CHECK(id != d.begin(6));
    const auto* t = d.tasks.find(id);
    REQUIRE(t);
    CHECK(t->status == state::working);
    CHECK(t->created_at == d.wall);
    CHECK(t->updated_at == d.wall);
    CHECK(t->ttl_ms == 600'000);
    CHECK(d.tasks.working_call(id) == 5);
    CHECK_FALSE(d.tasks.find("made up"));
    CHECK_FALSE(d.tasks.working_call("made up"));
}

TEST_CASE("tasks are bounded, and one that has ended takes up room until it is forgotten",
          "[task_table]") {
    task_desk d;
    const auto a = d.begin(1);
    CHECK(d.tasks.has_room());
    d.begin(2);
    CHECK_FALSE(d.tasks.has_room());
    d.end(a);
    CHECK_FALSE(d.tasks.has_room()); // its client has not come for it yet
    d.now += 10min + 1s;
    d.tasks.forget_old(d.now);
    CHECK(d.tasks.has_room());
}

TEST_CASE("a task is kept for its whole time and is overdue after it, if it still runs",
          "[task_table]") {
    task_desk d;
    const auto a = d.begin(1);
    const auto b = d.begin(2);
    d.end(b);
    d.now += 10min;
    CHECK(d.tasks.overdue(d.now).empty());
    d.tasks.forget_old(d.now);
    CHECK(d.tasks.find(a));
    d.now += 1s;
    CHECK(d.tasks.overdue(d.now) == std::vector<task_table::number>{1});
    d.tasks.forget_old(d.now);
    CHECK_FALSE(d.tasks.find(a));
    CHECK_FALSE(d.tasks.find(b));
}

TEST_CASE("a task that asks shows its questions until all are answered, then works on",
          "[task_table]") {
    task_desk d;
    const auto id = d.begin(4);
    d.wall += 5;
    d.tasks.ask(id, {question("a"), question("b")}, d.wall);
    CHECK(d.status(id) == state::input_required);
    CHECK(d.tasks.find(id)->updated_at == d.wall);
    CHECK(d.tasks.find(id)->questions.size() == 2);
    CHECK_FALSE(d.tasks.take_answers(id, answers("a"), d.wall));
    CHECK(d.status(id) == state::input_required);
    CHECK(d.tasks.find(id)->questions.size() == 1);
    d.wall += 5;
    const auto over = d.tasks.take_answers(id, answers("b"), d.wall);
    REQUIRE(over);
    CHECK(over->call == 4);
    CHECK(over->answers.find("a"));
    CHECK(over->answers.find("b"));
    CHECK(d.status(id) == state::working);
    CHECK(d.tasks.find(id)->updated_at == d.wall);
}

TEST_CASE("answers to a task that asks nothing are not taken", "[task_table]") {
    task_desk d;
    const auto id = d.begin(4);
    CHECK_FALSE(d.tasks.take_answers(id, answers("a"), d.wall));
    CHECK_FALSE(d.tasks.take_answers("made up", answers("a"), d.wall));
    d.tasks.ask(id, {question("a")}, d.wall);
    CHECK(d.tasks.take_answers(id, answers("a"), d.wall));
    CHECK_FALSE(d.tasks.take_answers(id, answers("a"), d.wall)); // the same ones again
    CHECK(d.status(id) == state::working);
}

TEST_CASE("the end of a task lasts, and is shown with the result, whatever comes after",
          "[task_table]") {
    task_desk d;
    const auto id = d.begin(4);
    d.tasks.ask(id, {question("a")}, d.wall);
    d.end(id);
    CHECK(d.status(id) == state::completed);
    CHECK(d.tasks.find(id)->questions.empty());
    CHECK(d.tasks.find(id)->result == R"({"content":[]})");
    CHECK_FALSE(d.tasks.working_call(id));
    d.tasks.end(id, state::cancelled, "", "", d.wall);
    CHECK(d.status(id) == state::completed);
    d.tasks.ask(id, {question("b")}, d.wall);
    CHECK(d.status(id) == state::completed);
    CHECK_FALSE(d.tasks.take_answers(id, answers("b"), d.wall));
    CHECK(d.tasks.find(id)->result == R"({"content":[]})");
}
