// What one client may take of the server: bytes, time, connections, requests in progress.
#include "http/shares.hpp"
#include "tests/http/running_server.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <vector>

using namespace testing;

namespace {

std::string chunked(std::size_t bytes) {
    std::string out = "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    while (bytes > 0) {
        const auto chunk = std::min<std::size_t>(bytes, 0x4000);
        char size[8];
        std::snprintf(size, sizeof size, "%zx\r\n", chunk);
        out += size + std::string(chunk, 'x') + "\r\n";
        bytes -= chunk;
    }
    return out + "0\r\n\r\n";
}

std::string for_client(std::string_view path, std::string_view address) {
    return get(path, "X-Forwarded-For: " + std::string(address) + "\r\n");
}

http::server_options behind_a_proxy() {
    auto options = running::quiet();
    options.trusted_proxies = {"127.0.0.0/8"};
    return options;
}

} // namespace

// row 115
TEST_CASE("the largest head that is taken and the smallest that is not differ by one",
          "[limits][plan-115]") {
    running s;
    const auto fields = [](std::size_t count) {
        std::string out;
        for (std::size_t i = 1; i < count; ++i) // Host is one
            out += "a: b\r\n";
        return get("/x", out);
    };
    const auto header = [](std::size_t bytes) {
        const auto bare = get("/x", "A: \r\n").size();
        return get("/x", "A: " + std::string(bytes - bare, 'b') + "\r\n");
    };
    const auto target = [](std::size_t bytes) { return get("/" + std::string(bytes - 1, 'a')); };
    REQUIRE(header(16384).size() == 16384);
    struct row {
        const char* name;
        std::string bytes;
        const char* status;
    };
    const row rows[] = {
        {"100 fields", fields(100), "200"},          {"101 fields", fields(101), "431"},
        {"a header of 16384", header(16384), "200"}, {"of 16385", header(16385), "431"},
        {"a target of 8192", target(8192), "200"},   {"of 8193", target(8193), "414"},
    };
    for (const auto& r : rows) {
        INFO(r.name);
        raw_socket c(s.port);
        c.send(r.bytes);
        c.finish();
        CHECK(status_of(c.rest()) == r.status);
    }
}

// row 114
TEST_CASE("a body of one byte more than a megabyte is refused, with and without a length",
          "[limits][plan-114]") {
    running s;
    struct row {
        const char* name;
        std::string bytes;
        const char* status;
    };
    constexpr std::size_t megabyte = 1 << 20;
    const row rows[] = {
        {"announced", post("/x", std::string(megabyte, 'x')), "200"},
        {"announced, one more", post("/x", std::string(megabyte + 1, 'x')), "413"},
        {"chunked", chunked(megabyte), "200"},
        {"chunked, one more", chunked(megabyte + 1), "413"},
    };
    for (const auto& r : rows) {
        INFO(r.name);
        raw_socket c(s.port);
        c.send(r.bytes);
        c.finish();
        CHECK(status_of(c.rest()) == r.status);
    }
    CHECK(s.handled == 2);
}

// row 113
TEST_CASE("a body that drips in is given up long before its deadline", "[limits][plan-113]") {
    auto options = running::quiet();
    options.body_deadline = 60s;
    options.body_grace = 1s;
    options.body_bytes_per_second = 1000;
    running s(options);
    const auto began = std::chrono::steady_clock::now();
    raw_socket c(s.port);
    c.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");
    while (c.send("x") && std::chrono::steady_clock::now() - began < 5s && !c.receive(100ms)) {
    }
    CHECK(status_of(c.rest()) == "408");
    CHECK(std::chrono::steady_clock::now() - began < 4s);
    SECTION("one that comes at the rate may take its time") {
        raw_socket steady(s.port);
        steady.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3000\r\n\r\n");
        for (int i = 0; i < 15; ++i) { // 2000 bytes a second, for longer than the grace
            steady.send(std::string(200, 'x'));
            std::this_thread::sleep_for(100ms);
        }
        CHECK(status_of(steady.response()) == "200");
    }
}

TEST_CASE("what a head alone refuses is answered without its body, and the answer arrives",
          "[limits]") {
    running s;
    const auto head = [](std::size_t length, std::string_view more = {}) {
        return "POST /checked HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(length) +
               "\r\n" + std::string(more) + "\r\n";
    };
    SECTION("before a byte of the body was sent") {
        raw_socket c(s.port);
        c.send(head(500'000, "Expect: 100-continue\r\n"));
        const auto all = c.response();
        CHECK(status_of(all) == "401");
        CHECK(has(all, "Connection: close\r\n"));
    }
    SECTION("while the client goes on sending it") {
        raw_socket c(s.port);
        c.send(head(1 << 20));
        c.send(std::string(1 << 20, 'x'));
        const auto all = c.rest();
        CHECK(status_of(all) == "401");
        CHECK(has(all, "no token"));
    }
    SECTION("for a body of unknown length") {
        raw_socket c(s.port);
        c.send("POST /checked HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        CHECK(status_of(c.response()) == "401");
    }
    SECTION("a small body is read, so that the connection can go on") {
        raw_socket c(s.port);
        c.send(post("/checked", "small"));
        CHECK(has(c.response(), "body=small")); // the endpoint would refuse it
        c.send(get("/a"));
        CHECK(status_of(c.response()) == "200");
    }
    SECTION("a good head's large body is read") {
        raw_socket c(s.port);
        c.send(head(500'000, "Authorization: Bearer x\r\n") + std::string(500'000, 'x'));
        CHECK(status_of(c.response()) == "200");
    }
}

TEST_CASE("all bodies together have one budget, which ends with them", "[limits]") {
    auto options = running::quiet();
    options.max_body_bytes = 100'000;
    running s(options);
    const auto begin = [&](std::size_t sent, std::size_t length = 90'000) {
        auto c = std::make_unique<raw_socket>(s.port);
        c->send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(length) +
                "\r\n\r\n" + std::string(sent, 'x'));
        return c;
    };
    auto first = begin(80'000);
    std::this_thread::sleep_for(100ms);
    auto claims = begin(0); // a claim takes nothing
    auto second = begin(80'000);
    const auto refused = second->rest();
    CHECK(status_of(refused) == "503");
    CHECK(has(refused, "Retry-After: "));
    // What is small is heard, however full it is.
    auto third = begin(52'700, 52'768);
    std::this_thread::sleep_for(100ms);
    for (int i = 0; i < 8; ++i) {
        raw_socket small(s.port);
        small.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 16384\r\n\r\n" +
                   std::string(16'384, 'x'));
        CHECK(status_of(small.response()) == "200");
    }
    third->send(std::string(68, 'x'));
    CHECK(status_of(third->response()) == "200");
    first->send(std::string(10'000, 'x'));
    CHECK(status_of(first->response()) == "200");
    claims->send(std::string(90'000, 'x'));
    CHECK(status_of(claims->response()) == "200");
}

TEST_CASE("behind a proxy each client has its own cap of requests in progress", "[limits]") {
    auto options = behind_a_proxy();
    options.max_requests_per_client = 2;
    options.max_requests_shared = 3;
    static constexpr std::string_view shared[] = {"160.79.104.0/21"};
    options.shared_egress = shared;
    running s(options);
    std::vector<std::unique_ptr<raw_socket>> sockets;
    const auto ask = [&](std::string_view path, std::string_view address) -> raw_socket& {
        sockets.push_back(std::make_unique<raw_socket>(s.port));
        sockets.back()->send(for_client(path, address));
        return *sockets.back();
    };
    const auto in_progress = [&](int wanted) {
        for (int i = 0; i < 200 && s.handled < wanted; ++i)
            std::this_thread::sleep_for(5ms);
        return s.handled == wanted;
    };
    ask("/slow", "198.51.100.1");
    ask("/slow", "198.51.100.1");
    REQUIRE(in_progress(2));
    SECTION("one more is refused, whatever the client writes in front of its address") {
        const auto refused = ask("/a", "203.0.113.1, 198.51.100.1").rest();
        CHECK(status_of(refused) == "429");
        CHECK(has(refused, "Retry-After: "));
        CHECK(s.handled == 2);
    }
    SECTION("others are not") { CHECK(status_of(ask("/a", "198.51.100.2").response()) == "200"); }
    SECTION("egress that many share has a wider one") {
        for (int i = 0; i < 3; ++i)
            ask("/slow", "160.79.104.9");
        REQUIRE(in_progress(5));
        CHECK(status_of(ask("/a", "160.79.104.10").response()) == "200");
        CHECK(status_of(ask("/a", "160.79.104.9").rest()) == "429");
    }
    SECTION("an answered request counts no longer, though its connection stays") {
        CHECK(status_of(sockets[0]->response()) == "200");
        CHECK(status_of(ask("/a", "198.51.100.1").response()) == "200");
        CHECK(status_of(ask("/b", "198.51.100.1").response()) == "200");
    }
}

TEST_CASE("a connection serves so many requests and then says that it closes", "[limits]") {
    auto options = running::quiet();
    options.max_requests_per_connection = 3;
    running s(options);
    raw_socket c(s.port);
    c.send(get("/1") + get("/2") + get("/3") + get("/4"));
    CHECK_FALSE(has(c.response(), "Connection: close"));
    CHECK_FALSE(has(c.response(), "Connection: close"));
    const auto last = c.rest();
    CHECK(has(last, "GET /3"));
    CHECK(has(last, "Connection: close"));
    CHECK(s.handled == 3);
}

TEST_CASE("a call that is cut off is answered in its own protocol", "[limits]") {
    auto options = running::quiet();
    options.handler_deadline = 1s;
    running s(options);
    raw_socket c(s.port);
    c.send(get("/hang-late"));
    const auto all = c.rest();
    CHECK(status_of(all) == "503");
    CHECK(has(all, "text/x-late"));
    CHECK(has(all, "cut off"));
}

TEST_CASE("a folded field is one line to everybody behind us", "[limits][plan-111]") {
    running s; // RFC 9112 §5.2: a server may replace the fold
    raw_socket c(s.port);
    c.send(get("/a", "Authorization: one\r\n two\r\n"));
    CHECK(has(c.response(), "auth=one two "));
}

TEST_CASE("the same length twice is one length", "[limits][plan-111]") {
    running s; // RFC 9110 §8.6
    for (const auto* fields :
         {"Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5, 5\r\n"}) {
        raw_socket c(s.port);
        c.send("POST /x HTTP/1.1\r\nHost: h\r\n" + std::string(fields) + "\r\nhello" +
               get("/next"));
        CHECK(has(c.response(), "body=hello"));
        CHECK(has(c.response(), "GET /next"));
    }
}

TEST_CASE("a place that is given back can be taken again, and moving one keeps it", "[limits]") {
    http::tally of;
    auto first = of.take("a", 1);
    REQUIRE(first);
    CHECK_FALSE(of.take("a", 1));
    CHECK(of.take("b", 1));
    auto moved = std::move(first);
    first.reset();
    CHECK(of.count("a") == 1);
    moved.reset();
    CHECK(of.count("a") == 0);
    CHECK_FALSE(of.take("a", 0));
    CHECK(of.take("a", 1));
}
