// The spans that calls and their exchanges with Twenty become.
#include "tests/actors/support.hpp"

using namespace actors_test;

namespace {

const std::string trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string of_client = "00f067aa0ba902b7";

struct told_span {
    tracing::place where;
    tracing::kind what;
    std::string name;
    oauth::time_point begun;
    oauth::time_point ended;
    std::map<std::string, std::string> of; // attributes, and error.type
};

class kept_spans final : public tracing::sink {
  public:
    bool admits() override { return admitted; }
    void add(const tracing::span& s) override {
        told_span kept{s.where, s.what, std::string(s.name), s.begun, s.ended, {}};
        for (const auto& a : s.attributes) {
            const auto* text = std::get_if<std::string_view>(&a.value);
            kept.of[std::string(a.key)] =
                text ? std::string(*text) : std::to_string(std::get<std::int64_t>(a.value));
        }
        if (!s.error.empty()) kept.of["error.type"] = s.error;
        all.push_back(std::move(kept));
    }
    std::vector<told_span> all;
    bool admitted = true;
};

actors::settings with(kept_spans& spans) {
    actors::settings s;
    s.spans = &spans;
    s.upstream_host = "crm.example.com";
    s.upstream_port = 443;
    return s;
}

void answers_all(world& w, std::string body) {
    w.twenty.automatic = [body = std::move(body)](const fake_transport::sent& s) {
        if (auto model = metadata_answer(s)) return model;
        return std::optional<result<twenty::response>>(json_response(body));
    };
}

std::string traced_call(const std::string& tool, const std::string& flags = "01") {
    return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" + tool +
           R"(","_meta":{"traceparent":"00-)" + trace_id + "-" + of_client + "-" + flags +
           R"("}}})";
}

} // namespace

TEST_CASE("a call is a server span below its client's, and each exchange with Twenty a child of it",
          "[spans]") {
    kept_spans spans;
    world w(with(spans));
    const auto token = w.login().access_token;
    const auto call = w.post(token, traced_call("fetch"));
    w.advance(250ms);
    w.twenty.answer(0, json_response("{}"));
    w.executor.run();
    REQUIRE(call->has_value());
    REQUIRE(spans.all.size() == 2);
    const auto& exchange = spans.all[0];
    const auto& served = spans.all[1];

    CHECK(served.what == tracing::kind::server);
    CHECK(served.name == "tools/call fetch");
    CHECK(served.where.own.id == trace_id);
    CHECK(served.where.parent == of_client);
    CHECK(served.where.remote);
    CHECK(served.of.at("mcp.method.name") == "tools/call");
    CHECK(served.of.at("gen_ai.operation.name") == "execute_tool");
    CHECK(served.of.at("gen_ai.tool.name") == "fetch");
    CHECK(served.of.at("twenty_mcp.grant_id") == said_in((*call)->value().log, "grant"));
    CHECK_FALSE(served.of.contains("error.type"));
    CHECK(served.ended == w.wall);
    CHECK(served.ended - served.begun >= 250ms);

    CHECK(exchange.what == tracing::kind::client);
    CHECK(exchange.name == "POST graphql");
    CHECK(exchange.where.own.id == trace_id);
    CHECK(exchange.where.parent == served.where.own.span);
    CHECK_FALSE(exchange.where.remote);
    CHECK(w.twenty.all[0].request.traceparent ==
          "00-" + trace_id + "-" + exchange.where.own.span + "-01");
    CHECK(exchange.of == std::map<std::string, std::string>{{"http.request.method", "POST"},
                                                            {"http.response.status_code", "200"},
                                                            {"server.address", "crm.example.com"},
                                                            {"server.port", "443"},
                                                            {"twenty.api", "graphql"},
                                                            {"twenty_mcp.wait_ms", "0"}});
    CHECK(exchange.ended - exchange.begun == 250ms);
}

TEST_CASE("a call for whose trace the rate has no room has no span, and tells Twenty so",
          "[spans]") {
    kept_spans spans;
    spans.admitted = false;
    world w(with(spans));
    const auto token = w.login().access_token;
    const auto call = w.post(token, traced_call("fetch"));
    w.twenty.answer(0, json_response("{}"));
    w.executor.run();
    REQUIRE(call->has_value());
    CHECK(spans.all.empty());
    const auto& told = w.twenty.all[0].request.traceparent;
    CHECK(told.starts_with("00-" + trace_id + "-"));
    CHECK(told.ends_with("-00"));
}

TEST_CASE("every attempt is a span of its own, and Twenty is told which", "[spans]") {
    kept_spans spans;
    world w(with(spans));
    const auto token = w.login().access_token;
    const auto call = w.post(token, traced_call("fetch"));
    w.twenty.answer(0, error(errc::upstream_down, "Twenty cannot be reached."));
    w.advance(10s);
    REQUIRE(w.twenty.all.size() == 2);
    w.twenty.answer(1, json_response("{}", 503));
    w.advance(30s);
    REQUIRE(spans.all.size() >= 2);
    const auto& first = spans.all[0];
    const auto& second = spans.all[1];
    CHECK(first.of.at("error.type") == "upstream_down");
    CHECK_FALSE(first.of.contains("http.response.status_code"));
    CHECK_FALSE(first.of.contains("http.request.resend_count"));
    CHECK(second.of.at("http.response.status_code") == "503");
    CHECK(second.of.contains("error.type"));
    CHECK(second.of.at("http.request.resend_count") == "1");
    CHECK(std::stoi(second.of.at("twenty_mcp.wait_ms")) > 0);
    CHECK(first.where.own.span != second.where.own.span);
    CHECK(first.where.parent == second.where.parent);
    CHECK(w.twenty.all[1].request.traceparent.substr(36, 16) == second.where.own.span);
}

TEST_CASE("loading the data model belongs to the call that waited for it", "[spans]") {
    kept_spans spans;
    world w(with(spans));
    answers_all(w, "{}");
    w.reply(w.login().access_token, traced_call("model"));
    REQUIRE(spans.all.size() >= 2);
    const auto served = spans.all.back();
    CHECK(served.name == "tools/call model");
    for (std::size_t i = 0; i + 1 < spans.all.size(); ++i) {
        CHECK(spans.all[i].of.at("twenty.api") == "metadata");
        CHECK(spans.all[i].where.parent == served.where.own.span);
    }
}

TEST_CASE("an error is told by its code, of the protocol with the number that the client got",
          "[spans]") {
    kept_spans spans;
    world w(with(spans));
    const auto token = w.login().access_token;
    w.reply(token, R"({"jsonrpc":"2.0","id":1,"method":"made/up"})");
    w.reply(token, tool_call(1, "made-up-tool"));
    w.reply(token, R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{)"
                   R"("name":"strict","arguments":{"limit":"x"}}})");
    REQUIRE(spans.all.size() == 3);
    CHECK(spans.all[0].name == "other");
    CHECK(spans.all[0].of.at("error.type") == "-32601");
    CHECK(spans.all[0].of.at("rpc.response.status_code") == "-32601");
    CHECK(spans.all[1].name == "tools/call");
    CHECK(spans.all[1].of.at("error.type") == "-32602");
    CHECK(spans.all[2].of.at("error.type") == "bad_request");
    CHECK_FALSE(spans.all[2].of.contains("rpc.response.status_code"));
}

TEST_CASE("a call that is cancelled ends its span and that of its exchange", "[spans]") {
    kept_spans spans;
    world w(with(spans));
    const auto token = w.login().access_token;
    const auto session = w.initialize(token);
    CHECK(spans.all.back().of.at("mcp.protocol.version") == "2025-06-18");
    spans.all.clear();
    const auto call = w.post(token, tool_call(5, "fetch"), session);
    w.reply(token, cancel(5), session);
    REQUIRE(spans.all.size() == 2);
    for (const auto& s : spans.all)
        CHECK(s.of.at("error.type") == "cancelled");
    CHECK(spans.all[0].where.own.id == spans.all[1].where.own.id);
    CHECK(spans.all[0].what != spans.all[1].what);
}

TEST_CASE("a message without a trace begins one, which the log names, as often as the ratio says",
          "[spans]") {
    kept_spans spans;
    auto s = with(spans);
    world all(s);
    answers_all(all, "{}");
    const auto log = all.reply(all.login().access_token, tool_call(1, "fetch")).log;
    REQUIRE(spans.all.size() == 2);
    CHECK(spans.all[1].where.own.id == said_in(log, "trace"));
    CHECK(spans.all[1].where.parent.empty());
    spans.all.clear();
    s.trace_ratio = 0;
    world none(s);
    answers_all(none, "{}");
    const auto token = none.login().access_token;
    none.reply(token, tool_call(1, "fetch"));
    CHECK(spans.all.empty());
    CHECK(none.twenty.all.back().request.traceparent.ends_with("-00"));
    none.reply(token, traced_call("fetch")); // the client's word counts
    CHECK(spans.all.size() == 2);
}

TEST_CASE("a client that does not sample its trace has no spans, and Twenty is told so",
          "[spans]") {
    kept_spans spans;
    world w(with(spans));
    answers_all(w, "{}");
    w.reply(w.login().access_token, traced_call("fetch", "00"));
    CHECK(spans.all.empty());
    CHECK(w.twenty.all.back().request.traceparent.ends_with("-00"));
}

TEST_CASE("each message of a batch has a span of its own, in the trace that is its own",
          "[spans]") {
    kept_spans spans;
    world w(with(spans));
    answers_all(w, "{}");
    auto call = w.call(w.login().access_token,
                       "[" + traced_call("fetch") + "," + tool_call(2, "plain") + "]");
    const std::string of_request = "0123456789abcdef0123456789abcdef";
    call.protocol_version = "2025-03-26";
    call.trace = std::make_shared<const trace::context>(
        *trace::parse("00-" + of_request + "-00f067aa0ba902b7-01"));
    (void)w.get(std::move(call));
    std::vector<told_span> served;
    for (const auto& s : spans.all)
        if (s.what == tracing::kind::server) served.push_back(s);
    REQUIRE(served.size() == 2);
    CHECK(served[0].where.own.id == trace_id);
    CHECK(served[1].where.own.id == of_request);
}

TEST_CASE("no key, token, argument, answer or name that a client made up is in a span", "[spans]") {
    kept_spans spans;
    world w(with(spans));
    answers_all(w, R"({"data":{"planted-record":"planted-value"}})");
    const auto token = w.login(twenty::mode::write, "planted-key").access_token;
    const auto session = w.initialize(token);
    w.reply(token,
            R"({"jsonrpc":"2.0","id":"planted-id","method":"tools/call","params":{"name":"fetch",)"
            R"("arguments":{"planted-name":"planted-argument"}}})",
            session);
    w.reply(token, R"({"jsonrpc":"2.0","id":1,"method":"planted/method"})", session);
    w.reply(token, tool_call(1, "planted-tool"), session);
    w.reply(token,
            R"({"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"planted:uri"}})",
            session);
    REQUIRE(spans.all.size() >= 5);
    for (const auto& s : spans.all) {
        std::string all = s.name;
        for (const auto& [key, value] : s.of)
            all += " " + key + "=" + value;
        INFO(all);
        CHECK_FALSE(contains(all, "planted"));
        CHECK_FALSE(contains(all, session));
        CHECK_FALSE(contains(all, token.reveal()));
    }
}
