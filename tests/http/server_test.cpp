#include "http/server.hpp"

#include "base/log.hpp"
#include "http/respond.hpp"
#include "metrics/metrics.hpp"
#include "tests/http/running_server.hpp"
#include "tests/support/heard.hpp"

#include <fcntl.h>
#include <vector>

using namespace testing;

// row 111
TEST_CASE(
    "a malformed or ambiguous request is refused, closes the connection and hides no second one",
    "[server][plan-111]") {
    running s;
    struct row {
        std::string name;
        std::string bytes;
        std::string status;
    };
    const std::string smuggled = "GET /admin/primer HTTP/1.1\r\nHost: h\r\n\r\n";
    const auto with = [&](const std::string& fields) {
        return "POST /x HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + smuggled;
    };
    std::string many;
    for (int i = 0; i < 101; ++i)
        many += "a: b\r\n";
    const std::vector<row> rows = {
        {"unknown coding", with("Transfer-Encoding: xchunked\r\n"), "501"},
        {"identity", with("Transfer-Encoding: identity\r\n"), "501"},
        {"chunked, identity", with("Transfer-Encoding: chunked, identity\r\n"), "501"},
        {"gzip, chunked", with("Transfer-Encoding: gzip, chunked\r\n"), "501"},
        {"two codings", with("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n"),
         "400"},
        {"empty coding", with("Transfer-Encoding: \r\n"), "501"},
        {"coding and length", with("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"), "400"},
        {"length and coding", with("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"), "400"},
        {"two lengths", with("Content-Length: 4\r\nContent-Length: 5\r\n"), "400"},
        {"signed length", with("Content-Length: +4\r\n"), "400"},
        {"coding on 1.0",
         "POST /x HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled,
         "400"},
        {"no host", "GET /x HTTP/1.1\r\n\r\n" + smuggled, "400"},
        {"two hosts", "GET /x HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n" + smuggled, "400"},
        {"host with a path", "GET /x HTTP/1.1\r\nHost: h/evil\r\n\r\n" + smuggled, "400"},
        {"two origins", with("Origin: a\r\norigin: b\r\n"), "400"},
        {"two sessions", with("Mcp-Session-Id: a\r\nMcp-Session-Id: b\r\n"), "400"},
        {"two methods", with("Mcp-Method: ping\r\nMcp-Method: tools/call\r\n"), "400"},
        {"two names", with("Mcp-Name: a\r\nMcp-Name: b\r\n"), "400"},
        {"two content types", with("Content-Type: a/b\r\nContent-Type: c/d\r\n"), "400"},
        {"announced trailer", with("Trailer: X-A\r\n"), "400"},
        {"absolute form of another scheme", "GET ftp://h/x HTTP/1.1\r\nHost: h\r\n\r\n" + smuggled,
         "400"},
        {"absolute form without a host", "GET http:///x HTTP/1.1\r\nHost: h\r\n\r\n" + smuggled,
         "400"},
        {"absolute form with a user", "GET http://u@h/x HTTP/1.1\r\nHost: h\r\n\r\n" + smuggled,
         "400"},
        {"absolute form, two slashes", "GET http://h//x HTTP/1.1\r\nHost: h\r\n\r\n" + smuggled,
         "400"},
        {"absolute form, no Host header", "GET http://h/x HTTP/1.1\r\n\r\n" + smuggled, "400"},
        {"star", "GET * HTTP/1.1\r\nHost: h\r\n\r\n" + smuggled, "400"},
        {"authority form", "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n" + smuggled, "501"},
        {"8-bit target", get("/\xC3\xA9") + smuggled, "400"},
        {"fragment", get("/a#b") + smuggled, "400"},
        {"escaped slash", get("/a%2fb") + smuggled, "400"},
        {"escaped backslash", get("/a%5Cb") + smuggled, "400"},
        {"escaped NUL", get("/a%00") + smuggled, "400"},
        {"escaped dots", get("/%2e%2E/x") + smuggled, "400"},
        {"bad escape", get("/a%zz") + smuggled, "400"},
        {"short escape", get("/a%4") + smuggled, "400"},
        {"two slashes", get("//evil") + smuggled, "400"},
        {"dot segment", get("/a/./b") + smuggled, "400"},
        {"dot dot at the end", get("/a/..") + smuggled, "400"},
        {"backslash", get("/a\\b") + smuggled, "400"},
        {"101 headers", get("/x", many) + smuggled, "431"},
        {"header too large", get("/x", "a: " + std::string(20000, 'b') + "\r\n"), "431"},
        {"target too long", get("/" + std::string(9000, 'a')) + smuggled, "414"},
        {"other expectation", with("Expect: a-miracle\r\n"), "417"},
        {"blank before colon", with("Host : h\r\n"), "400"},
        {"bare LF", "GET /x HTTP/1.1\nHost: h\n\n" + smuggled, "400"},
        {"HTTP/2.0", "GET /x HTTP/2.0\r\nHost: h\r\n\r\n" + smuggled, "400"},
        {"no HTTP", "\x16\x03\x01\x02 hello TLS\r\n\r\n" + smuggled, "400"},
        {"bare CR", "GET /x HTTP/1.1\rHost: h\r\r" + smuggled, "400"},
        {"bare CR in a value", get("/x", "X-A: a\rB: c\r\n") + smuggled, "400"},
        {"NUL in a value", get("/x", std::string("X-A: a\0b\r\n", 10)) + smuggled, "400"},
        {"control in the target", get("/a\x01") + smuggled, "400"},
        {"two blanks in the first line", "GET  /x HTTP/1.1\r\nHost: h\r\n\r\n" + smuggled, "400"},
        {"unknown version", "GET /x HTTP/1.2\r\nHost: h\r\n\r\n" + smuggled, "400"},
        {"HTTP/0.9", "GET /x\r\n\r\n" + smuggled, "400"},
        {"empty line first", "\r\n" + get("/x") + smuggled, "400"},
        {"negative length", with("Content-Length: -1\r\n"), "400"},
        {"hexadecimal length", with("Content-Length: 0x4\r\n"), "400"},
        {"length beyond 64 bit", with("Content-Length: 18446744073709551616\r\n"), "400"},
        {"two lengths in one field", with("Content-Length: 4, 5\r\n"), "400"},
        {"two expectations", with("Expect: 100-continue\r\nExpect: 100-continue\r\n"), "400"},
        {"two events", with("Last-Event-ID: a\r\nLast-Event-ID: b\r\n"), "400"},
        {"two versions", with("MCP-Protocol-Version: a\r\nMCP-Protocol-Version: b\r\n"), "400"},
        {"a body in a GET", get("/x", "Content-Length: 49\r\n") + smuggled, "400"},
        {"chunks in a GET", get("/x", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n" + smuggled,
         "400"},
        {"a packed body", with("Content-Encoding: gzip\r\nContent-Length: 4\r\n"), "415"},
        {"packed twice", with("Content-Encoding: identity\r\nContent-Encoding: br\r\n"), "400"},
        {"TRACE", "TRACE /x HTTP/1.1\r\nHost: h\r\n\r\n" + smuggled, "501"},
        {"endless chunk extension",
         "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
             std::string(100'000, 'e'),
         "431"},
        {"endless trailer",
         "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: " +
             std::string(100'000, 'e'),
         "431"},
        {"bad chunk size",
         "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n" + smuggled,
         "400"},
    };
    for (const auto& r : rows) {
        INFO(r.name);
        raw_socket c(s.port);
        c.send(r.bytes);
        c.finish();
        const auto all = c.rest();
        CHECK(status_of(all) == r.status);
        CHECK(has(all, "Connection: close\r\n"));
        CHECK(has(all, "Content-Type: application/json"));
        CHECK(has(all, "{\"error\":\""));
        CHECK(all.find("HTTP/1.1 ", 1) == std::string::npos);
    }
    CHECK(s.handled == 0);
}

// row 112
TEST_CASE("fields of a chunked body's trailer never become headers", "[server][plan-112]") {
    running s;
    raw_socket c(s.port);
    c.send("POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"
           "3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nAuthorization: Bearer evil\r\n"
           "X-Forwarded-For: 1.2.3.4\r\n\r\n");
    const auto one = c.response();
    CHECK(status_of(one) == "200");
    CHECK(has(one, "peer=127.0.0.1 auth= body=abcde"));
    c.send(get("/next"));
    CHECK(has(c.response(), "GET /next"));
}

TEST_CASE("a connection serves many requests, pipelined ones in order, and splits the query off",
          "[server]") {
    running s;
    raw_socket c(s.port);
    c.send(get("/a?x=1&y=%2f") + post("/b", "hello") + get("/c"));
    const auto a = c.response();
    CHECK(has(a, "GET /a q=x=1&y=%2f"));
    CHECK(has(a, "X-Content-Type-Options: nosniff\r\n"));
    CHECK(has(a, "X-Request-Id: "));
    CHECK(has(a, " GMT\r\n"));
    CHECK_FALSE(has(a, "Connection: close"));
    CHECK(has(c.response(), "body=hello"));
    CHECK(has(c.response(), "GET /c"));
    c.send(get("/d", "Connection: close\r\n"));
    const auto d = c.rest();
    CHECK(has(d, "Connection: close\r\n"));
    CHECK(s.handled == 4);
}

TEST_CASE("HTTP/1.0 closes unless it asks to keep alive", "[server]") {
    running s;
    raw_socket closing(s.port);
    closing.send("GET /a HTTP/1.0\r\nHost: h\r\n\r\n");
    CHECK(has(closing.rest(), "Connection: close"));
    raw_socket keeping(s.port);
    keeping.send("GET /a HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n");
    CHECK(has(keeping.response(), "Connection: keep-alive"));
    keeping.send("GET /b HTTP/1.0\r\nHost: h\r\n\r\n");
    CHECK(has(keeping.rest(), "GET /b"));
}

TEST_CASE("HEAD and 204 have no body, and the connection goes on in step", "[server][plan-129]") {
    running s;
    raw_socket c(s.port);
    c.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto head = c.response(false);
    CHECK(has(head, "Content-Length: "));
    CHECK_FALSE(has(head, "HEAD /a"));
    c.send(get("/none"));
    CHECK_FALSE(has(c.response(), "Content-Length"));
    c.send(get("/after"));
    const auto after = c.response();
    CHECK(status_of(after) == "200");
    CHECK(has(after, "GET /after"));
}

TEST_CASE("a body over its path's limit is refused before it is read, with and without a length",
          "[server]") {
    running s;
    SECTION("at the limit") {
        raw_socket c(s.port);
        c.send(post("/small", "0123456789"));
        CHECK(status_of(c.response()) == "200");
    }
    SECTION("announced") {
        raw_socket c(s.port);
        c.send("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n");
        const auto all = c.response();
        CHECK(status_of(all) == "413");
        CHECK(has(all, "too_large"));
        CHECK(s.handled == 0);
    }
    SECTION("a huge number") {
        raw_socket c(s.port);
        c.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551615\r\n\r\n");
        CHECK(status_of(c.response()) == "413");
    }
    SECTION("chunked") {
        raw_socket c(s.port);
        c.send("POST /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
               "8\r\n01234567\r\n8\r\n01234567\r\n0\r\n\r\n");
        CHECK(status_of(c.rest()) == "413");
        CHECK(s.handled == 0);
    }
    SECTION("the sender goes on sending and still gets the answer") {
        raw_socket c(s.port);
        c.send("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 500000\r\n\r\n");
        c.send(std::string(500'000, 'x'));
        c.finish();
        CHECK(status_of(c.rest()) == "413");
    }
}

TEST_CASE("a handler that decides by the head answers without a byte of the body, and closes",
          "[server]") {
    running s;
    for (const std::string body :
         {"", "Content-Length: 100000000\r\n", "Transfer-Encoding: chunked\r\n",
          "Expect: 100-continue\r\nContent-Length: 5\r\n"}) {
        INFO(body);
        raw_socket c(s.port);
        c.send("POST /unread HTTP/1.1\r\nHost: h\r\n" + body + "\r\n");
        const auto answer = c.response();
        CHECK(status_of(answer) == "200");
        CHECK(has(answer, "POST /unread"));
        CHECK(has(answer, "body="));
        if (body.empty()) continue; // nothing was left unread
        CHECK(has(answer, "Connection: close\r\n"));
        c.send(get("/smuggled"));
        c.finish();
        CHECK(c.rest().empty());
    }
    CHECK(s.handled == 4);
}

TEST_CASE("whoever expects 100 Continue gets it only after the head was accepted", "[server]") {
    running s;
    raw_socket c(s.port);
    c.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    CHECK(c.response(false) == "HTTP/1.1 100 Continue\r\n\r\n");
    c.send("abc");
    CHECK(has(c.response(), "body=abc"));
    raw_socket large(s.port);
    large.send(
        "POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 99\r\nExpect: 100-continue\r\n\r\n");
    CHECK(status_of(large.response()) == "413");
}

TEST_CASE("a handler that throws answers 500 without its reason, and the connection survives",
          "[server]") {
    running s;
    raw_socket c(s.port);
    c.send(get("/throw"));
    const auto failed = c.response();
    CHECK(status_of(failed) == "500");
    CHECK_FALSE(has(failed, "boom"));
    c.send(get("/a"));
    CHECK(status_of(c.response()) == "200");
}

TEST_CASE("a header value with a line break is never sent", "[server]") {
    running s;
    raw_socket c(s.port);
    c.send(get("/split"));
    const auto all = c.rest();
    CHECK(status_of(all) == "500");
    CHECK_FALSE(has(all, "Set-Cookie"));
}

TEST_CASE("slow and silent clients are let go at their deadlines", "[server][plan-113]") {
    auto options = running::quiet();
    options.header_deadline = 1s;
    options.body_deadline = 1s;
    options.idle = 1s;
    options.write_deadline = 1s;
    running s(options);
    const auto began = std::chrono::steady_clock::now();
    SECTION("nothing sent") {
        raw_socket c(s.port);
        CHECK(c.closed());
    }
    SECTION("a header that drips in") {
        raw_socket c(s.port);
        c.send("GET / HTTP/1.1\r\n");
        for (int i = 0; i < 12 && c.send("a"); ++i)
            std::this_thread::sleep_for(100ms);
        const auto all = c.rest();
        CHECK(status_of(all) == "408");
        CHECK(has(all, "Connection: close"));
    }
    SECTION("a body that stops") {
        raw_socket c(s.port);
        c.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc");
        CHECK(status_of(c.rest()) == "408");
        CHECK(s.handled == 0);
    }
    SECTION("idle after an answer") {
        raw_socket c(s.port);
        c.send(get("/a"));
        c.response();
        CHECK(c.closed());
    }
    SECTION("a reader that does not read") {
        raw_socket c(s.port);
        c.send(get("/big"));
        CHECK(c.receive());
        CHECK(s.connections_become(0));
    }
    CHECK(std::chrono::steady_clock::now() - began < 4s);
    CHECK(s.connections_become(0));
}

TEST_CASE("a client that leaves before its answer leaves nothing behind", "[server]") {
    running s;
    for (int i = 0; i < 20; ++i) {
        raw_socket c(s.port);
        c.send(get("/big"));
    }
    while (s.handled < 20)
        std::this_thread::sleep_for(5ms);
    CHECK(s.connections_become(0));
}

TEST_CASE("a handler that takes too long answers 503 in time and what it waits for is cancelled",
          "[server]") {
    auto options = running::quiet();
    options.handler_deadline = 1s;
    running s(options);
    raw_socket c(s.port);
    c.send(get("/hang"));
    const auto all = c.rest();
    CHECK(status_of(all) == "503");
    CHECK(has(all, "Connection: close"));
    for (int i = 0; i < 20 && !s.cancelled; ++i)
        std::this_thread::sleep_for(50ms);
    CHECK(s.cancelled);
}

TEST_CASE("a handler may close the connection without an answer", "[server]") {
    running s;
    raw_socket c(s.port);
    c.send(get("/nothing"));
    CHECK(c.closed());
}

TEST_CASE("a large answer arrives whole", "[server]") {
    running s;
    raw_socket c(s.port);
    c.send(get("/big", "Connection: close\r\n"));
    const auto all = c.rest();
    CHECK(all.size() - all.find("\r\n\r\n") - 4 == std::size_t{40} << 20);
}

TEST_CASE("connections are capped for each peer, and in total the longest idle one makes room",
          "[server]") {
    auto options = running::quiet();
    SECTION("for each peer") {
        options.max_connections_per_peer = 2;
        running s(options);
        raw_socket a(s.port);
        raw_socket b(s.port);
        a.send(get("/a"));
        b.send(get("/b"));
        CHECK(status_of(a.response()) == "200");
        CHECK(status_of(b.response()) == "200");
        const auto refused = metrics::value(metrics::id::limited, {http::connections_per_client});
        heard log;
        for (int i = 0; i < 3; ++i) {
            raw_socket third(s.port);
            CHECK(status_of(third.rest()) == "503");
        }
        const auto said = log.text();
        const std::string_view line =
            "warning connection_refused limit=connections_per_client most=2 peer=127.0.0.0/24\n";
        INFO(said);
        CHECK(has(said, line));
        CHECK(said.find("connection_refused") == said.rfind("connection_refused"));
        CHECK(metrics::value(metrics::id::limited, {http::connections_per_client}) == refused + 3);
    }
    SECTION("trusted proxies have no such cap") {
        options.max_connections_per_peer = 1;
        options.trusted_proxies = {"127.0.0.0/8"};
        running s(options);
        raw_socket a(s.port);
        raw_socket b(s.port);
        b.send(get("/b"));
        CHECK(status_of(b.response()) == "200");
    }
    SECTION("in total") {
        options.max_connections = 2;
        running s(options);
        raw_socket oldest(s.port);
        oldest.send(get("/a"));
        oldest.response();
        raw_socket newer(s.port);
        newer.send(get("/b"));
        newer.response();
        raw_socket newest(s.port);
        newest.send(get("/c"));
        CHECK(status_of(newest.response()) == "200");
        CHECK(oldest.closed());
        newer.send(get("/d"));
        CHECK(status_of(newer.response()) == "200");
    }
    SECTION("in total, with all at work") {
        options.max_connections = 1;
        running s(options);
        raw_socket busy(s.port);
        busy.send(get("/slow"));
        while (s.handled == 0)
            std::this_thread::sleep_for(5ms);
        raw_socket refused(s.port);
        CHECK(status_of(refused.rest()) == "503");
        CHECK(status_of(busy.response()) == "200");
    }
}

TEST_CASE("X-Forwarded-For counts only behind a trusted proxy", "[server][plan-46]") {
    auto options = running::quiet();
    SECTION("not trusted") {
        running s(options);
        raw_socket c(s.port);
        c.send(get("/a", "X-Forwarded-For: 198.51.100.1\r\n"));
        CHECK(has(c.response(), "peer=127.0.0.1 "));
    }
    SECTION("trusted") {
        options.trusted_proxies = {"127.0.0.1", "10.0.0.0/8"};
        running s(options);
        raw_socket c(s.port);
        c.send(
            get("/a", "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 198.51.100.1, 10.1.2.3\r\n"));
        CHECK(has(c.response(), "peer=198.51.100.1 "));
    }
}

TEST_CASE("a graceful stop finishes what is in flight, closes the idle and takes no more",
          "[server]") {
    running s;
    raw_socket idle(s.port);
    idle.send(get("/a"));
    idle.response();
    raw_socket busy(s.port);
    busy.send(get("/slow"));
    while (s.handled < 2)
        std::this_thread::sleep_for(5ms);
    std::promise<void> stopped;
    s.thread.on_thread([&] {
        s.server->stop([&] { stopped.set_value(); });
        return 0;
    });
    CHECK(idle.closed(2s));
    raw_socket late(s.port);
    CHECK_FALSE(late.connected());
    const auto last = busy.rest();
    CHECK(status_of(last) == "200");
    CHECK(has(last, "Connection: close"));
    CHECK(stopped.get_future().wait_for(2s) == std::future_status::ready);
}

TEST_CASE("a request that was sent before the stop is answered, however new its connection",
          "[server]") {
    running s;
    std::vector<std::unique_ptr<raw_socket>> fresh;
    std::promise<void> stopped;
    s.thread.on_thread([&] { // nothing is accepted or read before the stop
        for (int i = 0; i < 20; ++i) {
            fresh.push_back(std::make_unique<raw_socket>(s.port));
            fresh.back()->send(get("/a"));
        }
        s.server->stop([&] { stopped.set_value(); });
        return 0;
    });
    for (auto& socket : fresh)
        CHECK(status_of(socket->rest()) == "200");
    CHECK(stopped.get_future().wait_for(2s) == std::future_status::ready);
}

TEST_CASE("connections that wait at a passed socket are the next process's, and none is refused",
          "[server]") {
    const int passed = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(passed, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
    REQUIRE(::listen(passed, 16) == 0);
    socklen_t size = sizeof at;
    ::getsockname(passed, reinterpret_cast<sockaddr*>(&at), &size);
    const auto port = ntohs(at.sin_port);
    auto options = running::quiet();
    options.socket = ::dup(passed);
    auto first = std::make_unique<running>(options);
    CHECK(first->port == port);
    raw_socket kept(port);
    kept.send(get("/a"));
    CHECK(status_of(kept.response()) == "200");

    std::vector<std::unique_ptr<raw_socket>> waiting;
    std::promise<void> stopped;
    first->thread.on_thread([&] { // nothing is accepted before the stop
        waiting.push_back(std::make_unique<raw_socket>(port));
        waiting.back()->send(get("/b"));
        first->server->stop([&] { stopped.set_value(); });
        return 0;
    });
    // A client that uses its connection meanwhile is answered, and told that it closes.
    std::this_thread::sleep_for(500ms);
    kept.send(get("/c"));
    CHECK(has(kept.rest(), "Connection: close"));
    CHECK(stopped.get_future().wait_for(3s) == std::future_status::ready);
    CHECK(first->handled == 2);
    first.reset();
    waiting.push_back(std::make_unique<raw_socket>(port));
    CHECK(waiting.back()->connected());
    waiting.back()->send(get("/d"));

    options.socket = ::dup(passed);
    const running second(options);
    for (auto& socket : waiting)
        CHECK(status_of(socket->response()) == "200");
    ::close(passed);
}

TEST_CASE("a graceful stop does not wait for the rest of a half-sent request", "[server]") {
    running s;
    raw_socket head(s.port);
    head.send("POST /a HTTP/1.1\r\nHost: loc");
    raw_socket body(s.port);
    body.send("POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc");
    std::this_thread::sleep_for(100ms);
    std::promise<void> stopped;
    s.thread.on_thread([&] {
        s.server->stop([&] { stopped.set_value(); });
        return 0;
    });
    CHECK(body.rest().starts_with("HTTP/1.1 408 "));
    CHECK(head.rest().starts_with("HTTP/1.1 408 "));
    CHECK(stopped.get_future().wait_for(4s) == std::future_status::ready);
}

TEST_CASE("a graceful stop gives up on a handler that never ends", "[server]") {
    auto options = running::quiet();
    options.drain = 1s;
    running s(options);
    raw_socket c(s.port);
    c.send(get("/hang"));
    while (s.handled == 0)
        std::this_thread::sleep_for(5ms);
    std::promise<void> stopped;
    s.thread.on_thread([&] {
        s.server->stop([&] { stopped.set_value(); });
        return 0;
    });
    CHECK(stopped.get_future().wait_for(3s) == std::future_status::ready);
    // Not a bare close, which looks like a crash.
    CHECK(c.rest().starts_with("HTTP/1.1 503 "));
    for (int i = 0; i < 20 && !s.cancelled; ++i)
        std::this_thread::sleep_for(50ms);
    CHECK(s.cancelled);
}

TEST_CASE("a server that cannot listen says where and why", "[server]") {
    running first;
    background other;
    auto options = running::quiet();
    options.port = first.port;
    const auto tell = [&](http::server_options o) {
        http::server s(other.io, std::move(o), {}, {});
        const auto started = s.start();
        return started ? std::string("started") : started.failure().message;
    };
    CHECK(has(tell(options), "127.0.0.1:" + std::to_string(first.port)));
    options.port = 0;
    options.address = "not-an-address";
    CHECK(has(tell(options), "not-an-address"));
    options.address = "127.0.0.1";
    options.trusted_proxies = {"10.0.0.0/99"};
    CHECK(has(tell(options), "10.0.0.0/99"));
}

TEST_CASE("the access log names the path but no query, no header and only the peer's network",
          "[server]") {
    char name[] = "/tmp/access-log-XXXXXX";
    const int file = ::mkstemp(name);
    const int old = ::dup(2);
    logging::flush(5s);
    ::dup2(file, 2);
    {
        auto options = running::quiet();
        options.access_log = true;
        running s(options);
        raw_socket c(s.port);
        c.send(get("/authorize?state=geheim", "Authorization: Basic Z2VoZWltOmdlaGVpbQ\r\n"));
        c.response();
        c.send("BROKEN\r\n\r\n");
        c.rest();
    }
    REQUIRE(logging::flush(5s));
    ::dup2(old, 2);
    std::string text(8192, '\0');
    const auto n = ::pread(file, text.data(), text.size(), 0);
    text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    ::close(file);
    ::close(old);
    ::unlink(name);
    CHECK(has(text, "request method=GET path=/authorize status=200"));
    CHECK(has(text, "peer=127.0.0.0/24"));
    CHECK(has(text, "status=400"));
    CHECK_FALSE(has(text, "geheim"));
    CHECK_FALSE(has(text, "Z2Vo"));
}
