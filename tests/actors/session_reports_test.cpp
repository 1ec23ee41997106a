// What a session tells of its calls: to the log, to the metrics, to the audit trail.
#include "actors/call_journal.hpp"
#include "metrics/metrics.hpp"
#include "tests/actors/support.hpp"

using namespace actors_test;

namespace {

using metrics::id;

std::vector<stored::call_record> calls(world& w, const stored::call_query& q = {}) {
    (void)w.get(actors::get_status()); // what waits is written down first
    auto found = w.get(actors::read_calls(q));
    REQUIRE(found.ok());
    return std::move(found).value();
}

void answer_at_once(world& w, std::string body) {
    w.twenty.automatic = [body = std::move(body)](const fake_transport::sent&) {
        return std::optional<result<twenty::response>>(json_response(body));
    };
}

} // namespace

TEST_CASE("the log of a call says its tool, its outcome and what Twenty cost",
          "[session_reports]") {
    world w;
    const auto token = w.login().access_token;
    const auto call = w.post(token, tool_call(1, "fetch"));
    w.advance(250ms);
    w.twenty.answer(0, json_response("{}"));
    w.executor.run();
    REQUIRE(call->has_value());
    const auto& log = (*call)->value().log;
    CHECK(said_in(log, "mcp") == "tools/call");
    CHECK(said_in(log, "tool") == "fetch");
    CHECK(said_in(log, "outcome") == "ok");
    CHECK(said_in(log, "twenty_calls") == "1");
    CHECK(said_in(log, "twenty_ms") == "250");
    CHECK(said_in(log, "grant").size() == 36);
    CHECK(said_in(log, "queue_ms").empty());
}

TEST_CASE("an error of a tool, of its arguments and of the protocol are told by their codes",
          "[session_reports]") {
    world w;
    const auto token = w.login().access_token;
    CHECK(said_in(w.reply(token, tool_call(1, "broken")).log, "outcome") == "-32603");
    CHECK(said_in(w.reply(token, tool_call(1, "no such")).log, "outcome") == "-32602");
    CHECK(said_in(w.reply(token, R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{)"
                                 R"("name":"strict","arguments":{"limit":"x"}}})")
                      .log,
                  "outcome") == "bad_request");
    CHECK(said_in(w.reply(token, R"({"jsonrpc":"2.0","id":1,"method":"nonsense"})").log,
                  "outcome") == "-32601");
}

TEST_CASE("no name that a client made up becomes a series of a metric", "[session_reports]") {
    world w;
    const auto token = w.login().access_token;
    const auto before = metrics::value(id::mcp_operation, {"other", "", "-32601"});
    w.reply(token, R"({"jsonrpc":"2.0","id":1,"method":"made/up"})");
    w.reply(token, tool_call(1, "made-up-tool"));
    CHECK(metrics::value(id::mcp_operation, {"other", "", "-32601"}) == before + 1);
    CHECK_FALSE(contains(metrics::text(), "made/up"));
    CHECK_FALSE(contains(metrics::text(), "made-up"));
}

TEST_CASE("each call of a tool is written down with who made it", "[session_reports]") {
    world w;
    const auto token = w.login().access_token;
    answer_at_once(w, "{}");
    for (int i = 0; i < 3; ++i)
        w.reply(token, tool_call(i, "fetch"));
    w.reply(token, tool_call(4, "no such"));
    w.reply(token, ping);
    const auto all = calls(w);
    REQUIRE(all.size() == 3);
    CHECK(all[0].tool == "fetch");
    CHECK(all[0].outcome == "ok");
    CHECK(all[0].grant_id.size() == 36);
    CHECK(all[0].bytes > 0);
    CHECK(all[0].at == w.wall);
}

TEST_CASE("calls that only read are written down together, within two seconds",
          "[session_reports]") {
    world w;
    const auto token = w.login().access_token;
    answer_at_once(w, "{}");
    w.reply(token, tool_call(1, "fetch"));
    const auto now = [&] { return w.get(actors::read_calls({}))->size(); };
    CHECK(now() == 0);
    w.advance(2s);
    CHECK(now() == 1);
    for (std::size_t i = 0; i < actors::call_journal::most_waiting; ++i)
        w.reply(token, tool_call(1, "fetch"));
    CHECK(now() == 1 + actors::call_journal::most_waiting);
}

TEST_CASE("a call that its client takes back is told as cancelled", "[session_reports]") {
    world w;
    const auto token = w.login().access_token;
    const auto session = w.initialize(token);
    const auto call = w.post(token, tool_call(5, "fetch"), session);
    w.reply(token, cancel(5), session);
    REQUIRE(call->has_value());
    CHECK(said_in((*call)->value().log, "outcome") == "cancelled");
    CHECK(said_in((*call)->value().log, "tool") == "fetch");
    CHECK(calls(w).front().outcome == "cancelled");
}

TEST_CASE("a call that is cut off with its connection is told, too", "[session_reports]") {
    world w;
    const auto pair = w.login();
    const auto call = w.post(pair.access_token, tool_call(5, "fetch"));
    (void)w.get(actors::revoke_token({"client", *pair.refresh_token}));
    REQUIRE(call->has_value());
    CHECK(said_in((*call)->value().log, "outcome") == "unauthenticated");
    CHECK(calls(w).front().outcome == "unauthenticated");
}

TEST_CASE("the log of a stream gets its call's end from the stream", "[session_reports]") {
    world w;
    const auto token = w.login().access_token;
    const auto session = w.initialize(token);
    auto talk = w.converse(token, tool_call(1, "chatty"), session);
    REQUIRE(talk.streams());
    CHECK(said_in((*talk.reply)->value().log, "tool") == "chatty");
    CHECK(said_in((*talk.reply)->value().log, "outcome").empty());
    w.twenty.answer(0, json_response("{}"));
    w.executor.run();
    CHECK(said_in(talk.out->noted, "outcome") == "ok");
    CHECK(said_in(talk.out->noted, "twenty_calls") == "1");
}

TEST_CASE("time in the queue and slow calls are counted", "[session_reports]") {
    actors::settings s;
    s.calls_per_session = 1;
    s.slow_call = 2s;
    world w(s);
    const auto token = w.login().access_token;
    const auto slow = metrics::value(id::slow_calls, {"fetch"});
    const auto first = w.post(token, tool_call(1, "fetch"));
    const auto second = w.post(token, tool_call(2, "fetch"));
    w.advance(3s);
    w.twenty.answer(0, json_response("{}"));
    w.executor.run();
    w.twenty.answer(1, json_response("{}"));
    w.executor.run();
    REQUIRE(second->has_value());
    CHECK(said_in((*second)->value().log, "queue_ms") == "3000");
    CHECK(metrics::value(id::slow_calls, {"fetch"}) == slow + 2);
}

TEST_CASE("a trace goes from the request, or from its message, on to Twenty", "[session_reports]") {
    const std::string of_header = "0123456789abcdef0123456789abcdef";
    const std::string of_message = "4bf92f3577b34da6a3ce929d0e0e4736";
    world w;
    const auto token = w.login().access_token;
    answer_at_once(w, "{}");
    const auto sent = [&] { return w.twenty.all.back().request.traceparent; };
    auto call = w.call(token, tool_call(1, "fetch"));
    call.trace = std::make_shared<const trace::context>(
        *trace::parse("00-" + of_header + "-00f067aa0ba902b7-01"));
    const auto of_request = call.trace;
    const auto reply = w.get(std::move(call));
    CHECK(said_in(reply->log, "trace") == of_header);
    CHECK(sent().substr(3, 32) == of_header);
    CHECK(sent().substr(36, 16) != "00f067aa0ba902b7");

    auto own = w.call(token, R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{)"
                             R"("name":"fetch","_meta":{"traceparent":"00-)" +
                                 of_message + R"(-00f067aa0ba902b7-00"}}})");
    own.trace = of_request;
    CHECK(said_in(w.get(std::move(own))->log, "trace") == of_message);
    CHECK(sent().substr(3, 32) == of_message);

    w.reply(token, tool_call(1, "fetch"));
    CHECK(sent().empty());
}

TEST_CASE("what waits for Twenty, is on its way and was repeated is counted", "[session_reports]") {
    world w;
    const auto token = w.login().access_token;
    const auto lost = metrics::value(id::twenty_request, {"graphql", "", "upstream_down"});
    const auto repeats = metrics::value(id::twenty_repeats, {"upstream_down"});
    const auto call = w.post(token, tool_call(1, "fetch"));
    CHECK(contains(metrics::text(), "\ntwenty_mcp_twenty_in_flight 1\n"));
    CHECK(contains(metrics::text(), "\ntwenty_mcp_calls 1\n"));
    w.twenty.answer(0, error(errc::upstream_down, "Twenty cannot be reached."));
    w.executor.run();
    CHECK(metrics::value(id::twenty_request, {"graphql", "", "upstream_down"}) == lost + 1);
    CHECK(metrics::value(id::twenty_repeats, {"upstream_down"}) >= repeats);
    CHECK(contains(metrics::text(), "\ntwenty_mcp_twenty_reachable 0\n"));
    CHECK(w.get(actors::get_status())->twenty == false);
    answer_at_once(w, R"({"data":{"__typename":"Query"}})");
    CHECK(w.get(actors::probe_twenty()).ok());
    CHECK(contains(metrics::text(), "\ntwenty_mcp_twenty_reachable 1\n"));
    CHECK(w.get(actors::get_status())->twenty == true);
}

TEST_CASE("while Twenty is away and nobody calls, it is asked again each minute",
          "[session_reports]") {
    world w;
    w.twenty.automatic = [](const fake_transport::sent&) {
        return std::optional<result<twenty::response>>(
            error(errc::upstream_down, "Twenty cannot be reached."));
    };
    const auto probed = w.ask(actors::probe_twenty());
    w.advance(20s); // it is repeated a few times
    REQUIRE(probed->has_value());
    CHECK_FALSE((*probed)->ok());
    const auto asked = w.twenty.all.size();
    answer_at_once(w, R"({"data":{"__typename":"Query"}})");
    w.advance(61s);
    CHECK(w.twenty.all.size() == asked + 1);
    CHECK(w.twenty.all.back().api_key.empty());
    CHECK(w.get(actors::get_status())->twenty == true);
    w.advance(180s);
    CHECK(w.twenty.all.size() == asked + 1);
}
