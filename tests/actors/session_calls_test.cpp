// How calls wait: for Twenty, for a schema, for their turn; and what their answers say of a key.
#include "actors/session.hpp"
#include "actors/twenty_pool.hpp"
#include "tests/actors/support.hpp"

using namespace actors_test;

// -- Waiting -----------------------------------------------------------------------------------

TEST_CASE("patience for a schema that came in time does not disturb what follows",
          "[session_calls]") {
    dialog d;
    d.twenty.automatic = metadata_answer;
    const auto t = d.call(1, "patient");
    REQUIRE(d.twenty.open() == 1); // the schema is there, Twenty is asked
    d.advance(5s);
    CHECK_FALSE(t.reply->has_value());
    d.twenty.answer(d.twenty.all.size() - 1, json_response("{}"));
    d.executor.run();
    CHECK(status_of(t.reply) == 200);
    CHECK(contains((*t.reply)->value().body, "\"model "));
}

TEST_CASE("a schema that comes too late is not waited for and comes into nobody's way",
          "[session_calls]") {
    dialog d;
    const auto t = d.call(1, "patient");
    REQUIRE(d.twenty.open() == 1);
    d.advance(3s);
    REQUIRE(d.twenty.open() == 2); // goes on without
    d.twenty.automatic = metadata_answer;
    d.twenty.answer(0, *metadata_answer(d.twenty.all[0]));
    d.executor.run();
    CHECK_FALSE(t.reply->has_value());
    d.twenty.answer(1, json_response("{}"));
    d.executor.run();
    CHECK(contains((*t.reply)->value().body, "no model"));
}

TEST_CASE("cancelling everything that runs lets the waiting calls start", "[session_calls]") {
    actors::settings s;
    s.calls_per_session = 2;
    dialog d(s);
    const auto a = d.call(1, "fetch");
    const auto b = d.call(2, "fetch");
    const auto c = d.call(3, "fetch");
    CHECK(d.twenty.all.size() == 2);
    d.say(cancel(1));
    d.say(cancel(2));
    CHECK(d.twenty.all.size() == 3);
    d.twenty.answer(2, json_response("{}"));
    d.executor.run();
    CHECK(status_of(c.reply) == 200);
    CHECK(contains((*c.reply)->value().body, "\"id\":3"));
}

TEST_CASE("a call that is cancelled in the queue is never run", "[session_calls]") {
    actors::settings s;
    s.calls_per_session = 1;
    dialog d(s);
    const auto a = d.call(1, "fetch");
    const auto b = d.call(2, "fetch");
    CHECK(d.say(cancel(2)) == 202);
    CHECK(status_of(b.reply) == 202);
    d.twenty.answer(0, json_response("{}"));
    d.executor.run();
    CHECK(status_of(a.reply) == 200);
    CHECK(d.twenty.all.size() == 1);
}

TEST_CASE("a cancellation that comes with the answer changes nothing", "[session_calls]") {
    dialog d;
    const auto t = d.call(1, "fetch");
    d.twenty.answer(0, json_response("{\"data\":1}"));
    const auto cancelled = d.post(d.token, cancel(1), d.id);
    CHECK(status_of(t.reply) == 200);
    CHECK(status_of(cancelled) == 202);
    CHECK(d.say(cancel(1)) == 202);
}

TEST_CASE("a call's time runs from its arrival, and one that waited all of it is not run",
          "[session_calls]") {
    actors::settings s;
    s.calls_per_session = 1;
    dialog d(s);
    const auto a = d.call(1, "fetch");
    d.advance(20s);
    const auto b = d.call(2, "fetch");
    const auto c = d.call(3, "fetch");
    d.advance(10s);
    d.twenty.answer(0, json_response("{}"));
    d.executor.run();
    REQUIRE(d.twenty.all.size() == 2);
    d.advance(36s);
    d.twenty.answer(1, json_response("{}"));
    d.executor.run();
    CHECK(status_of(c.reply) == 200);
    CHECK(contains((*c.reply)->value().body, "was not run"));
    CHECK(d.twenty.all.size() == 2);
}

TEST_CASE("a ping is answered at once, however full the session is", "[session_calls]") {
    actors::settings s;
    s.calls_per_session = 1;
    s.queue_per_session = 1;
    dialog d(s);
    const auto a = d.call(1, "fetch");
    const auto b = d.call(2, "fetch");
    CHECK(d.twenty.open() == 1);
    CHECK(contains(d.reply(d.token, ping, d.id).body, "\"result\":{}"));
    CHECK(contains(d.reply(d.token, tool_call(3, "fetch"), d.id).body, "Too many calls"));
}

// -- The key -----------------------------------------------------------------------------------

TEST_CASE("refusals of a key count for the whole grant, and a good answer anywhere clears them",
          "[session_calls]") {
    world w;
    const auto token = w.login().access_token;
    const auto first = w.initialize(token);
    const auto second = w.initialize(token);
    bool refuse = true;
    w.twenty.automatic = [&](const fake_transport::sent&) {
        return std::optional<result<twenty::response>>(
            refuse ? json_response(R"({"errors":[{"message":"Token invalid.","extensions":)"
                                   R"({"code":"UNAUTHENTICATED"}}]})")
                   : json_response(R"({"data":{}})"));
    };
    SECTION("one in each session are two") {
        w.reply(token, tool_call(1, "fetch"), first);
        w.advance(5s);
        w.reply(token, tool_call(2, "fetch"), second);
        CHECK(w.reply(token, ping, first).status == 401);
    }
    SECTION("a good one in the other session lies between") {
        w.reply(token, tool_call(1, "fetch"), first);
        w.advance(5s);
        refuse = false;
        w.reply(token, tool_call(2, "fetch"), second);
        refuse = true;
        w.reply(token, tool_call(3, "fetch"), first);
        CHECK(w.reply(token, ping, first).status == 200);
    }
    SECTION("another grant's are its own") {
        w.reply(token, tool_call(1, "fetch"), first);
        const auto bob = w.login(twenty::mode::read, "key-of-bob").access_token;
        w.advance(5s);
        w.reply(bob, tool_call(2, "fetch"));
        CHECK(w.reply(token, ping, first).status == 200);
        CHECK(w.reply(bob, ping).status == 200);
    }
}

// -- What cannot be stored ---------------------------------------------------------------------

TEST_CASE("a batch whose subscription cannot be stored says so on the stream that it began",
          "[session_calls]") {
    stage s;
    actors::settings numbers;
    numbers.catalogue = &fixture_catalogue();
    const auto shared = std::make_shared<const actors::settings>(numbers);
    const auto broken = s.system->spawn(
        [](caf::event_based_actor*, int) -> caf::behavior {
            return {[](actors::save_session&) -> caf::result<done> {
                return actors::to_caf(error(errc::unavailable, "The disk is full."));
            }};
        },
        0);
    s.cast.push_back(broken);
    actors::session_peers peers{
        actors::store_handle(broken),
        s.add<actors::pool_logic>(shared, static_cast<twenty::transport*>(&s.net)),
        actors::schemas_handle(broken),
        {},
        secret(std::string(32, 'k'))};
    actors::session_origin origin;
    origin.how = actors::session_origin::kind::fresh;
    origin.id = "the-session";
    origin.streams = std::make_shared<std::size_t>(0);
    origin.held = std::make_shared<actors::held_calls>(numbers.held);
    origin.answers = std::make_shared<actors::held_calls>(numbers.held_answers);
    origin.kept = std::make_shared<std::size_t>(0);
    const auto session = s.add<actors::session_logic>(shared, peers, origin);
    const std::string subscribe = R"({"jsonrpc":"2.0","id":2,"method":"resources/subscribe",)"
                                  R"("params":{"uri":"test://primer"}})";
    const auto batch = mcp::classify("[" + tool_call(1, "chatty") + "," + subscribe + "]", {});
    const auto out = std::make_shared<fake_outlet>();
    const auto reply =
        s.ask(session, actors::session_call(std::make_shared<actors::bearer>(),
                                            std::get<mcp::classified>(batch), "2025-03-26", out));
    s.executor.run();
    REQUIRE(reply->has_value());
    CHECK((*reply)->value().streaming);
    s.net.answer(0, json_response("{}"));
    s.executor.run();
    CHECK(out->has("The disk is full."));
    CHECK(out->ended);

    // What could not be promised does not count: a stream that is opened now hears of no change.
    const auto stream = std::make_shared<fake_outlet>();
    const auto opened =
        s.ask(session, actors::session_stream(std::make_shared<actors::bearer>(), "", stream));
    s.executor.run();
    mcp::change changed;
    changed.what = mcp::source::primer;
    actors::tell(session, actors::session_news{"", changed});
    s.executor.run();
    CHECK_FALSE(stream->has("notifications/resources/updated"));
}
