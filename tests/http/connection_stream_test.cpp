// Answers that take their time, as they look on the wire, and clients that do not wait for them.
#include "tests/http/running_server.hpp"

#include <cstdio>

using namespace testing;

namespace {

using ending = actors::outlet::ending;

struct streaming : running {
    explicit streaming(http::server_options options = quiet()) : running(std::move(options)) {}
    void send(std::string json) {
        thread.on_thread([&] {
            stream->send("", json);
            return 0;
        });
    }
    void end() {
        thread.on_thread([&] {
            stream->end();
            return 0;
        });
    }
    bool hears(std::vector<ending> wanted, std::chrono::milliseconds patience) {
        const auto now = [this] { return thread.on_thread([this] { return told; }); };
        const auto until = std::chrono::steady_clock::now() + patience;
        while (now() != wanted && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(10ms);
        return now() == wanted;
    }
};

// A piece of a chunked body.
std::string chunk(const std::string& body) {
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", body.size());
    return size + body + "\r\n";
}

constexpr std::string_view last_chunk = "\r\n0\r\n\r\n";

} // namespace

TEST_CASE("a stream is framed as chunks, and the connection goes on behind it",
          "[connection_stream]") {
    streaming s;
    raw_socket c(s.port);
    c.send(get("/stream-quiet") + get("/behind")); // the second waits for the first's end
    const auto head = c.until("\r\n\r\n");
    CHECK(has(head, "Transfer-Encoding: chunked\r\n"));
    CHECK(has(head, "Content-Type: text/event-stream\r\n"));
    CHECK(has(head, "X-Accel-Buffering: no\r\n"));
    CHECK_FALSE(has(head, "Content-Length"));
    s.send("{\"n\":1}");
    CHECK(c.until("\n\n\r\n") == chunk("event: message\ndata: {\"n\":1}\n\n"));
    CHECK(s.handled == 1);
    s.send(std::string(70'000, 'x'));
    CHECK(c.until("\n\n\r\n") ==
          chunk("event: message\ndata: " + std::string(70'000, 'x') + "\n\n"));
    s.end();
    const auto after = c.until("body=");
    CHECK(after.starts_with("0\r\n\r\nHTTP/1.1 200"));
    CHECK(has(after, "GET /behind"));
    CHECK(s.hears({}, 0ms));
}

TEST_CASE("a silent stream is kept alive with comments", "[connection_stream]") {
    streaming s;
    raw_socket c(s.port);
    c.send(get("/stream"));
    c.until("\r\n\r\n");
    CHECK(c.until("\n\n\r\n") == chunk(": still here\n\n"));
}

TEST_CASE("HTTP/1.0 gets a stream without chunks that ends with the connection",
          "[connection_stream]") {
    streaming s;
    raw_socket c(s.port);
    c.send("GET /stream-quiet HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n");
    const auto head = c.until("\r\n\r\n");
    CHECK(has(head, "Connection: close\r\n"));
    CHECK_FALSE(has(head, "chunked"));
    s.send("1");
    s.end();
    CHECK(c.rest() == "event: message\ndata: 1\n\n");
}

TEST_CASE("a stream that is not sent after all hears that nobody reads it", "[connection_stream]") {
    streaming s;
    raw_socket c(s.port);
    SECTION("HEAD") {
        c.send("HEAD /stream HTTP/1.1\r\nHost: h\r\n\r\n");
        CHECK(has(c.response(false), "text/event-stream"));
        CHECK(s.hears({ending::gone}, 1s));
        c.send(get("/after"));
        CHECK(has(c.response(), "GET /after"));
    }
    SECTION("a header that must not be sent") {
        c.send(get("/stream-split"));
        CHECK(status_of(c.response()) == "500");
        CHECK(s.hears({ending::gone}, 1s));
    }
}

TEST_CASE("a client that leaves a silent stream is noticed within a second",
          "[connection_stream]") {
    streaming s;
    {
        raw_socket c(s.port);
        c.send(get("/stream-quiet"));
        c.until("\r\n\r\n");
    }
    CHECK(s.hears({ending::gone}, 1s));
    CHECK(s.connections_become(0));
}

TEST_CASE("a client that leaves while its request is worked on is noticed within a second",
          "[connection_stream]") {
    running s;
    {
        raw_socket c(s.port);
        c.send(get("/watched"));
        std::this_thread::sleep_for(100ms);
        CHECK(s.gone == 0);
    }
    for (int i = 0; i < 100 && s.gone == 0; ++i)
        std::this_thread::sleep_for(10ms);
    CHECK(s.gone == 1);
}

TEST_CASE("a reader that stops reading costs a bounded memory and then its connection",
          "[connection_stream]") {
    auto o = running::quiet();
    o.write_deadline = 1s;
    streaming s(o);
    raw_socket c(s.port);
    c.send(get("/stream-quiet"));
    c.until("\r\n\r\n");
    const std::string piece(64 * 1024, 'x');
    // Far beyond what the kernel takes.
    for (int i = 0; i < 400 && !s.hears({ending::slow}, 0ms); ++i)
        s.send(piece);
    CHECK(s.hears({ending::slow}, 0ms));
    CHECK(s.connections_become(0));
    CHECK(s.hears({ending::slow}, 0ms)); // once
}

TEST_CASE("a graceful stop lets streams say their last words and end whole",
          "[connection_stream]") {
    streaming s;
    raw_socket open(s.port);
    raw_socket later(s.port);
    open.send(get("/stream-quiet"));
    open.until("\r\n\r\n");
    std::promise<void> stopped;
    const auto begun = std::chrono::steady_clock::now();
    s.thread.on_thread([&] {
        s.stream->watch([&](ending why) {
            s.told.push_back(why);
            s.stream->send("", "bye");
            s.stream->end();
        });
        s.server->stop([&] { stopped.set_value(); });
        return 0;
    });
    CHECK(open.until(last_chunk) == chunk("event: message\ndata: bye\n\n") + "0\r\n\r\n");
    CHECK(open.closed());
    CHECK(stopped.get_future().wait_for(5s) == std::future_status::ready);
    CHECK(std::chrono::steady_clock::now() - begun < 3s);
    CHECK(s.hears({ending::stopping}, 0ms));
}

TEST_CASE("a stream that does not end with the server is cut off and hears of it",
          "[connection_stream]") {
    auto o = running::quiet();
    o.drain = 1s;
    streaming s(o);
    raw_socket c(s.port);
    c.send(get("/stream-quiet"));
    c.until("\r\n\r\n");
    std::promise<void> stopped;
    s.thread.on_thread([&] {
        s.server->stop([&] { stopped.set_value(); });
        return 0;
    });
    CHECK(stopped.get_future().wait_for(5s) == std::future_status::ready);
    CHECK(s.hears({ending::stopping, ending::gone}, 1s));
    CHECK_FALSE(has(c.rest(), "0\r\n\r\n")); // not as if it were whole
}
