#include "tests/actors/support.hpp"

using namespace actors_test;

TEST_CASE("initialize hands out a session id that later messages may use", "[sessions]") {
    world w;
    const auto token = w.login().access_token;
    const auto id = w.initialize(token);
    CHECK(w.reply(token, ping, id).status == 200);
    CHECK(contains(w.reply(token, tool_call(1, "version"), id).body, "2025-06-18"));
}

TEST_CASE("a message without a session id is served by the grant's own session",
          "[sessions][plan-101]") {
    world w;
    const auto token = w.login().access_token;
    const auto answer = w.reply(token, tool_call(1, "plain"));
    CHECK(answer.status == 200);
    CHECK(contains(answer.body, "plain"));
    CHECK(said_in(answer.log, "mcp") == "tools/call");
    CHECK(said_in(answer.log, "tool") == "plain");
    CHECK(said_in(answer.log, "outcome") == "ok");
}

TEST_CASE("an unknown token gets a 401 even when the message is malformed", "[sessions]") {
    world w;
    const auto answer = w.reply(secret(std::string_view("twa_nobody")), "{");
    CHECK(answer.status == 401);
    CHECK(answer.challenge == errc::unauthenticated);
    const auto good = w.login().access_token;
    CHECK(w.reply(good, "{").status == 400);
    CHECK(w.get(actors::check_token(good)).ok());
    CHECK_FALSE(w.get(actors::check_token(secret(std::string_view("twa_nobody")))).ok());
}

TEST_CASE("a made-up session id and one of another grant do not exist", "[sessions][plan-101]") {
    world w;
    const auto ada = w.login().access_token;
    const auto bob = w.login(twenty::mode::read, "key-of-bob").access_token;
    const auto id = w.initialize(ada);
    CHECK(w.reply(bob, ping, id).status == 404);
    CHECK(w.reply(ada, ping, "AAAA").status == 404);
    auto forged = id;
    forged.front() = forged.front() == 'A' ? 'B' : 'A';
    const auto answer = w.reply(ada, ping, forged);
    CHECK(answer.status == 404);
    CHECK(contains(answer.body, "-32001"));
    CHECK(contains(answer.body, "\"id\":7"));
}

TEST_CASE("a stateless message takes no notice of a session id, good or bad", "[sessions]") {
    world w;
    const auto ada = w.login().access_token;
    const auto bob = w.login(twenty::mode::read, "key-of-bob").access_token;
    for (const auto& id : {std::string("AAAA"), w.initialize(ada), w.initialize(bob)}) {
        INFO(id);
        const auto answer =
            w.stateless(ada, "tools/call", "plain", R"("name":"plain","arguments":{},)", 1, id);
        CHECK(status_of(answer.reply) == 200);
    }
}

TEST_CASE("a deleted session answers 404, also after the server forgot it",
          "[sessions][plan-101]") {
    world w;
    const auto token = w.login().access_token;
    const auto id = w.initialize(token);
    const auto other = w.initialize(token);
    CHECK(w.get(actors::end_session(token, id))->status == 200);
    CHECK(w.reply(token, ping, id).status == 404);
    CHECK(w.get(actors::end_session(token, id))->status == 404);
    w.advance(2h);
    const auto again = w.login().access_token; // the first access token has expired
    CHECK(w.reply(again, ping, id).status == 404);
    CHECK(w.reply(again, ping, other).status == 404); // of another grant
    CHECK(w.get(actors::end_session(again, "nonsense"))->status == 404);
}

TEST_CASE("an idle session goes to sleep and wakes up with what was negotiated", "[sessions]") {
    world w;
    const auto token = w.login().access_token;
    const auto id = w.initialize(token);
    CHECK(w.get(actors::get_status())->sessions == 1);
    w.advance(32min);
    CHECK(w.get(actors::get_status())->sessions == 0);
    const auto answer = w.reply(token, tool_call(1, "version"), id);
    CHECK(contains(answer.body, "2025-06-18|"));
    CHECK(contains(answer.body, "probe"));
}

TEST_CASE("the session used longest ago makes room for a grant's next one and still works",
          "[sessions][plan-101]") {
    actors::settings s;
    CHECK(s.sessions_per_grant == 32);
    s.sessions_per_grant = 2;
    world w(s);
    const auto token = w.login().access_token;
    const auto first = w.initialize(token);
    w.initialize(token);
    w.initialize(token);
    CHECK(w.get(actors::get_status())->sessions == 2);
    CHECK(w.reply(token, ping, first).status == 200);
}

TEST_CASE("a failed initialize leaves no session behind", "[sessions]") {
    world w;
    const auto token = w.login().access_token;
    const auto answer =
        w.reply(token, R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{}})");
    CHECK(answer.session_id.empty());
    CHECK(w.get(actors::get_status())->sessions == 0);
}

TEST_CASE("a second initialize in the same session is refused", "[sessions]") {
    world w;
    const auto token = w.login().access_token;
    const auto id = w.initialize(token);
    const auto answer = w.reply(token, initialize_body, id);
    CHECK(answer.status == 400);
    CHECK(answer.session_id.empty());
}

TEST_CASE("the answers of a batch come back as one array", "[sessions]") {
    world w;
    const auto token = w.login().access_token;
    mcp::classified batch;
    batch.batch = true;
    for (const char* id : {"1", "", "\"b\""}) {
        mcp::incoming m;
        m.what = *id ? mcp::incoming::kind::request : mcp::incoming::kind::notification;
        m.id = id;
        m.method = *id ? "ping" : "notifications/initialized";
        batch.messages.push_back(m);
    }
    const auto answer = w.get(actors::mcp_call(token, "", batch, "2025-03-26"));
    CHECK(answer->status == 200);
    CHECK(answer->body == R"([{"jsonrpc":"2.0","id":1,"result":{}},)"
                          R"({"jsonrpc":"2.0","id":"b","result":{}}])");
}

TEST_CASE("calls of one session run beside each other", "[sessions]") {
    world w;
    const auto token = w.login().access_token;
    const auto slow = w.post(token, tool_call(1, "fetch"));
    CHECK_FALSE(slow->has_value());
    CHECK(w.reply(token, tool_call(2, "plain")).status == 200);
    w.twenty.answer(0, json_response("{\"data\":1}"));
    w.executor.run();
    REQUIRE(slow->has_value());
    CHECK(contains((*slow)->value().body, "data"));
}

TEST_CASE("a session refuses calls beyond its queue and runs the others in turn", "[sessions]") {
    actors::settings s;
    s.calls_per_session = 2;
    s.queue_per_session = 1;
    world w(s);
    const auto token = w.login().access_token;
    const auto first = w.post(token, tool_call(1, "fetch"));
    const auto second = w.post(token, tool_call(2, "fetch"));
    const auto third = w.post(token, tool_call(3, "fetch"));
    const auto fourth = w.post(token, tool_call(4, "fetch"));
    REQUIRE(fourth->has_value());
    // A tool result, which the model can act on, with the caller's id.
    CHECK(contains((*fourth)->value().body, "\"isError\":true"));
    CHECK(contains((*fourth)->value().body, "\"id\":4"));
    CHECK(w.twenty.all.size() == 2);
    w.twenty.answer(0, json_response("{}"));
    w.executor.run();
    CHECK(first->has_value());
    CHECK(w.twenty.all.size() == 3);
    w.twenty.answer(1, json_response("{}"));
    w.twenty.answer(2, json_response("{}"));
    w.executor.run();
    CHECK(second->has_value());
    CHECK(third->has_value());
}

TEST_CASE("a call that its tool's schema refuses waits for nobody and holds nothing",
          "[sessions]") {
    actors::settings s;
    s.calls_per_session = 1;
    s.queue_per_session = 1;
    world w(s);
    const auto token = w.login().access_token;
    const auto strict = [](int id, const std::string& arguments) {
        return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
               R"(,"method":"tools/call","params":{"name":"strict","arguments":)" + arguments +
               "}}";
    };
    const auto runs = w.post(token, strict(1, "{}"));
    const auto waits = w.post(token, strict(2, R"({"limit":"7"})")); // a number as text is right
    CHECK_FALSE(waits->has_value());
    for (const auto& [wrong, said] :
         {std::pair(strict(3, R"({"size":1})"), "Unknown argument"),
          std::pair(strict(4, R"({"limit":"x"})"), "must be an integer"),
          std::pair(strict(5, "[1]"), "must be an object"),
          std::pair(tool_call(6, "unheardOf"), "Unknown tool")}) {
        const auto answer = w.post(token, wrong);
        INFO(wrong);
        REQUIRE(answer->has_value());
        CHECK(contains((*answer)->value().body, said));
    }
    // One right call in a batch makes all of it wait.
    const auto mixed =
        w.post(token, "[" + strict(7, "{}") + "," + strict(8, R"({"size":1})") + "]");
    REQUIRE(mixed->has_value());
    CHECK(contains((*mixed)->value().body, "Too many calls"));
    CHECK(w.twenty.all.size() == 1);
    w.twenty.answer(0, json_response("{}"));
    w.executor.run();
    CHECK(runs->has_value());
    CHECK(w.twenty.all.size() == 2);
}

TEST_CASE("large calls that wait have a bound in all sessions, usual ones go on", "[sessions]") {
    actors::settings s;
    s.held = {200'000, 300'000, 400'000, 4'000, 500};
    world w(s);
    const auto large = [](int id) {
        return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
               R"(,"method":"tools/call","params":{"name":"fetch","arguments":{"x":")" +
               std::string(60'000, 'x') + R"("}}})";
    };
    const auto one = w.login().access_token;
    const auto again = w.login().access_token; // another grant of the same API key
    const auto other = w.login(twenty::mode::write, "key-of-bob").access_token;
    const auto third = w.login(twenty::mode::write, "key-of-eve").access_token;
    const auto first = w.post(one, large(1));
    CHECK_FALSE(first->has_value());
    CHECK(w.post(again, large(7))->has_value());
    const auto second = w.post(one, large(2)); // the key has its part
    REQUIRE(second->has_value());
    CHECK(contains((*second)->value().body, "\"isError\":true"));
    CHECK(contains((*second)->value().body, "\"id\":2"));
    CHECK_FALSE(w.post(other, large(3))->has_value());
    CHECK(w.post(third, large(4))->has_value()); // no room in all
    const auto usual = w.post(third, tool_call(5, "fetch"));
    CHECK_FALSE(usual->has_value());
    REQUIRE(w.twenty.all.size() == 3);
    for (std::size_t i = 0; i < 3; ++i)
        w.twenty.answer(i, json_response("{}"));
    w.executor.run();
    CHECK(first->has_value());
    CHECK(usual->has_value());
    CHECK_FALSE(w.post(third, large(6))->has_value()); // what was held is given back
}

TEST_CASE("large answers of Twenty have a bound in all sessions, for as long as their calls last",
          "[sessions]") {
    actors::settings s;
    s.held_answers = {100'000, 150'000, 150'000, 4'000, 4'000};
    world w(s);
    const auto large = json_response("{\"x\":\"" + std::string(60'000, 'x') + "\"}");
    const auto small = json_response("{\"x\":1}");
    const auto one = w.login().access_token;
    const auto other = w.login(twenty::mode::write, "key-of-bob").access_token;
    const auto third = w.login(twenty::mode::write, "key-of-eve").access_token;
    const auto reply_to_newest = [&](const result<twenty::response>& answer) {
        w.twenty.answer(w.twenty.all.size() - 1, answer);
        w.executor.run();
    };
    const auto too_large = [](const auto& reply) {
        REQUIRE(reply->has_value());
        return contains((*reply)->value().body, "too_large");
    };
    const auto first = w.post(one, tool_call(1, "fetch_twice"));
    reply_to_newest(large);
    const auto second = w.post(one, tool_call(2, "fetch")); // the key has its part
    reply_to_newest(large);
    CHECK(too_large(second)); // and not busy: it may have been done
    const auto usual = w.post(one, tool_call(3, "fetch"));
    reply_to_newest(small);
    CHECK_FALSE(too_large(usual));
    const auto others = w.post(other, tool_call(4, "fetch_twice"));
    reply_to_newest(large);
    CHECK_FALSE(others->has_value());
    const auto full = w.post(third, tool_call(5, "fetch"));
    reply_to_newest(large);
    CHECK(too_large(full)); // no room in all
    CHECK_FALSE(first->has_value());
    for (std::size_t i = 0; i < w.twenty.all.size(); ++i)
        if (w.twenty.all[i].done) w.twenty.answer(i, small);
    w.executor.run();
    CHECK_FALSE(too_large(first));
    CHECK_FALSE(too_large(others));
    const auto after = w.post(third, tool_call(6, "fetch"));
    reply_to_newest(large);
    CHECK_FALSE(too_large(after)); // what was held is given back
}

TEST_CASE("a tool call ends within its budget when Twenty stays silent", "[sessions]") {
    world w;
    w.twenty.automatic = [](const fake_transport::sent& s) {
        CHECK(s.deadline <= 30s);
        return std::optional<result<twenty::response>>();
    };
    const auto token = w.login().access_token;
    const auto slow = w.post(token, tool_call(1, "fetch"));
    w.advance(20s);
    w.twenty.answer(0, error(errc::upstream_timeout, "slow"));
    w.executor.run();
    w.advance(1s); // the pool repeats a safe request with what is left
    REQUIRE(w.twenty.all.size() == 2);
    CHECK(w.twenty.all[1].deadline <= 25s);
    w.advance(24s);
    w.twenty.answer(1, error(errc::upstream_timeout, "slow"));
    w.executor.run();
    REQUIRE(slow->has_value());
    CHECK(contains((*slow)->value().body, "upstream_timeout"));
}

TEST_CASE("a cancelled request is dropped at Twenty and answered with nothing", "[sessions]") {
    world w;
    const auto token = w.login().access_token;
    const auto id = w.initialize(token);
    const auto slow = w.post(token, tool_call(31, "fetch"), id);
    const std::string cancel =
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":31}})";
    // Other clients of the grant's own session may use the same request id.
    CHECK(w.reply(token, cancel).status == 202);
    CHECK_FALSE(slow->has_value());
    CHECK(w.reply(token, cancel, id).status == 202);
    REQUIRE(slow->has_value());
    CHECK((*slow)->value().status == 202);
    CHECK((*slow)->value().body.empty());
    CHECK(w.twenty.all[0].cancelled);
}

TEST_CASE("a tool that throws costs one answer and not the session", "[sessions]") {
    world w;
    const auto token = w.login().access_token;
    const auto id = w.initialize(token);
    CHECK(contains(w.reply(token, tool_call(1, "broken"), id).body, "-32603"));
    CHECK(w.reply(token, ping, id).status == 200);
}

TEST_CASE("tools get the schema and the primer", "[sessions]") {
    world w;
    w.twenty.automatic = metadata_answer;
    const auto token = w.login().access_token;
    CHECK(contains(w.reply(token, tool_call(1, "model")).body, "Acme"));
    REQUIRE(w.get(actors::write_upload(stored::the_primer, "Ours is called **Acme**.")).ok());
    CHECK(contains(w.reply(token, tool_call(2, "context")).body, "Ours is called"));
    REQUIRE(w.get(actors::clear_upload(stored::the_primer)).ok());
    CHECK_FALSE(contains(w.reply(token, tool_call(3, "context")).body, "Ours is called"));
}

TEST_CASE("when a revocation is acknowledged nothing of the grant runs any more", "[sessions]") {
    world w;
    const auto pair = w.login();
    const auto id = w.initialize(pair.access_token);
    const auto in_session = w.post(pair.access_token, tool_call(1, "fetch"), id);
    const auto in_own = w.post(pair.access_token, tool_call(2, "fetch"));
    CHECK(w.twenty.open() == 2);
    oauth::token_revocation revocation;
    revocation.client_id = "client";
    revocation.token = *pair.refresh_token;
    const auto revoked = w.ask(actors::revoke_token(revocation));
    REQUIRE(revoked->has_value());
    CHECK((*revoked)->ok());
    CHECK(w.twenty.open() == 0);
    for (const auto& slow : {in_session, in_own}) {
        REQUIRE(slow->has_value());
        CHECK((*slow)->value().status == 401);
    }
    CHECK(w.reply(pair.access_token, ping, id).status == 401);
    CHECK(w.get(actors::get_status())->sessions == 0);
}

TEST_CASE("a revocation is acknowledged when nothing of the grant runs any more, not before",
          "[sessions]") {
    world w;
    const auto pair = w.login();
    const auto slow = w.post(pair.access_token, tool_call(1, "fetch"));
    REQUIRE(w.twenty.open() == 1);
    oauth::token_revocation revocation;
    revocation.client_id = "client";
    revocation.token = *pair.refresh_token;
    const auto open_then = std::make_shared<std::optional<std::size_t>>();
    auto& parts = *w.system->parts();
    parts.actors.spawn<caf::hidden>([&](caf::event_based_actor* self) {
        actors::ask(self, actors::handle<actors::revoke_token::home>(parts.supervisor.untyped()),
                    actors::revoke_token(revocation),
                    [open_then, &w](const result<actors::revoke_token::reply>&) {
                        open_then->emplace(w.twenty.open());
                    });
    });
    w.executor.run();
    CHECK(*open_then == 0U);
}

TEST_CASE("a call that runs in a session on its way out does not survive a revocation",
          "[sessions]") {
    actors::settings s;
    s.sessions_per_grant = 1;
    world w(s);
    const auto pair = w.login();
    const auto first = w.initialize(pair.access_token);
    const auto slow = w.post(pair.access_token, tool_call(1, "fetch"), first);
    w.initialize(pair.access_token); // puts the first one out
    CHECK_FALSE(slow->has_value());
    oauth::token_revocation revocation;
    revocation.client_id = "client";
    revocation.token = *pair.refresh_token;
    REQUIRE(w.get(actors::revoke_token(revocation)).ok());
    REQUIRE(slow->has_value());
    CHECK((*slow)->value().status == 401);
    CHECK(w.twenty.open() == 0);
}

TEST_CASE("a revoked access token stops at once although it was in use", "[sessions]") {
    world w;
    const auto pair = w.login();
    CHECK(w.reply(pair.access_token, ping).status == 200);
    oauth::token_revocation revocation;
    revocation.client_id = "client";
    revocation.token = pair.access_token;
    REQUIRE(w.get(actors::revoke_token(revocation)).ok());
    CHECK(w.reply(pair.access_token, ping).status == 401);
}

TEST_CASE("an access token stops working when it expires, trusted or not", "[sessions][plan-97]") {
    world w;
    const auto pair = w.login();
    w.advance(pair.expires_in - 10s);
    CHECK(w.reply(pair.access_token, ping).status == 200);
    w.advance(11s);
    CHECK(w.reply(pair.access_token, ping).status == 401);
}

TEST_CASE("a reused refresh token ends the grant's sessions", "[sessions]") {
    world w;
    const auto pair = w.login();
    const auto slow = w.post(pair.access_token, tool_call(1, "fetch"));
    oauth::refresh_exchange exchange;
    exchange.client_id = "client";
    exchange.refresh_token = *pair.refresh_token;
    auto next = w.get(actors::refresh_token(exchange));
    REQUIRE(next.ok());
    exchange.refresh_token = *next->refresh_token;
    REQUIRE(w.get(actors::refresh_token(exchange)).ok());
    w.advance(10min);
    exchange.refresh_token = *pair.refresh_token;
    CHECK_FALSE(w.get(actors::refresh_token(exchange)).ok());
    REQUIRE(slow->has_value());
    CHECK((*slow)->value().status == 401);
}

TEST_CASE("an API key that Twenty goes on refusing ends the grant with the next request",
          "[sessions]") {
    world w;
    w.twenty.automatic = [](const fake_transport::sent&) {
        return std::optional<result<twenty::response>>(json_response(
            R"({"errors":[{"message":"Token invalid.","extensions":{"code":"UNAUTHENTICATED"}}]})"));
    };
    const auto token = w.login().access_token;
    CHECK(w.reply(token, tool_call(1, "fetch")).status == 200);
    CHECK(w.reply(token, tool_call(2, "plain")).status == 200);
    w.advance(5s);
    CHECK(w.reply(token, tool_call(3, "fetch")).status == 200);
    CHECK(w.reply(token, tool_call(4, "plain")).status == 401);
}

// twenty-golden graphql/revoked, graphql/expired: HTTP 200 with these bodies.
TEST_CASE("a key that Twenty calls revoked or expired ends the grant with the next request",
          "[sessions]") {
    for (const char* said :
         {R"({"errors":[{"message":"This API Key is revoked","extensions":{"subCode":)"
          R"("FORBIDDEN_EXCEPTION","code":"FORBIDDEN"}}]})",
          R"({"errors":[{"message":"Token has expired.","extensions":{"subCode":)"
          R"("UNAUTHENTICATED","code":"UNAUTHENTICATED"}}]})"}) {
        world w;
        w.twenty.automatic = [&](const fake_transport::sent&) {
            return std::optional<result<twenty::response>>(json_response(said));
        };
        const auto token = w.login().access_token;
        CHECK(w.reply(token, tool_call(1, "fetch")).status == 200);
        CHECK(w.reply(token, tool_call(2, "plain")).status == 401);
    }
}

TEST_CASE("a grant ends with its API key's own date, though Twenty is not asked", "[sessions]") {
    world w;
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(w.wall.time_since_epoch()).count();
    const auto token =
        w.login(twenty::mode::write, "key-of-ada", workspace_id, seconds + 60).access_token;
    CHECK(w.reply(token, tool_call(1, "plain")).status == 200);
    w.advance(59s);
    CHECK(w.reply(token, tool_call(2, "plain")).status == 200);
    w.advance(1s);
    CHECK(w.reply(token, tool_call(3, "plain")).status == 401);
    CHECK(w.twenty.all.empty());
}

TEST_CASE("a record that quotes a refusal ends nothing", "[sessions]") {
    world w;
    w.twenty.automatic = [&](const fake_transport::sent&) {
        return std::optional<result<twenty::response>>(json_response(
            R"({"data":{"note":{"title":"This API Key is revoked FORBIDDEN_EXCEPTION"}}})"));
    };
    const auto token = w.login().access_token;
    CHECK(w.reply(token, tool_call(1, "fetch")).status == 200);
    CHECK(w.reply(token, tool_call(2, "plain")).status == 200);
}

TEST_CASE("calls side by side that Twenty refuses do not end the grant", "[sessions]") {
    world w;
    w.twenty.automatic = [](const fake_transport::sent&) {
        return std::optional<result<twenty::response>>(json_response(
            R"({"errors":[{"message":"Token invalid.","extensions":{"code":"UNAUTHENTICATED"}}]})"));
    };
    const auto token = w.login().access_token;
    for (int i = 0; i < 4; ++i)
        CHECK(w.reply(token, tool_call(i, "fetch")).status == 200);
    w.advance(4s);
    CHECK(w.reply(token, tool_call(5, "fetch")).status == 200);
    CHECK(w.reply(token, tool_call(6, "plain")).status == 200);
}

TEST_CASE("a single refusal of the API key between good answers ends nothing", "[sessions]") {
    world w;
    int n = 0;
    w.twenty.automatic = [&](const fake_transport::sent&) {
        const bool refuse = n++ % 2 == 0;
        return std::optional<result<twenty::response>>(
            refuse ? json_response(R"({"errors":[{"message":"Token invalid.","extensions":)"
                                   R"({"code":"UNAUTHENTICATED"}}]})")
                   : json_response(R"({"data":{}})"));
    };
    const auto token = w.login().access_token;
    for (int i = 0; i < 6; ++i) {
        CHECK(w.reply(token, tool_call(i, "fetch")).status == 200);
        w.advance(4s);
    }
    CHECK(w.reply(token, tool_call(9, "plain")).status == 200);
}

TEST_CASE("stopping answers what is still open", "[sessions]") {
    world w;
    const auto token = w.login().access_token;
    const auto slow = w.post(token, tool_call(1, "fetch"));
    w.system->stop();
    CHECK(w.twenty.open() == 0);
    CHECK(w.system->parts() == nullptr);
    REQUIRE(slow->has_value());
    CHECK((*slow)->failure().code == errc::unavailable);
}
