// What a session says to its client beside answering, and what it hears from there.
#include "tests/actors/support.hpp"

using namespace actors_test;
using ending = actors::outlet::ending;

namespace {

// The questions that a stream carries.
std::vector<json::value> questions(const reader& r) {
    std::vector<json::value> out;
    for (const auto& e : r->events) {
        auto m = json::parse(e.json).value();
        if (m.text("method") == "elicitation/create") out.push_back(std::move(m));
    }
    return out;
}

std::string answer_to(const json::value& question, const std::string& rest) {
    return R"({"jsonrpc":"2.0","id":)" + json::dump(*question.find("id")) + "," + rest + "}";
}
std::string accept(const json::value& question, const std::string& content = "{}") {
    return answer_to(question, R"("result":{"action":"accept","content":)" + content + "}");
}

std::string subscribe(const std::string& uri, const char* how = "subscribe") {
    return R"({"jsonrpc":"2.0","id":1,"method":"resources/)" + std::string(how) +
           R"(","params":{"uri":")" + uri + "\"}}";
}

void revoke(world& w, const oauth::token_pair& pair) {
    oauth::token_revocation revocation;
    revocation.client_id = "client";
    revocation.token = *pair.refresh_token;
    REQUIRE(w.get(actors::revoke_token(revocation)).ok());
}

constexpr const char* listen_params =
    R"("notifications":{"resourcesListChanged":true,"toolsListChanged":true,)"
    R"("resourceSubscriptions":["test://primer","test://fixed","test://none"]},)";

} // namespace

// -- Streams of calls --------------------------------------------------------------------------

TEST_CASE("a call that says nothing before its result answers with one JSON object",
          "[session_talk]") {
    dialog d;
    const auto t = d.call(1, "plain");
    CHECK_FALSE(t.streams());
    CHECK(contains((*t.reply)->value().body, "plain"));
    CHECK(t.out->events.empty());
    CHECK_FALSE(t.out->watched());
}

TEST_CASE("a call that says something first answers as a stream that ends with its result",
          "[session_talk]") {
    dialog d;
    const auto t = d.call(1, "chatty");
    REQUIRE(t.streams());
    CHECK(t.out->primed.size() == 1);
    CHECK(t.out->has("begun"));
    CHECK_FALSE(t.out->ended);
    d.twenty.answer(0, json_response("{\"data\":1}"));
    d.executor.run();
    REQUIRE(t.out->events.size() == 2);
    CHECK(contains(t.out->events.back().json, "\"id\":1,\"result\""));
    CHECK(t.out->ended);
}

TEST_CASE("a client of an older version gets no event without data", "[session_talk]") {
    dialog d({}, "2025-06-18");
    const auto t = d.call(1, "chatty");
    REQUIRE(t.streams());
    CHECK(t.out->primed.empty());
    CHECK_FALSE(t.out->events.front().id.empty());
}

TEST_CASE("a client that takes no streams gets the result alone", "[session_talk]") {
    dialog d;
    const auto t = d.post(d.token, tool_call(1, "chatty"), d.id);
    d.twenty.answer(0, json_response("{}"));
    d.executor.run();
    CHECK(status_of(t) == 200);
    CHECK(contains((*t)->value().body, "\"id\":1"));
}

TEST_CASE("in a session a client that hangs up comes back for the result", "[session_talk]") {
    dialog d;
    const auto t = d.call(1, "chatty");
    const auto seen = t.out->events.front().id;
    t.out->happens(ending::gone);
    d.executor.run();
    CHECK(d.twenty.open() == 1); // the work goes on
    SECTION("before it is there") {
        const auto back = d.listen(d.token, d.id, seen);
        REQUIRE(back.streams());
        CHECK(back.out->events.empty());
        d.twenty.answer(0, json_response("{\"data\":1}"));
        d.executor.run();
        CHECK(back.out->has("\"id\":1,\"result\""));
        CHECK(back.out->ended);
    }
    SECTION("after it was there") {
        d.twenty.answer(0, json_response("{\"data\":1}"));
        d.executor.run();
        const auto back = d.listen(d.token, d.id, seen);
        REQUIRE(back.streams());
        CHECK(back.out->events.size() == 1);
        CHECK(back.out->has("\"id\":1,\"result\""));
        CHECK(back.out->ended);
    }
    CHECK(t.out->events.size() == 1);
}

TEST_CASE("an event id of another session resumes nothing of it but opens a stream",
          "[session_talk]") {
    dialog d;
    const auto theirs = d.initialize_asker(d.token);
    const auto t = d.call(1, "chatty");
    t.out->happens(ending::gone);
    d.executor.run();
    for (const auto& id : {t.out->events.front().id, std::string("stale.2.1")}) {
        const auto back = d.listen(d.token, theirs, id);
        REQUIRE(back.streams());
        CHECK_FALSE(back.out->has("begun"));
        CHECK_FALSE(back.out->ended);
    }
    d.twenty.answer(0, json_response("{}"));
    d.executor.run();
}

TEST_CASE("a server that hangs up first goes on, and its client gets the result when it returns",
          "[session_talk]") {
    dialog d;
    const auto t = d.call(1, "polls");
    REQUIRE(t.streams());
    CHECK(t.out->ended);
    REQUIRE(t.out->primed.size() == 1);
    d.twenty.answer(0, json_response("{}"));
    d.executor.run();
    CHECK(t.out->events.empty());
    const auto back = d.listen(d.token, d.id, t.out->primed.front());
    CHECK(back.out->has("\"id\":1,\"result\""));
    CHECK(back.out->ended);
}

TEST_CASE("under 2026-07-28 hanging up takes the call back and drops it at Twenty",
          "[session_talk]") {
    world w;
    const auto token = w.login().access_token;
    for (const auto* tool : {"fetch", "chatty"}) {
        const auto t =
            w.stateless(token, "tools/call", tool, R"("name":")" + std::string(tool) + "\",");
        CHECK(w.twenty.open() == 1);
        t.out->happens(ending::gone);
        w.executor.run();
        CHECK(w.twenty.open() == 0);
        CHECK(w.twenty.all.back().cancelled);
        CHECK(t.reply->has_value()); // nobody waits inside for ever
        CHECK_FALSE(t.out->has("result"));
    }
}

TEST_CASE("a call of 2026-07-28 whose client hung up in the queue never reaches Twenty",
          "[session_talk]") {
    actors::settings s;
    s.calls_per_session = 1;
    world w(s);
    const auto token = w.login().access_token;
    const auto running = w.stateless(token, "tools/call", "fetch", R"("name":"fetch",)");
    const auto waits = w.stateless(token, "tools/call", "fetch", R"("name":"fetch",)", 2);
    const auto behind = w.stateless(token, "tools/call", "fetch", R"("name":"fetch",)", 3);
    waits.out->happens(ending::gone);
    w.twenty.answer(0, json_response("{}"));
    w.executor.run();
    CHECK(status_of(running.reply) == 200);
    CHECK(status_of(waits.reply) == 202);
    CHECK(w.twenty.all.size() == 2); // the first and the third
    w.twenty.answer(1, json_response("{}"));
    w.executor.run();
    CHECK(status_of(behind.reply) == 200);
}

TEST_CASE("a flood to a client that comes back later is bounded and costs no result",
          "[session_talk]") {
    dialog d;
    const auto t = d.call(1, "flood");
    REQUIRE(t.streams());
    t.out->happens(ending::slow);
    d.executor.run();
    d.twenty.answer(0, json_response("{}"));
    d.executor.run();
    const auto back = d.listen(d.token, d.id, t.out->primed.front());
    CHECK(back.out->events.size() == actors::settings().replay_events);
    CHECK(contains(back.out->events.back().json, "\"id\":1,\"result\""));
}

TEST_CASE("a batch whose stream has begun ends it with all of its answers", "[session_talk]") {
    dialog d({}, "2025-03-26");
    const auto t =
        d.converse(d.token, "[" + tool_call(1, "chatty") + "," + tool_call(2, "plain") + "]", d.id);
    REQUIRE(t.streams());
    d.twenty.answer(0, json_response("{}"));
    d.executor.run();
    CHECK(t.out->has("\"id\":1,\"result\""));
    CHECK(t.out->has("\"id\":2,\"result\""));
    CHECK(t.out->ended);
}

// -- Questions ---------------------------------------------------------------------------------

TEST_CASE("a question goes out on the call's stream and its answer comes back into the tool",
          "[session_talk]") {
    dialog d;
    const auto t = d.call(1, "ask");
    REQUIRE(t.streams());
    const auto asked = questions(t.out);
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].find("params")->text("mode") == "form");
    CHECK(d.say(accept(asked[0], R"({"x":1})")) == 202);
    CHECK(t.out->has("accept"));
    CHECK(t.out->ended);
}

TEST_CASE("a call that waits for its person leaves its place to others", "[session_talk]") {
    actors::settings s;
    s.calls_per_session = 1;
    dialog d(s);
    const auto asking = d.call(1, "ask");
    const auto asked = questions(asking.out);
    REQUIRE(asked.size() == 1);
    CHECK(contains(d.reply(d.token, tool_call(2, "plain"), d.id).body, "plain"));
    CHECK(d.say(accept(asked[0])) == 202);
    CHECK(asking.out->ended);
    // The place was given back once, not twice.
    const auto slow = d.post(d.token, tool_call(3, "fetch"), d.id);
    const auto queued = d.post(d.token, tool_call(4, "plain"), d.id);
    CHECK_FALSE(queued->has_value());
}

TEST_CASE("a question to a client before 2025-11-25 names no mode", "[session_talk]") {
    dialog d({}, "2025-06-18");
    const auto t = d.call(1, "ask");
    const auto asked = questions(t.out);
    REQUIRE(asked.size() == 1);
    CHECK_FALSE(asked[0].find("params")->find("mode"));
}

TEST_CASE("a yes is a yes only when it was accepted with the box ticked", "[session_talk]") {
    struct row {
        const char* answer;
        const char* verdict;
    };
    for (const auto& r :
         {row{R"("result":{"action":"accept","content":{"confirm":true}})", "accepted"},
          row{R"("result":{"action":"accept","content":{"confirm":false}})", "declined"},
          row{R"("result":{"action":"accept"})", "declined"},
          row{R"("result":{"action":"decline"})", "declined"},
          row{R"("result":{"action":"cancel"})", "cancelled"}, row{R"("result":{})", "declined"},
          row{R"("result":[])", "impossible"},
          row{R"("error":{"code":-1,"message":"no"})", "impossible"}}) {
        INFO(r.answer);
        dialog d;
        const auto t = d.call(1, "sure");
        const auto asked = questions(t.out);
        REQUIRE(asked.size() == 1);
        CHECK(d.say(answer_to(asked[0], r.answer)) == 202);
        CHECK(t.out->has(r.verdict));
        CHECK(questions(t.out).size() == 1); // nobody is asked twice
        CHECK(t.out->ended);
    }
}

TEST_CASE("a question that nobody answers ends after its time and is taken back",
          "[session_talk]") {
    dialog d;
    const auto t = d.call(1, "ask");
    d.advance(10min - 1s);
    CHECK_FALSE(t.out->ended);
    d.advance(2s);
    CHECK(t.out->has("upstream_timeout"));
    CHECK(t.out->has("notifications/cancelled"));
    CHECK(t.out->ended);
    CHECK(d.say(accept(questions(t.out)[0])) == 202); // too late, and harmless
}

TEST_CASE("a person's time does not count against the call's own", "[session_talk]") {
    dialog d;
    const auto t = d.call(1, "ask");
    d.advance(9min);
    CHECK(d.say(accept(questions(t.out)[0])) == 202);
    CHECK(t.out->has("accept"));
}

TEST_CASE("a call that is cancelled while it asks takes its question back and answers nothing",
          "[session_talk]") {
    dialog d;
    const auto t = d.call(5, "ask");
    CHECK(d.say(cancel(5)) == 202);
    CHECK(t.out->ended);
    CHECK(t.out->has("notifications/cancelled"));
    CHECK_FALSE(t.out->has("\"id\":5"));
    CHECK(d.say(accept(questions(t.out)[0])) == 202);
    d.advance(11min);
    CHECK(d.say(ping) == 200);
}

TEST_CASE("an answer to what was never asked changes nothing", "[session_talk]") {
    dialog d;
    const auto t = d.call(1, "ask");
    CHECK(d.say(R"({"jsonrpc":"2.0","id":1,"result":{"action":"accept"}})") == 202);
    CHECK(d.say(R"({"jsonrpc":"2.0","id":"x","result":{"action":"accept"}})") == 202);
    CHECK_FALSE(t.out->ended);
}

TEST_CASE("another session of the same grant cannot answer the question", "[session_talk]") {
    dialog d;
    const auto other = d.initialize_asker(d.token);
    const auto t = d.call(1, "ask");
    CHECK(d.reply(d.token, accept(questions(t.out)[0]), other).status == 202);
    CHECK_FALSE(t.out->ended);
}

TEST_CASE("two questions are answered in any order, and the tool goes on after both",
          "[session_talk]") {
    dialog d;
    const auto t = d.call(1, "ask_two");
    const auto asked = questions(t.out);
    REQUIRE(asked.size() == 2);
    CHECK(d.say(accept(asked[1], R"({"n":"b"})")) == 202);
    CHECK_FALSE(t.out->ended);
    CHECK(d.say(accept(asked[1], R"({"n":"again"})")) == 202); // an answer counts once
    CHECK_FALSE(t.out->ended);
    CHECK(d.say(accept(asked[0], R"({"n":"a"})")) == 202);
    CHECK(t.out->ended);
    CHECK(t.out->has(R"(\"one\")"));
    CHECK_FALSE(t.out->has("again"));
}

TEST_CASE("when one of two questions fails the other is taken back", "[session_talk]") {
    dialog d;
    const auto t = d.call(1, "ask_two");
    const auto asked = questions(t.out);
    REQUIRE(asked.size() == 2);
    CHECK(d.say(answer_to(asked[0], R"("error":{"code":-1,"message":"no"})")) == 202);
    CHECK(t.out->ended);
    CHECK(t.out->has(R"("requestId":)" + json::dump(*asked[1].find("id"))));
    CHECK_FALSE(t.out->has(R"("requestId":)" + json::dump(*asked[0].find("id"))));
}

TEST_CASE("a client that never said that it answers is not asked", "[session_talk]") {
    world w;
    const auto token = w.login().access_token;
    const auto id = w.initialize(token);
    const auto t = w.converse(token, tool_call(1, "sure"), id);
    CHECK_FALSE(t.streams());
    CHECK(contains((*t.reply)->value().body, "impossible"));
}

TEST_CASE("a session that goes to sleep while it asks answers its call", "[session_talk]") {
    actors::settings s;
    s.sessions_per_grant = 1;
    dialog d(s);
    const auto t = d.call(1, "ask");
    CHECK_FALSE(t.out->ended);
    d.initialize_asker(d.token); // puts the first one out; answers would find its next life
    CHECK(t.out->has("unavailable"));
    CHECK(t.out->ended);
}

TEST_CASE("a session that goes to sleep cancels its tasks and drops their requests at Twenty",
          "[session_talk]") {
    actors::settings s;
    s.sessions_per_grant = 1;
    world w(s);
    const auto token = w.login().access_token;
    const auto t =
        w.stateless(token, "tools/call", "lasting", R"("name":"lasting","arguments":{},)");
    REQUIRE(t.reply->has_value());
    CHECK(contains((*t.reply)->value().body, "\"resultType\":\"task\""));
    REQUIRE(w.twenty.open() == 1);
    w.initialize(token); // puts the grant's own session out
    CHECK(w.twenty.all[0].cancelled);
    CHECK(w.twenty.open() == 0);
}

TEST_CASE("a call that becomes a task leaves its place to others at once", "[session_talk]") {
    actors::settings s;
    s.calls_per_session = 1;
    world w(s);
    const auto token = w.login().access_token;
    const auto task =
        w.stateless(token, "tools/call", "grows", R"("name":"grows","arguments":{},)");
    const auto next =
        w.stateless(token, "tools/call", "plain", R"("name":"plain","arguments":{},)");
    REQUIRE(w.twenty.open() == 1);
    CHECK_FALSE(next.reply->has_value());
    w.twenty.answer(w.twenty.all.size() - 1, json_response("{}"));
    w.executor.run();
    REQUIRE(task.reply->has_value());
    CHECK(contains((*task.reply)->value().body, "\"resultType\":\"task\""));
    CHECK(w.twenty.open() == 1); // the task's second question
    CHECK(next.reply->has_value());
}

TEST_CASE("when the server stops nobody is waited for, but work comes to its end",
          "[session_talk]") {
    dialog d;
    const auto asks = d.call(1, "ask");
    const auto works = d.call(2, "chatty");
    asks.out->happens(ending::stopping);
    works.out->happens(ending::stopping);
    d.executor.run();
    CHECK(asks.out->has("unavailable"));
    CHECK(asks.out->ended);
    CHECK_FALSE(works.out->ended);
    d.twenty.answer(0, json_response("{}"));
    d.executor.run();
    CHECK(works.out->has("\"id\":2,\"result\""));
}

// -- Streams that belong to no call ------------------------------------------------------------

TEST_CASE("GET opens the stream of a session alone", "[session_talk]") {
    dialog d;
    CHECK(status_of(d.listen(d.token, "").reply) == 400);
    CHECK(status_of(d.listen(d.token, "AAAA").reply) == 404);
    const auto bob = d.login(twenty::mode::read, "key-of-bob").access_token;
    CHECK(status_of(d.listen(bob, d.id).reply) == 404);
    CHECK(status_of(d.listen(secret(std::string_view("twa_x")), d.id).reply) == 401);
    const auto t = d.listen(d.token, d.id);
    CHECK(t.streams());
    CHECK(t.out->primed.size() == 1);
    CHECK_FALSE(t.out->ended);
}

TEST_CASE("a session's stream that the server had to end goes on where it was", "[session_talk]") {
    dialog d;
    CHECK(d.say(subscribe("test://primer")) == 200);
    const auto t = d.listen(d.token, d.id);
    CHECK(t.out->lasting);
    REQUIRE(t.out->primed.size() == 1);
    t.out->happens(ending::stopping);
    d.executor.run();
    CHECK(t.out->ended);
    REQUIRE(d.get(actors::write_upload(stored::the_primer, "New.")).ok());
    const auto back = d.listen(d.token, d.id, t.out->primed.front());
    CHECK(back.out->lasting);
    CHECK(back.out->events.size() == 1); // what it missed
    CHECK_FALSE(back.out->ended);
    REQUIRE(d.get(actors::write_upload(stored::the_primer, "Newer.")).ok());
    CHECK(back.out->events.size() == 2);
}

TEST_CASE("a second GET takes the place of the first, whatever becomes of that one",
          "[session_talk]") {
    dialog d;
    const auto first = d.listen(d.token, d.id);
    // Its end is under way when the second one comes.
    auto& parts = *d.system->parts();
    const auto second = std::make_shared<fake_outlet>();
    const auto opened = ask_from(parts.actors, parts.supervisor.untyped(),
                                 actors::open_stream(d.token, d.id, "", second));
    for (int steps = 0; steps < 3; ++steps)
        d.executor.run_one();
    first.out->happens(ending::gone);
    d.executor.run();
    REQUIRE(opened->has_value());
    REQUIRE(d.get(actors::write_upload(stored::the_primer, "New.")).ok());
    CHECK(d.say(subscribe("test://primer")) == 200);
    REQUIRE(d.get(actors::write_upload(stored::the_primer, "Newer.")).ok());
    CHECK(second->has("test://primer"));
    CHECK_FALSE(second->ended);
}

TEST_CASE("a session is told of the resources it subscribed to and of no other", "[session_talk]") {
    dialog d;
    const auto t = d.listen(d.token, d.id);
    REQUIRE(d.get(actors::write_upload(stored::the_primer, "One.")).ok());
    CHECK(t.out->events.empty());
    CHECK(d.say(subscribe("test://primer")) == 200);
    REQUIRE(d.get(actors::write_upload(stored::the_primer, "Two.")).ok());
    REQUIRE(t.out->events.size() == 1);
    CHECK(t.out->has(R"("uri":"test://primer")"));
    REQUIRE(d.get(actors::clear_upload(stored::the_primer)).ok());
    CHECK(t.out->events.size() == 2);
    CHECK(d.say(subscribe("test://primer", "unsubscribe")) == 200);
    REQUIRE(d.get(actors::write_upload(stored::the_primer, "Three.")).ok());
    CHECK(t.out->events.size() == 2);
}

TEST_CASE("without a session id nobody changes what others of the grant are told",
          "[session_talk][plan-130]") {
    dialog d;
    const auto t = d.listen(d.token, d.id);
    for (const auto* how : {"subscribe", "unsubscribe"})
        CHECK(d.reply(d.token, subscribe("test://primer", how)).status == 400);
    REQUIRE(d.get(actors::write_upload(stored::the_primer, "One.")).ok());
    CHECK(t.out->events.empty());
    CHECK(d.reply(d.token, ping).status == 200); // and the rest needs none
}

TEST_CASE("subscriptions and the way to those who hold them survive a session's sleep",
          "[session_talk]") {
    dialog d;
    CHECK(d.say(subscribe("test://primer")) == 200);
    CHECK(d.say(subscribe("test://schema/person")) == 200);
    d.advance(32min);
    CHECK(d.get(actors::get_status())->sessions == 0);
    // No call has told the woken session where it belongs.
    const auto t = d.listen(d.token, d.id);
    REQUIRE(t.streams());
    REQUIRE(d.get(actors::write_upload(stored::the_primer, "One.")).ok());
    CHECK(t.out->has("test://primer"));
    d.stateless(d.token, "tools/call", "changes", R"("name":"changes",)"); // in another session
    CHECK(t.out->has("test://schema/person"));
}

TEST_CASE("the subscriptions of a batch survive as well", "[session_talk]") {
    dialog d({}, "2025-03-26");
    const std::string second = R"({"jsonrpc":"2.0","id":2,"method":"ping"})";
    CHECK(d.say("[" + subscribe("test://primer") + "," + second + "]") == 200);
    d.advance(32min);
    const auto t = d.listen(d.token, d.id);
    REQUIRE(d.get(actors::write_upload(stored::the_primer, "One.")).ok());
    CHECK(t.out->has("test://primer"));
}

TEST_CASE("a session keeps a bounded number of subscriptions to URIs that may be ours",
          "[session_talk]") {
    dialog d;
    for (std::size_t i = 0; i < mcp::max_subscriptions; ++i)
        CHECK(
            contains(d.reply(d.token, subscribe("test://schema/o" + std::to_string(i)), d.id).body,
                     "\"result\":{}"));
    CHECK(contains(d.reply(d.token, subscribe("test://primer"), d.id).body, "Too many"));
    CHECK(contains(d.reply(d.token, subscribe("test://schema/o1"), d.id).body, "\"result\":{}"));
    for (const auto& uri : {std::string("test://other"), "test://schema/" + std::string(600, 'x'),
                            std::string("test://schema/a\\nb")})
        CHECK(contains(d.reply(d.token, subscribe(uri), d.id).body, "not found"));
}

TEST_CASE("a stream keeps its session awake and sleep ends none that is read", "[session_talk]") {
    dialog d;
    const auto t = d.listen(d.token, d.id);
    d.advance(3h);
    CHECK_FALSE(t.out->ended);
    CHECK(d.get(actors::get_status())->sessions == 1);
    t.out->happens(ending::gone);
    d.advance(2min);
    CHECK(d.get(actors::get_status())->sessions == 0);
}

TEST_CASE("a session that has to make room ends its stream, which then wakes its next life",
          "[session_talk]") {
    actors::settings s;
    s.sessions_per_grant = 1;
    dialog d(s);
    const auto t = d.listen(d.token, d.id);
    d.initialize_asker(d.token);
    CHECK(t.out->ended);
    const auto again = d.listen(d.token, d.id);
    CHECK(again.streams());
    CHECK_FALSE(again.out->ended);
}

TEST_CASE("DELETE and revocation end every stream at once", "[session_talk][plan-77][plan-85]") {
    dialog d;
    const auto pair = d.login(twenty::mode::write, "key-of-bob");
    d.token = pair.access_token;
    d.id = d.initialize_asker(d.token);
    const auto get = d.listen(d.token, d.id);
    const auto call = d.call(1, "chatty");
    const auto asks = d.call(2, "ask");
    const auto listens = d.stateless(d.token, "subscriptions/listen", "", listen_params);
    REQUIRE(listens.streams());
    SECTION("DELETE, those of the session") {
        CHECK(d.get(actors::end_session(d.token, d.id))->status == 200);
        CHECK_FALSE(listens.out->ended);
    }
    SECTION("revocation, all of the grant's") {
        revoke(d, pair);
        CHECK(listens.out->ended);
    }
    SECTION("row 77: a refresh token that comes again after its successor was used") {
        oauth::refresh_exchange exchange;
        exchange.client_id = "client";
        exchange.refresh_token = *pair.refresh_token;
        const auto next = d.get(actors::refresh_token(exchange));
        REQUIRE(next.ok());
        CHECK(d.reply(next->access_token, ping).status == 200);
        d.advance(61s);
        CHECK_FALSE(get.out->ended);
        CHECK_FALSE(d.get(actors::refresh_token(exchange)).ok());
        CHECK(listens.out->ended);
        CHECK(d.reply(next->access_token, ping).status == 401);
    }
    CHECK(get.out->ended);
    CHECK(call.out->ended);
    CHECK(asks.out->ended);
    CHECK(d.twenty.open() == 0);
}

TEST_CASE("a dead API key ends the grant's streams with it", "[session_talk]") {
    dialog d;
    const auto get = d.listen(d.token, d.id);
    const auto listens = d.stateless(d.token, "subscriptions/listen", "", listen_params);
    d.twenty.automatic = [](const fake_transport::sent&) {
        return std::optional<result<twenty::response>>(json_response(
            R"({"errors":[{"message":"Token invalid.","extensions":{"code":"UNAUTHENTICATED"}}]})"));
    };
    d.call(1, "fetch");
    d.advance(5s);
    d.call(2, "fetch");
    CHECK(get.out->ended);
    CHECK(listens.out->ended);
    CHECK(listens.out->has("\"resultType\":\"complete\""));
    CHECK(d.reply(d.token, ping, d.id).status == 401);
}

TEST_CASE("when actors start anew every open stream ends, and its client may come back",
          "[session_talk]") {
    dialog d;
    const auto get = d.listen(d.token, d.id);
    const auto call = d.call(1, "chatty");
    d.clock_fails = true;
    (void)d.ask(actors::check_token(secret(std::string_view("twa_x")))); // the sessions fail
    d.clock_fails = false;
    d.executor.run();
    CHECK(get.out->ended);
    CHECK(call.out->ended);
    CHECK(d.listen(d.token, d.id).streams());
}

// -- subscriptions/listen ----------------------------------------------------------------------

TEST_CASE("a listen is acknowledged with what is honoured, told of it, and ended with a result",
          "[session_talk]") {
    world w;
    const auto token = w.login().access_token;
    const auto t = w.stateless(token, "subscriptions/listen", "", listen_params, 9);
    REQUIRE(t.streams());
    REQUIRE(t.out->events.size() == 1);
    CHECK(t.out->events[0].id.empty()); // nothing to resume
    CHECK(t.out->primed.empty());
    CHECK(t.out->has(R"("notifications":{"resourcesListChanged":true,"resourceSubscriptions":)"
                     R"(["test://primer"]})"));
    REQUIRE(w.get(actors::write_upload(stored::the_primer, "One.")).ok());
    REQUIRE(t.out->events.size() == 2);
    CHECK(contains(t.out->events[1].json, "resources/updated"));
    CHECK(contains(t.out->events[1].json, R"("io.modelcontextprotocol/subscriptionId":9)"));
    t.out->happens(ending::stopping);
    w.executor.run();
    CHECK(contains(t.out->events.back().json, R"("id":9,"result":)"));
    CHECK(t.out->ended);
}

TEST_CASE("a grant's listens are capped, and who hangs up makes room", "[session_talk]") {
    actors::settings s;
    s.listens_per_grant = 2;
    world w(s);
    const auto token = w.login().access_token;
    const auto listen = [&] {
        return w.stateless(token, "subscriptions/listen", "", listen_params);
    };
    const auto first = listen();
    const auto second = listen();
    const auto third = listen();
    CHECK(second.streams());
    CHECK_FALSE(third.streams());
    CHECK(contains((*third.reply)->value().body, "-32603"));
    first.out->happens(ending::gone);
    w.executor.run();
    CHECK(listen().streams());
    const auto bob = w.login(twenty::mode::read, "key-of-bob").access_token;
    CHECK(w.stateless(bob, "subscriptions/listen", "", listen_params).streams());
}

TEST_CASE("a client that takes no streams cannot listen", "[session_talk]") {
    world w;
    const auto token = w.login().access_token;
    mcp::incoming m;
    m.era = mcp::era::stateless;
    m.id = "1";
    m.method = "subscriptions/listen";
    m.params = json::make({{"notifications", json::object{}}});
    mcp::classified one;
    one.messages.push_back(m);
    CHECK(w.get(actors::mcp_call(token, "", one, "2026-07-28"))->status == 406);
}

TEST_CASE("a listener that had gone before its call began leaves nothing behind",
          "[session_talk]") {
    world w;
    const auto token = w.login().access_token;
    const auto open = std::make_shared<fake_outlet>();
    open->happens(ending::gone);
    mcp::incoming m;
    m.era = mcp::era::stateless;
    m.id = "1";
    m.method = "subscriptions/listen";
    m.params = json::make({{"notifications", json::object{}}});
    mcp::classified one;
    one.messages.push_back(m);
    for (int i = 0; i < 40; ++i) { // more than a grant may have
        actors::mcp_call call(token, "", one, "2026-07-28");
        call.out = open;
        CHECK(w.get(std::move(call)).ok());
    }
    CHECK(w.stateless(token, "subscriptions/listen", "", listen_params).streams());
}

// -- Who is told -------------------------------------------------------------------------------

TEST_CASE("a change in one workspace is told to its sessions and to nobody else",
          "[session_talk]") {
    world w;
    const auto ada = w.login().access_token;
    const auto other = w.login(twenty::mode::write, "key-elsewhere", "another-workspace");
    const auto here = w.initialize(ada);
    const auto there = w.initialize(other.access_token);
    const auto mine = w.listen(ada, here);
    const auto theirs = w.listen(other.access_token, there);
    const auto both = R"("notifications":{"resourceSubscriptions":["test://schema/person"]},)";
    const auto listens = w.stateless(ada, "subscriptions/listen", "", both);
    const auto listens_there = w.stateless(other.access_token, "subscriptions/listen", "", both);
    CHECK(w.reply(ada, subscribe("test://schema/person"), here).status == 200);
    CHECK(w.reply(other.access_token, subscribe("test://schema/person"), there).status == 200);
    w.converse(ada, tool_call(1, "changes"), here);
    CHECK(mine.out->has("test://schema/person"));
    CHECK(listens.out->has("resources/updated"));
    CHECK_FALSE(theirs.out->has("test://schema/person"));
    CHECK_FALSE(listens_there.out->has("resources/updated"));
    REQUIRE(w.get(actors::write_upload(stored::the_primer, "For all.")).ok()); // of no workspace
    CHECK(mine.out->events.size() == 1);
}
