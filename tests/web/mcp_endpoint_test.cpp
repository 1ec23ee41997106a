#include "tests/web/endpoint_fixture.hpp"

using namespace endpoint_test;

namespace {

http::request post(std::string body = ping, http::headers more = {}) {
    http::headers all{{"authorization", "Bearer twa_token"},
                      {"content-type", "application/json"},
                      {"accept", "application/json, text/event-stream"}};
    for (auto& field : more) {
        std::erase_if(all, [&](const auto& known) { return known.first == field.first; });
        if (!field.second.empty()) all.push_back(field);
    }
    return make("POST", "/mcp", all, std::move(body));
}

actors::mcp_reply reply(int status, std::string body) {
    actors::mcp_reply r;
    r.status = status;
    r.body = std::move(body);
    return r;
}

// What the session actor does with a message that was refused before it.
result<actors::mcp_reply> as_session(const actors::mcp_call& call) {
    if (const auto* refused = std::get_if<mcp::refusal>(&call.message))
        return reply(refused->http_status, mcp::error_body(*refused));
    return reply(200, R"({"jsonrpc":"2.0","id":1,"result":{}})");
}

constexpr std::string_view plain_challenge =
    "Bearer realm=\"twenty-mcp\", "
    "resource_metadata=\"https://crm.example.com/.well-known/oauth-protected-resource/mcp\", "
    "scope=\"twenty:read twenty:write\"";

} // namespace

TEST_CASE("without a token every method of /mcp is 401 with a challenge that carries no error",
          "[mcp_endpoint]") {
    endpoints e;
    for (const auto* method : {"POST", "GET", "DELETE"}) {
        for (const auto* path : {"/mcp", "/mcp?access_token=twa_in_the_query"}) {
            INFO(method << ' ' << path);
            const auto r = e.send(make(method, path));
            CHECK(r.status == 401);
            CHECK(header(r, "WWW-Authenticate") == plain_challenge);
            CHECK(header(r, "Content-Type") == "application/json");
            CHECK(body_of(r).is_object());
        }
    }
    const auto basic = e.send(make("POST", "/mcp", {{"authorization", "Basic eDp5"}}));
    CHECK(basic.status == 401);
    CHECK(header(basic, "WWW-Authenticate") == plain_challenge);
    CHECK(e.actors.calls == 0);
}

TEST_CASE("a malformed token is 401 invalid_token without asking anybody", "[mcp_endpoint]") {
    endpoints e;
    for (const auto& bad :
         {std::string("Bearer"), std::string("Bearer "), std::string("Bearer a b"),
          std::string("Bearer \"x\""), "Bearer " + std::string(10'000, 'a')}) {
        const auto r = e.send(post(ping, {{"authorization", bad}}));
        CHECK(r.status == 401);
        CHECK(contains(header(r, "WWW-Authenticate"), "error=\"invalid_token\""));
    }
    CHECK(e.actors.calls == 0);
}

TEST_CASE("a challenge at /mcp/ names the document of the address that was typed",
          "[mcp_endpoint]") {
    endpoints e;
    for (const auto* method : {"POST", "GET", "DELETE"}) {
        const auto slash = e.send(make(method, "/mcp/"));
        CHECK(slash.status == 401);
        CHECK(contains(header(slash, "WWW-Authenticate"), "oauth-protected-resource/mcp/\""));
    }
}

TEST_CASE("no body is parsed for a request without a token", "[mcp_endpoint]") {
    endpoints e;
    // A parser would have something to say about each of these.
    for (const auto* body : {"{", "[[[[", "{\"jsonrpc\":1}", "\xFF"}) {
        const auto absent = e.send(post(body, {{"authorization", ""}}));
        CHECK(absent.status == 401);
        const auto malformed = e.send(post(body, {{"authorization", "Bearer a b"}}));
        CHECK(malformed.status == 401);
        CHECK(contains(header(malformed, "WWW-Authenticate"), "error=\"invalid_token\""));
    }
    CHECK(e.actors.calls == 0);
}

TEST_CASE("what the head alone refuses needs no body, and looks as if it had come later",
          "[mcp_endpoint]") {
    endpoints e;
    const auto check = web::make_head_check(e.s);
    const auto asked = [&](http::request head) {
        if (!head.has("host")) head.headers.emplace_back("host", e.host);
        return check(head);
    };
    struct row {
        http::request head;
        int status; // 0: the body is read
    };
    const row rows[] = {
        {make("POST", "/mcp"), 401},
        {make("POST", "/mcp", {{"authorization", "Bearer a b"}}), 401},
        {make("POST", "/mcp", {{"authorization", "Bearer twa_token"}}), 0},
        {make("POST", "/mcp", {{"origin", "https://evil.example"}}), 403}, // row 100
        {make("POST", "/mcp", {{"host", "evil.example"}}), 421},           // row 10
        {make("POST", "/mcp", {{"authorization", "Bearer a"}, {"authorization", "Bearer b"}}), 400},
        {make("PUT", "/mcp"), 405},
        {make("POST", "/nowhere"), 404},
        {make("POST", "/token"), 0},
        {make("POST", "/register"), 0},
    };
    for (const auto& [head, status] : rows) {
        INFO(head.method << ' ' << head.path << ' ' << status);
        const auto early = asked(head);
        REQUIRE(early.has_value() == (status != 0));
        if (!early) continue;
        CHECK(early->status == status);
        const auto late = e.send(head);
        CHECK(late.status == early->status);
        CHECK(late.body == early->body);
        CHECK(late.headers == early->headers);
    }
}

TEST_CASE("a call that is cut off is answered as JSON-RPC, with its own id", "[mcp_endpoint]") {
    endpoints e;
    std::optional<http::response> late;
    const auto watch = std::make_shared<http::peer_watch>();
    e.actors.on_call = [&](const auto&) {
        late = watch->late(); // as the connection would ask for it now
        return reply(200, "{}");
    };
    const auto cut = [&](std::string body) {
        auto r = post(std::move(body));
        r.watch = watch;
        e.send(std::move(r));
        REQUIRE(late);
        CHECK(late->status == 503);
        CHECK(header(*late, "Content-Type") == "application/json");
        CHECK_FALSE(header(*late, "Retry-After").empty());
        const auto document = body_of(*late);
        CHECK(document.text("jsonrpc") == "2.0");
        CHECK(document.at("error", "code")->as_int() == -32603);
        return json::dump(*document.find("id"));
    };
    CHECK(cut(ping) == "1");
    CHECK(cut(R"({"jsonrpc":"2.0","id":"a\"b","method":"tools/call","params":{}})") == R"("a\"b")");
    CHECK(cut(R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])") == "null");
    CHECK(cut("{") == "null");
}

TEST_CASE("two Authorization headers are 400 invalid_request", "[mcp_endpoint]") {
    endpoints e;
    auto r = post();
    r.headers.emplace_back("authorization", "Bearer twa_second");
    const auto answer = e.send(std::move(r));
    CHECK(answer.status == 400);
    CHECK(contains(header(answer, "WWW-Authenticate"), "error=\"invalid_request\""));
    CHECK(e.actors.calls == 0);
}

TEST_CASE("the scheme's case does not matter, and the token reaches the actors unchanged",
          "[mcp_endpoint]") {
    endpoints e;
    std::vector<std::string> seen;
    e.actors.on_call = [&](const actors::mcp_call& call) {
        seen.emplace_back(call.access_token.reveal());
        return as_session(call);
    };
    for (const auto* scheme : {"Bearer", "bearer", "BEARER"})
        CHECK(e.send(post(ping, {{"authorization", std::string(scheme) + " twa_A-b_9"}})).status ==
              200);
    CHECK(seen == std::vector<std::string>(3, "twa_A-b_9"));
}

TEST_CASE("session id, version and message are handed over, and the reply comes back",
          "[mcp_endpoint]") {
    endpoints e;
    e.actors.on_call = [](const actors::mcp_call& call) -> result<actors::mcp_reply> {
        CHECK(call.session_id == "the-session");
        CHECK(call.protocol_version == "2025-11-25");
        const auto* all = std::get_if<mcp::classified>(&call.message);
        REQUIRE(all);
        CHECK(all->messages.at(0).method == "ping");
        auto out = reply(200, R"({"jsonrpc":"2.0","id":1,"result":{}})");
        out.session_id = "fresh-session";
        out.log.emplace_back("mcp", "tools/call");
        out.log.emplace_back("tool", "find_records");
        return out;
    };
    const auto r = e.send(
        post(ping, {{"mcp-session-id", "the-session"}, {"mcp-protocol-version", "2025-11-25"}}));
    CHECK(r.status == 200);
    CHECK(header(r, "Content-Type") == "application/json");
    CHECK(header(r, "Mcp-Session-Id") == "fresh-session");
    REQUIRE(r.log.size() == 2);
    CHECK(r.log[0].value == "tools/call");
    CHECK(r.log[1].value == "find_records");
}

TEST_CASE("a reply without a body is 202 without a content type", "[mcp_endpoint]") {
    endpoints e;
    e.actors.on_call = [](const auto&) { return reply(202, ""); };
    const auto r = e.send(post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})"));
    CHECK(r.status == 202);
    CHECK(r.body.empty());
    CHECK_FALSE(has_header(r, "Content-Type"));
}

TEST_CASE("a refused message is refused only once the token is good", "[mcp_endpoint]") {
    endpoints e;
    struct row {
        http::request sent;
        int status;
        std::int64_t code;
    };
    const row rows[] = {
        {post(ping, {{"content-type", "text/plain"}}), 415, -32000},
        {post(ping, {{"content-type", ""}}), 415, -32000},
        {post(ping, {{"content-type", "application/json-patch+json"}}), 415, -32000},
        {post("{not json"), 400, -32700},
        {post("[]"), 400, -32600},
        {post(R"({"id":1,"method":"ping"})"), 400, -32600},
        {post(ping, {{"mcp-protocol-version", "1999-01-01"}}), 400, -32000},
        {post(ping, {{"mcp-protocol-version", "2026-07-28"}}), 400, -32602},
        {post(ping, {{"accept", "text/html"}}), 406, -32000},
    };
    for (const auto& [sent, status, code] : rows) {
        INFO(sent.body);
        e.actors.on_call = as_session;
        const auto refused = e.send(sent);
        CHECK(refused.status == status);
        CHECK(body_of(refused).at("error", "code")->as_int() == code);

        e.actors.on_call = [](const auto&) { return error{errc::unauthenticated, "no"}; };
        const auto unknown = e.send(sent);
        CHECK(unknown.status == 401);
        CHECK(contains(header(unknown, "WWW-Authenticate"), "error=\"invalid_token\""));
    }
}

TEST_CASE("parameters of the content type and wildcards in Accept are fine", "[mcp_endpoint]") {
    endpoints e;
    e.actors.on_call = as_session;
    CHECK(e.send(post(ping, {{"content-type", "Application/JSON; charset=utf-8"}})).status == 200);
    for (const auto* accept : {"*/*", "application/json", "text/event-stream", "application/*", ""})
        CHECK(e.send(post(ping, {{"accept", accept}})).status == 200);
}

TEST_CASE("a stateless request is never refused for its Accept", "[mcp_endpoint]") {
    endpoints e;
    e.actors.on_call = as_session;
    const auto* body = R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{
        "io.modelcontextprotocol/protocolVersion":"2026-07-28",
        "io.modelcontextprotocol/clientCapabilities":{}}}})";
    const auto r = e.send(post(body, {{"mcp-protocol-version", "2026-07-28"},
                                      {"mcp-method", "tools/list"},
                                      {"accept", "text/html"}}));
    INFO(r.body);
    CHECK(r.status == 200);
}

TEST_CASE("too little scope is 403 with all scopes that are needed and the JSON-RPC error",
          "[mcp_endpoint]") {
    endpoints e;
    e.actors.on_call = [](const auto&) {
        auto out = reply(403, R"({"jsonrpc":"2.0","id":7,"error":{"code":403,"message":"write"}})");
        out.challenge = errc::scope_missing;
        return out;
    };
    const auto r = e.send(post());
    CHECK(r.status == 403);
    const auto said = header(r, "WWW-Authenticate");
    CHECK(contains(said, "error=\"insufficient_scope\""));
    CHECK(contains(said, "scope=\"twenty:read twenty:write\""));
    CHECK(contains(said, "resource_metadata=\"https://crm.example.com/"));
    CHECK(body_of(r).find("id")->as_int() == 7);
}

TEST_CASE("a 401 of the session gets the same challenge as one of the store", "[mcp_endpoint]") {
    endpoints e;
    e.actors.on_call = [](const auto&) {
        auto out = reply(401, "");
        out.challenge = errc::unauthenticated;
        return out;
    };
    const auto r = e.send(post());
    CHECK(r.status == 401);
    CHECK(contains(header(r, "WWW-Authenticate"), "error=\"invalid_token\""));
}

TEST_CASE("too much work is 503 with Retry-After, as a JSON-RPC error", "[mcp_endpoint]") {
    endpoints e;
    e.actors.on_call = [](const auto&) {
        error busy(errc::busy, "Too many requests are open.", "4096 pending");
        busy.retry_after = std::chrono::milliseconds(1500);
        return busy;
    };
    const auto r = e.send(post());
    CHECK(r.status == 503);
    CHECK(header(r, "Retry-After") == "2");
    CHECK(body_of(r).at("error", "message")->if_string());
    CHECK_FALSE(contains(r.body, "pending"));
}

TEST_CASE("GET hands over the session and the last event, and streams what the actors send",
          "[mcp_endpoint]") {
    endpoints e;
    e.actors.on_stream = [](const actors::open_stream& m) {
        CHECK(m.session_id == "the-session");
        CHECK(m.last_event_id == "tag.1.7");
        actors::mcp_reply begun;
        begun.streaming = true;
        m.out->send("tag.1.8", R"({"jsonrpc":"2.0"})");
        m.out->end();
        return begun;
    };
    const auto r = e.send(make("GET", "/mcp",
                               {{"authorization", "Bearer twa_x"},
                                {"accept", "text/event-stream"},
                                {"mcp-session-id", "the-session"},
                                {"last-event-id", "tag.1.7"}}));
    CHECK(r.status == 200);
    CHECK(header(r, "Content-Type") == "text/event-stream");
    CHECK(header(r, "X-Accel-Buffering") == "no");
    REQUIRE(r.source);
    CHECK(e.read(*r.source) == "event: message\nid: tag.1.8\ndata: {\"jsonrpc\":\"2.0\"}\n\n");
    CHECK(e.read(*r.source).empty());
}

TEST_CASE("GET without Accept of event streams is 406, but says so only to good tokens",
          "[mcp_endpoint]") {
    endpoints e;
    const http::headers all{{"authorization", "Bearer twa_x"}, {"accept", "application/json"}};
    CHECK(e.send(make("GET", "/mcp", all)).status == 406);
    e.actors.token_check = error{errc::unauthenticated, "no"};
    CHECK(e.send(make("GET", "/mcp", all)).status == 401);
}

TEST_CASE("GET and DELETE of an unsupported version are 400, but only to good tokens",
          "[mcp_endpoint]") {
    endpoints e;
    const http::headers all{{"authorization", "Bearer twa_x"},
                            {"accept", "text/event-stream"},
                            {"mcp-protocol-version", "1999-01-01"}};
    CHECK(e.send(make("GET", "/mcp", all)).status == 400);
    CHECK(e.send(make("DELETE", "/mcp", all)).status == 400);
    e.actors.token_check = error{errc::unauthenticated, "no"};
    CHECK(e.send(make("GET", "/mcp", all)).status == 401);
    CHECK(e.send(make("DELETE", "/mcp", all)).status == 401);
}

TEST_CASE("every call has an outlet, which says whether its client takes event streams",
          "[mcp_endpoint]") {
    endpoints e;
    bool takes_events = false;
    e.actors.on_call = [&](const actors::mcp_call& call) {
        REQUIRE(call.out);
        takes_events = call.out->takes_events();
        return as_session(call);
    };
    CHECK(e.send(post()).status == 200);
    CHECK(takes_events);
    CHECK(e.send(post(ping, {{"accept", "application/json"}})).status == 200);
    CHECK_FALSE(takes_events);
}

TEST_CASE("the outlet of a call hears when its client has gone", "[mcp_endpoint]") {
    endpoints e;
    std::vector<actors::outlet::ending> heard;
    e.actors.on_call = [&](const actors::mcp_call& call) {
        call.out->watch([&](actors::outlet::ending why) { heard.push_back(why); });
        return as_session(call);
    };
    auto r = post();
    r.watch = std::make_shared<http::peer_watch>();
    const auto watch = r.watch;
    CHECK(e.send(std::move(r)).status == 200);
    REQUIRE(watch->on_gone);
    watch->on_gone();
    watch->on_gone();
    CHECK(heard == std::vector{actors::outlet::ending::gone});
}

TEST_CASE("DELETE hands the session id over and relays the status", "[mcp_endpoint]") {
    endpoints e;
    e.actors.on_end = [](const actors::end_session& m) {
        return reply(m.session_id == "known" ? 200 : 404, "");
    };
    const http::headers known{{"authorization", "Bearer twa_x"}, {"mcp-session-id", "known"}};
    const http::headers other{{"authorization", "Bearer twa_x"}, {"mcp-session-id", "other"}};
    CHECK(e.send(make("DELETE", "/mcp", known)).status == 200);
    CHECK(e.send(make("DELETE", "/mcp", other)).status == 404);
}

TEST_CASE("an address with many bad tokens has them looked up before its messages are read",
          "[mcp_endpoint]") {
    endpoints e;
    e.actors.on_call = [](const actors::mcp_call&) { return reply(401, ""); };
    e.actors.token_check = error{errc::unauthenticated, "no"};
    const auto send = [&] { return e.send(post(ping, {{"authorization", "Bearer twa_made-up"}})); };
    for (int i = 0; i < 60; ++i)
        CHECK(send().status == 401);
    CHECK(e.actors.calls == 60);
    const auto refused = send();
    CHECK(refused.status == 401);
    CHECK_FALSE(header(refused, "WWW-Authenticate").empty());
    CHECK(e.actors.calls == 60);
    // A good token there is heard as ever, and other addresses know nothing of it.
    e.actors.token_check = done{};
    CHECK(send().status == 401);
    CHECK(e.actors.calls == 61);
    e.actors.token_check = error{errc::unauthenticated, "no"};
    e.peer = "198.51.100.9";
    send();
    CHECK(e.actors.calls == 62);
}

TEST_CASE("a store that cannot answer keeps no address out", "[mcp_endpoint]") {
    endpoints e;
    e.actors.on_call = [](const actors::mcp_call&) { return reply(401, ""); };
    for (int i = 0; i < 61; ++i)
        e.send(post(ping, {{"authorization", "Bearer twa_made-up"}}));
    e.actors.token_check = error{errc::unavailable, "The disk is full."};
    const auto before = e.actors.calls;
    e.send(post(ping, {{"authorization", "Bearer twa_made-up"}}));
    CHECK(e.actors.calls == before + 1);
}
