// Who is served once all connections are taken.
#include "metrics/metrics.hpp"
#include "tests/http/running_server.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace testing;

namespace {

using sockets = std::vector<std::unique_ptr<raw_socket>>;

std::string from(std::string_view address) {
    return "X-Forwarded-For: " + std::string(address) + "\r\n";
}

http::server_options full_at(std::size_t connections) {
    auto options = running::quiet();
    options.trusted_proxies = {"127.0.0.0/8"};
    options.max_connections = connections;
    return options;
}

void ask(const running& s, sockets& open, const std::string& bytes) {
    open.push_back(std::make_unique<raw_socket>(s.port));
    open.back()->send(bytes);
}

std::string slow_body(std::string_view address) {
    return "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 9000\r\n" + from(address) + "\r\nslowly";
}

// A store that knows one token, counts who asks, and has a 401 for all others.
void know_one_token(running& s, std::atomic<int>& asked) {
    s.thread.on_thread([&] {
        s.server->check_tokens_with([&asked](const http::request& head) {
            ++asked;
            return [](bool good) -> asio::awaitable<http::judged_token> {
                http::judged_token token;
                token.good = good;
                if (!good) token.refused = http::response(401, "text/plain", "no such token");
                co_return token;
            }(head.header("authorization") == "Bearer good");
        });
        return 0;
    });
}

std::string network(int which) { return "198.51." + std::to_string(which) + ".7"; }

} // namespace

TEST_CASE("the metrics tell how many connections there are, of how many", "[server_context]") {
    running s(full_at(77));
    raw_socket one(s.port);
    one.send(get("/a"));
    one.response();
    const auto text = s.thread.on_thread([] { return metrics::text(); });
    CHECK(has(text, "\ntwenty_mcp_http_connections 1\n"));
    CHECK(has(text, "\ntwenty_mcp_http_connections_limit 77\n"));
}

TEST_CASE("visitors are served while four or forty networks hold all connections with slow bodies",
          "[server_context]") {
    for (const int networks : {4, 40}) {
        INFO(networks << " networks");
        running s(full_at(64));
        sockets open;
        int turn = 0;
        for (int i = 0; i < 100; ++i)
            ask(s, open, slow_body(network(turn++ % networks)));
        int served = 0;
        for (int v = 0; v < 6; ++v) {
            raw_socket visitor(s.port);
            visitor.send(get("/a", from("203.0." + std::to_string(v) + ".7")));
            if (status_of(visitor.response()) == "200") ++served;
            for (int i = 0; i < 10; ++i)
                ask(s, open, slow_body(network(turn++ % networks)));
        }
        CHECK(served == 6);
    }
}

TEST_CASE("visitors are served while four networks hold all connections and do not read",
          "[server_context]") {
    running s(full_at(8));
    sockets open;
    for (int i = 0; i < 12; ++i)
        ask(s, open, get("/large", from(network(i % 4))));
    for (int v = 0; v < 6; ++v) {
        raw_socket visitor(s.port);
        visitor.send(get("/a", from("203.0." + std::to_string(v) + ".7")));
        CHECK(status_of(visitor.response()) == "200");
    }
}

TEST_CASE("lasting streams beyond their share end from the quietest on, and requests go on",
          "[server_context]") {
    running s(full_at(8)); // four streams
    sockets streams;
    for (int i = 0; i < 10; ++i) {
        ask(s, streams, get("/stream-lasting"));
        CHECK(has(streams.back()->until("\r\n\r\n"), "text/event-stream"));
    }
    for (int i = 0; i < 6; ++i) // with the last chunk: an end, and no break
        CHECK(has(streams[static_cast<std::size_t>(i)]->until("\r\n0\r\n\r\n"), "0\r\n\r\n"));
    for (int v = 0; v < 6; ++v) {
        raw_socket visitor(s.port);
        visitor.send(get("/healthz"));
        CHECK(status_of(visitor.response()) == "200");
    }
    for (std::size_t i = 6; i < 10; ++i) // they hear on
        CHECK(has(streams[i]->until("still here"), "still here"));
}

TEST_CASE("lasting streams of an office take nothing of its requests, streams of calls do",
          "[server_context]") {
    auto options = full_at(64);
    options.max_requests_per_client = 2;
    running s(options);
    sockets streams;
    for (int i = 0; i < 8; ++i) {
        ask(s, streams, get("/stream-lasting", from("198.51.100.7")));
        CHECK(has(streams.back()->until("\r\n\r\n"), "text/event-stream"));
    }
    for (int i = 0; i < 2; ++i) {
        ask(s, streams, get("/stream", from("198.51.100.7")));
        CHECK(has(streams.back()->until("\r\n\r\n"), "text/event-stream"));
    }
    raw_socket visitor(s.port);
    visitor.send(get("/a", from("198.51.100.7")));
    CHECK(status_of(visitor.rest()) == "429");
    streams.resize(8); // the calls end
    for (int i = 0; i < 200; ++i) {
        raw_socket again(s.port);
        again.send(get("/a", from("198.51.100.7")));
        if (status_of(again.response()) == "200") return;
        std::this_thread::sleep_for(5ms);
    }
    FAIL("the requests of the office are not heard again");
}

TEST_CASE("a stream that belongs to a call is no lasting one", "[server_context]") {
    running s(full_at(8));
    sockets streams;
    for (int i = 0; i < 7; ++i) {
        ask(s, streams, get("/stream"));
        CHECK(has(streams.back()->until("\r\n\r\n"), "text/event-stream"));
    }
    for (const auto& stream : streams)
        CHECK(has(stream->until("still here"), "still here"));
}

TEST_CASE(
    "a token is asked about only while connections are scarce, and a good one keeps its place",
    "[server_context]") {
    running s(full_at(8)); // two of them
    std::atomic<int> asked{0};
    know_one_token(s, asked);
    const auto upload = [](std::string_view token) {
        return "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nAuthorization: Bearer " +
               std::string(token) + "\r\n" + from("198.51.100.7") + "\r\nslow";
    };
    raw_socket early(s.port);
    early.send(upload("good") + "ly on");
    CHECK(has(early.response(), "body=slowly on"));
    CHECK(asked == 0);

    sockets open;
    for (int i = 0; i < 5; ++i)
        ask(s, open, slow_body("198.51.100.7"));
    raw_socket good(s.port);
    good.send(upload("good"));
    raw_socket made_up(s.port);
    made_up.send(upload("made-up"));
    for (int i = 0; i < 100 && asked < 2; ++i)
        std::this_thread::sleep_for(5ms);
    REQUIRE(asked >= 2);
    for (int i = 0; i < 20; ++i)
        ask(s, open, slow_body(network(i % 4)));
    CHECK(made_up.closed());
    good.send("ly on");
    CHECK(has(good.response(), "body=slowly on"));
}

TEST_CASE("a large body is read for no token that is refused, and a small one for any",
          "[server_context]") {
    running s(full_at(64));
    std::atomic<int> asked{0};
    know_one_token(s, asked);
    const auto upload = [](std::string_view token, std::string_view length) {
        return "POST /x HTTP/1.1\r\nHost: h\r\n" + std::string(length) +
               "\r\nAuthorization: Bearer " + std::string(token) + "\r\n\r\n";
    };
    for (const auto* length : {"Content-Length: 16385", "Transfer-Encoding: chunked"}) {
        CAPTURE(length);
        raw_socket made_up(s.port);
        made_up.send(upload("made-up", length)); // and nothing of the body
        const auto answer = made_up.response();
        CHECK(has(answer, "401"));
        CHECK(has(answer, "no such token"));
    }
    raw_socket good(s.port);
    good.send(upload("good", "Content-Length: 16385") + std::string(16385, 'b'));
    CHECK(has(good.response(), "body=" + std::string(16385, 'b')));
    CHECK(asked == 3);
    raw_socket small(s.port);
    small.send(upload("made-up", "Content-Length: 4") + "tiny");
    CHECK(has(small.response(), "body=tiny"));
    CHECK(asked == 3);
}

TEST_CASE("answers that nobody reads have a budget, and the reader of longest standing loses",
          "[server_context]") {
    auto options = running::quiet();
    options.max_answer_bytes = 90 << 20; // two of /big, each 40 MB: more than sockets take
    running s(options);
    raw_socket first(s.port);
    first.send(get("/big"));
    REQUIRE(s.connections_become(1));
    std::this_thread::sleep_for(300ms);
    raw_socket second(s.port);
    second.send(get("/big", "Connection: close\r\n"));
    REQUIRE(s.connections_become(2));
    std::this_thread::sleep_for(300ms);
    raw_socket third(s.port);
    third.send(get("/big", "Connection: close\r\n"));
    CHECK(third.rest().size() > (40 << 20));
    CHECK(second.rest().size() > (40 << 20));
    CHECK(first.rest().size() < (40 << 20)); // it had begun before the other two
    CHECK(s.connections_become(0));
}

TEST_CASE("an answer that is larger than the budget of all goes out", "[server_context]") {
    auto options = running::quiet();
    options.max_answer_bytes = 1 << 20;
    running s(options);
    raw_socket c(s.port);
    c.send(get("/large", "Connection: close\r\n"));
    CHECK(c.rest().size() > (16 << 20));
}
