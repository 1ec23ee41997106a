// Writes that an administrator has paused, from the message to the request that is not sent.
#include "actors/lane.hpp"
#include "actors/write_gate.hpp"
#include "tests/actors/support.hpp"

#include <type_traits>

using namespace actors_test;

namespace {

using stored::pause_scope;

stored::write_pause pause_of(pause_scope scope, std::string subject = {}, std::string why = {}) {
    return {{scope, std::move(subject)}, std::move(why), {}};
}

std::size_t pause(world& w, pause_scope scope, std::string subject = {}, std::string why = {}) {
    auto all = w.get(actors::pause_writes(pause_of(scope, std::move(subject), std::move(why)), ""));
    REQUIRE(all.ok());
    return all->size();
}

std::size_t resume(world& w, pause_scope scope, std::string subject = {}) {
    auto all = w.get(actors::resume_writes({scope, std::move(subject)}, ""));
    REQUIRE(all.ok());
    return all->size();
}

void answer_all(world& w) {
    w.twenty.automatic = [](const fake_transport::sent&) {
        return std::optional<result<twenty::response>>(json_response("{}"));
    };
}

std::string body_of(world& w, const secret& token, const char* tool) {
    return w.reply(token, tool_call(1, tool)).body;
}

bool writes(world& w, const secret& token) {
    const auto sent = w.twenty.all.size();
    const auto body = body_of(w, token, "write");
    CHECK(contains(body, "paused") == (w.twenty.all.size() == sent));
    return w.twenty.all.size() > sent;
}

std::vector<oauth::grant_summary> everybodys(world& w) {
    auto page = w.get(actors::find_grants({}, 10, {}));
    REQUIRE(page.ok());
    return page->grants;
}

} // namespace

TEST_CASE("while everybody's writes are paused reading goes on, and nothing is written",
          "[pauses]") {
    world w;
    answer_all(w);
    const auto token = w.login().access_token;
    CHECK(writes(w, token));
    CHECK(pause(w, pause_scope::all, {}, "We move to another Twenty") == 1);
    const auto body = body_of(w, token, "write");
    CHECK(contains(body, "isError"));
    CHECK(contains(body, "We move to another Twenty"));
    CHECK_FALSE(writes(w, token));
    CHECK_FALSE(contains(body_of(w, token, "fetch"), "isError"));
    CHECK(said_in(w.reply(token, tool_call(1, "write")).log, "outcome") == "paused");
    CHECK(resume(w, pause_scope::all) == 0);
    CHECK(writes(w, token));
}

TEST_CASE("a person's pause stands beside the administrator's, and each ends by itself",
          "[pauses]") {
    world w;
    answer_all(w);
    const auto token = w.login().access_token;
    const auto id = everybodys(w).front().id;
    pause(w, pause_scope::person, id);
    CHECK_FALSE(writes(w, token));
    CHECK(contains(body_of(w, token, "write"), "/connections"));
    pause(w, pause_scope::connection, id);
    CHECK(resume(w, pause_scope::connection, id) == 1);
    CHECK_FALSE(writes(w, token));
    CHECK(resume(w, pause_scope::person, id) == 0);
    CHECK(writes(w, token));
}

TEST_CASE("a pause of a connection is of no other one", "[pauses]") {
    world w;
    answer_all(w);
    const auto ada = w.login().access_token;
    const auto adas = everybodys(w).front().id;
    const auto bob = w.login(twenty::mode::write, "key-of-bob").access_token;
    pause(w, pause_scope::connection, adas);
    CHECK_FALSE(writes(w, ada));
    CHECK(writes(w, bob));
}

TEST_CASE("a pause of an API key is of all of its connections, of later ones too", "[pauses]") {
    world w;
    answer_all(w);
    const auto first = w.login().access_token;
    const auto key = everybodys(w).front().key_id;
    const auto other = w.login(twenty::mode::write, "another-key").access_token;
    pause(w, pause_scope::key, key);
    CHECK_FALSE(writes(w, first));
    CHECK_FALSE(writes(w, w.login().access_token));
    CHECK(writes(w, other));
    // Of the same writes there may be another pause: each ends by its own name.
    pause(w, pause_scope::all);
    CHECK(resume(w, pause_scope::all) == 1);
    CHECK_FALSE(writes(w, first));
    CHECK(resume(w, pause_scope::key, key) == 0);
    CHECK(writes(w, first));
}

TEST_CASE("what no connection has cannot be paused", "[pauses]") {
    world w;
    for (const auto scope : {pause_scope::connection, pause_scope::key}) {
        const auto none = w.get(actors::pause_writes(pause_of(scope, "0123456789ab"), ""));
        REQUIRE_FALSE(none.ok());
        CHECK(none.failure().code == errc::not_found);
    }
    CHECK(w.get(actors::list_pauses())->empty());
}

TEST_CASE("a write that waits for its turn at Twenty is not sent behind a pause", "[pauses]") {
    actors::settings numbers;
    numbers.in_flight_per_workspace = 1;
    world w(numbers);
    const auto token = w.login().access_token;
    const auto read = w.post(token, tool_call(1, "fetch"));
    const auto write = w.post(token, tool_call(2, "write"));
    REQUIRE(w.twenty.all.size() == 1);
    pause(w, pause_scope::all);
    w.twenty.answer(0, json_response("{}"));
    w.executor.run();
    CHECK(w.twenty.all.size() == 1);
    REQUIRE(write->has_value());
    CHECK(contains((*write)->value().body, "paused: not sent"));
    CHECK(status_of(read) == 200);
}

TEST_CASE("whoever picks waiting calls out of a lane cannot change them meanwhile", "[pauses]") {
    using judge = bool (*)(const actors::waiting_call&);
    using meddler = bool (*)(actors::waiting_call&);
    using take_if = decltype(&actors::lane::take_if);
    STATIC_REQUIRE(std::is_invocable_v<take_if, actors::lane&, judge>);
    STATIC_REQUIRE_FALSE(std::is_invocable_v<take_if, actors::lane&, meddler>);
}

TEST_CASE("a write that was refused when its connection was open says nothing of Twenty",
          "[pauses]") {
    actors::settings numbers;
    numbers.pace = twenty::rate{1, 60s};
    world w(numbers);
    const auto token = w.login().access_token;
    const auto write = w.post(token, tool_call(1, "write"));
    REQUIRE(w.twenty.all.size() == 1);
    REQUIRE(w.twenty.all[0].request.veto);
    CHECK_FALSE(w.twenty.all[0].request.veto());
    pause(w, pause_scope::all);
    auto why = w.twenty.all[0].request.veto();
    REQUIRE(why);
    w.twenty.answer(0, *why);
    w.executor.run();
    REQUIRE(write->has_value());
    CHECK(contains((*write)->value().body, "paused"));
    CHECK_FALSE(w.get(actors::get_status())->twenty);
    // Its token is there for whoever reads.
    const auto read = w.post(token, tool_call(2, "fetch"));
    CHECK(w.twenty.all.size() == 2);
}

TEST_CASE("a write that may have arrived before a pause is not said to be undone", "[pauses]") {
    world w;
    const auto token = w.login().access_token;
    const auto write = w.post(token, tool_call(1, "write"));
    pause(w, pause_scope::all);
    w.twenty.answer(0, error(errc::upstream_down, "gone"));
    w.executor.run();
    w.advance(45s); // it would be repeated meanwhile
    REQUIRE(write->has_value());
    CHECK(w.twenty.all.size() == 1);
    const auto& body = (*write)->value().body;
    CHECK(contains(body, "paused"));
    CHECK_FALSE(contains(body, "not sent"));
}

TEST_CASE("what a person said yes to before a pause is not written behind it", "[pauses]") {
    SECTION("in a session") {
        dialog d;
        const auto t = d.call(1, "ask_and_write");
        REQUIRE(t.streams());
        REQUIRE(t.out->events.size() == 1);
        const auto question = json::parse(t.out->events.front().json).value();
        pause(d, pause_scope::all);
        CHECK(d.say(R"({"jsonrpc":"2.0","id":)" + json::dump(*question.find("id")) +
                    R"(,"result":{"action":"accept","content":{"confirm":true}}})") == 202);
        CHECK(t.out->has("paused: not sent"));
        CHECK(d.twenty.all.empty());
    }
    SECTION("under 2026-07-28") {
        world w;
        const auto token = w.login().access_token;
        constexpr const char* asks = R"("name":"ask_and_write","arguments":{},)";
        const auto first = w.stateless(token, "tools/call", "ask_and_write", asks);
        REQUIRE(first.reply->has_value());
        const auto asked = json::parse((*first.reply)->value().body).value();
        INFO((*first.reply)->value().body);
        const auto state = asked.find("result")->text("requestState");
        REQUIRE_FALSE(state.empty());
        pause(w, pause_scope::all);
        const auto again = w.stateless(
            token, "tools/call", "ask_and_write",
            std::string(asks) + R"("requestState":")" + std::string(state) +
                R"(","inputResponses":{"confirm":{"action":"accept","content":{"confirm":true}}},)");
        REQUIRE(again.reply->has_value());
        CHECK(contains((*again.reply)->value().body, "paused writes for everybody"));
        CHECK(w.twenty.all.empty());
    }
}

TEST_CASE("when actors start anew what was paused is paused from the first call on", "[pauses]") {
    world w;
    answer_all(w);
    const auto token = w.login().access_token;
    pause(w, pause_scope::all);
    w.clock_fails = true;
    (void)w.ask(actors::check_token(secret(std::string_view("twa_x")))); // the sessions fail
    w.clock_fails = false;
    w.executor.run();
    CHECK_FALSE(writes(w, token));
    CHECK(w.get(actors::get_status())->pauses == 1);
}

TEST_CASE("until it is known what is paused nobody writes", "[pauses]") {
    actors::write_gate gate;
    const actors::bearer somebody;
    REQUIRE(gate.refuse(somebody));
    CHECK(gate.refuse(somebody)->code == errc::unavailable);
    CHECK(gate.refuse(somebody)->detail.starts_with(twenty::not_sent));
    gate.set({});
    CHECK_FALSE(gate.refuse(somebody));
}
