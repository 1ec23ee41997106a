#include "http/https_client.hpp"

#include "http/base_url.hpp"
#include "tests/http/caller.hpp"
#include "tests/support/catch.hpp"

#include <boost/asio/ssl/context.hpp>
#include <fstream>
#include <memory>
#include <sys/stat.h>
#include <vector>

using namespace testing;

namespace {

// Answers every request of a connection with its own text.
void echo(upstream_connection& c, int) {
    for (auto r = c.request(); !r.empty(); r = c.request())
        c.send(plain_answer(r));
}

} // namespace

TEST_CASE("a request carries the key, the host and the base path, and connections are kept",
          "[client]") {
    upstream twenty(echo);
    caller c(twenty.port, "/crm/");
    const auto first = c.call(read_of("/rest/people?limit=1"));
    REQUIRE(first);
    CHECK(first->status == 200);
    CHECK(first->content_type == "application/json");
    CHECK(has(first->body, "GET /crm/rest/people?limit=1 HTTP/1.1\r\n"));
    CHECK(has(first->body, "\r\nHost: 127.0.0.1:" + std::to_string(twenty.port) + "\r\n"));
    CHECK(has(first->body, "\r\nAuthorization: Bearer k3y\r\n"));
    CHECK(has(first->body, "\r\nUser-Agent: twenty-mcp/"));
    CHECK_FALSE(has(first->body, "Content-Length"));
    const auto second = c.call(write_of("{\"query\":\"{a}\"}", false));
    REQUIRE(second);
    CHECK(has(second->body, "\r\nContent-Length: 15\r\n\r\n{\"query\":\"{a}\"}"));
    CHECK(has(second->body, "\r\nContent-Type: application/json\r\n"));
    CHECK(twenty.accepted == 1);
    CHECK(c.connections() == 1);
}

TEST_CASE("every framing of an answer is understood", "[client]") {
    struct row {
        std::string name;
        std::vector<std::string> pieces;
        std::string body;
        std::size_t kept;
    };
    const std::string big(300'000, 'b');
    const std::vector<row> rows = {
        {"length", {plain_answer("{\"a\":1}")}, "{\"a\":1}", 1},
        {"empty", {plain_answer("")}, "", 1},
        {"large", {plain_answer(big)}, big, 1},
        {"chunked",
         {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", "c\r\n",
          "2;x=y\r\nde\r\n0\r\n", "\r\n"},
         "abcde",
         1},
        {"chunked with trailer",
         {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nContent-Type: "
          "evil\r\n\r\n"},
         "a",
         1},
        {"interim answer first",
         {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + plain_answer("z")},
         "z",
         1},
        {"end of stream", {"HTTP/1.1 200 OK\r\n\r\nabc"}, "abc", 0},
        {"asks to close", {plain_answer("q", "Connection: close\r\n")}, "q", 0},
        {"HTTP/1.0", {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx"}, "x", 0},
        {"more than announced", {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxyz"}, "x", 0},
    };
    for (const auto& r : rows) {
        INFO(r.name);
        upstream twenty([&](upstream_connection& c, int) {
            c.request();
            for (const auto& piece : r.pieces) {
                c.send(piece);
                std::this_thread::sleep_for(5ms);
            }
            if (r.name != "end of stream") c.request();
        });
        caller c(twenty.port);
        const auto answer = c.call(read_of("/x"));
        REQUIRE(answer);
        CHECK(answer->body == r.body);
        CHECK_FALSE(has(answer->content_type, "evil"));
        CHECK(c.connections_become(r.kept));
    }
}

TEST_CASE("an answer that is no JSON, or no success, or a redirect, is passed up as it is",
          "[client][plan-45]") {
    std::atomic<int> elsewhere{0};
    upstream other([&](upstream_connection& c, int) {
        ++elsewhere;
        echo(c, 1);
    });
    upstream twenty([&](upstream_connection& c, int) {
        c.request();
        c.send("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + std::to_string(other.port) +
               "/\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi");
        c.request();
        c.send("HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n");
        c.request();
    });
    caller c(twenty.port);
    const auto moved = c.call(read_of("/x"));
    REQUIRE(moved);
    CHECK(moved->status == 302);
    CHECK(moved->content_type == "text/html");
    CHECK(moved->body == "hi");
    CHECK(elsewhere == 0);
    const auto limited = c.call(read_of("/x"));
    REQUIRE(limited);
    CHECK(limited->status == 429);
    CHECK(limited->retry_after == 7s);
}

TEST_CASE("what is not a complete HTTP answer is an upstream failure that quotes nothing",
          "[client]") {
    for (const std::string& bytes :
         {std::string("SSH-2.0-OpenSSH\r\n\r\n"), std::string("HTTP/1.1 200 OK\r\nContent-Le"),
          std::string("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
          std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
          std::string("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: "
                      "chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"),
          std::string()}) {
        INFO(bytes);
        upstream twenty([&](upstream_connection& c, int) {
            c.request();
            c.send(bytes);
        });
        caller c(twenty.port);
        const auto answer = c.call(read_of("/x"));
        REQUIRE_FALSE(answer);
        CHECK(answer.failure().code == errc::upstream_down);
        CHECK_FALSE(has(answer.failure().message, "SSH"));
        CHECK(twenty.accepted == 1); // a fresh connection's failure is not repeated
    }
}

TEST_CASE("an answer over the size limit is refused, announced or not", "[client]") {
    for (const std::string& head :
         {std::string("HTTP/1.1 200 OK\r\nContent-Length: 8388609\r\n\r\n"),
          std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n800001\r\n"),
          std::string("HTTP/1.1 200 OK\r\n\r\n")}) {
        INFO(head);
        upstream twenty([&](upstream_connection& c, int) {
            c.request();
            if (!c.send(head)) return;
            const std::string piece(1 << 16, 'x');
            for (int i = 0; i < 200 && c.send(piece); ++i) {
            }
        });
        caller c(twenty.port);
        const auto answer = c.call(read_of("/x"));
        REQUIRE_FALSE(answer);
        CHECK(answer.failure().code == errc::too_large);
        CHECK(c.connections_become(0));
    }
}

TEST_CASE("answers on their way have one bound in all, and give back what they took", "[client]") {
    upstream twenty([](upstream_connection& c, int) {
        const auto wanted = c.request();
        const std::string piece(wanted.find("/held") == std::string::npos ? 30'000 : 80'000, 'x');
        const auto head = "HTTP/1.1 200 OK\r\nContent-Length: ";
        if (wanted.find("/held") == std::string::npos) {
            c.send(head + std::to_string(piece.size()) + "\r\n\r\n" + piece);
        } else {
            c.send(head + std::to_string(piece.size() + 1) + "\r\n\r\n" + piece);
            c.request(); // and nothing more, until the client has gone
        }
    });
    auto options = caller::options_for(twenty.port);
    options.max_bodies = 100'000;
    caller c(options);
    auto held = c.start(read_of("/held"), 1500ms);
    for (int i = 0; i < 100 && c.connections() == 0; ++i)
        std::this_thread::sleep_for(20ms);
    std::this_thread::sleep_for(300ms);
    const auto refused = c.call(read_of("/x"));
    REQUIRE_FALSE(refused);
    CHECK(refused.failure().code == errc::too_large); // and not busy: Twenty has done it
    REQUIRE(held.wait_for(10s) == std::future_status::ready);
    CHECK_FALSE(held.get()); // its time is over
    CHECK(c.call(read_of("/x")));
}

TEST_CASE("a server that never answers costs no more than the deadline", "[client]") {
    upstream twenty([](upstream_connection& c, int) {
        c.request();
        c.request();
    });
    caller c(twenty.port);
    const auto began = std::chrono::steady_clock::now();
    const auto answer = c.call(read_of("/x"), 300ms);
    const auto took = std::chrono::steady_clock::now() - began;
    REQUIRE_FALSE(answer);
    CHECK(answer.failure().code == errc::upstream_timeout);
    CHECK(took >= 290ms);
    CHECK(took < 1500ms);
    for (int i = 0; i < 50 && twenty.served == 0; ++i)
        std::this_thread::sleep_for(20ms);
    CHECK(twenty.served == 1); // the connection was closed
    CHECK(c.connections_become(0));
}

TEST_CASE("a watchdog that comes late breaks no connection that was made meanwhile", "[client]") {
    upstream twenty([](upstream_connection& c, int) {
        (void)c.request();
        std::this_thread::sleep_for(20ms);
        c.send(plain_answer("{}", "Connection: close\r\n"));
    });
    // The thread is held up after each of the first steps, so that the connection and the
    // end of its time are found together.
    for (int steps = 0; steps < 5; ++steps) {
        INFO(steps);
        boost::asio::io_context io;
        auto options = caller::options_for(twenty.port);
        options.connect_deadline = 300ms;
        auto client = http::https_client::create(io, options);
        REQUIRE(client);
        std::optional<result<twenty::response>> answer;
        const auto ask = [&] {
            answer.reset();
            (*client)->send(read_of("/x"), secret(std::string("k3y")), 5s,
                            [&](result<twenty::response> a) { answer = std::move(a); });
        };
        const auto wait = [&] {
            while (!answer)
                io.run_one();
            return answer->ok();
        };
        ask(); // the name is resolved
        REQUIRE(wait());
        ask();
        for (int i = 0; i < steps; ++i)
            io.run_one();
        std::this_thread::sleep_for(350ms);
        CHECK(wait());
    }
}

TEST_CASE("a kept connection that was reset is replaced once, for what may be repeated",
          "[client]") {
    // Answers one request, takes the next one and then resets, on the first connection only.
    const auto treacherous = [](upstream_connection& c, int number) {
        c.request();
        c.send(plain_answer("one"));
        if (number > 1) return echo(c, number);
        c.request();
        c.reset();
    };
    SECTION("a read") {
        upstream twenty(treacherous);
        caller c(twenty.port);
        REQUIRE(c.call(read_of("/a")));
        const auto again = c.call(read_of("/b"));
        REQUIRE(again);
        CHECK(again->body == "one");
        CHECK(twenty.accepted == 2);
    }
    SECTION("a write with an id of ours") {
        upstream twenty(treacherous);
        caller c(twenty.port);
        REQUIRE(c.call(read_of("/a")));
        CHECK(c.call(write_of("{}", true)));
        CHECK(twenty.accepted == 2);
    }
    SECTION("any other write is not sent twice") {
        upstream twenty(treacherous);
        caller c(twenty.port);
        REQUIRE(c.call(read_of("/a")));
        const auto failed = c.call(write_of("{}", false));
        REQUIRE_FALSE(failed);
        CHECK(failed.failure().code == errc::upstream_down);
        CHECK(twenty.accepted == 1);
    }
    SECTION("not after the answer has begun") {
        upstream twenty([](upstream_connection& c, int) {
            c.request();
            c.send(plain_answer("one"));
            c.request();
            c.send("HTTP/1.1 200 OK\r\n");
            std::this_thread::sleep_for(50ms);
            c.reset();
        });
        caller c(twenty.port);
        REQUIRE(c.call(read_of("/a")));
        CHECK_FALSE(c.call(read_of("/b")));
        CHECK(twenty.accepted == 1);
    }
}

TEST_CASE("a connection that Twenty closed while idle is noticed before it is used", "[client]") {
    upstream twenty([](upstream_connection& c, int) {
        c.request();
        c.send(plain_answer("x"));
    });
    caller c(twenty.port);
    for (int i = 1; i <= 3; ++i) {
        CHECK(c.call(write_of("{}", false)));
        for (int wait = 0; wait < 100 && twenty.served < i; ++wait)
            std::this_thread::sleep_for(5ms);
    }
    CHECK(twenty.accepted == 3);
}

TEST_CASE("idle connections are closed after their time", "[client]") {
    upstream twenty(echo);
    auto options = caller::options_for(twenty.port);
    options.idle = 100ms;
    caller c(options);
    REQUIRE(c.call(read_of("/x")));
    CHECK(c.connections() == 1);
    CHECK(c.connections_become(0));
}

TEST_CASE("no more connections than allowed; further requests wait for their turn", "[client]") {
    std::atomic<int> at_once{0};
    std::atomic<int> most{0};
    upstream twenty([&](upstream_connection& c, int) {
        for (auto r = c.request(); !r.empty(); r = c.request()) {
            most = std::max(most.load(), ++at_once);
            std::this_thread::sleep_for(20ms);
            --at_once;
            c.send(plain_answer("x"));
        }
    });
    auto options = caller::options_for(twenty.port);
    options.max_connections = 2;
    caller c(options);
    std::vector<std::future<result<twenty::response>>> all;
    for (int i = 0; i < 10; ++i)
        all.push_back(c.start(read_of("/x")));
    auto impatient = c.start(read_of("/x"), 10ms);
    auto cancelled = c.start(read_of("/x"));
    c.thread.on_thread([&] {
        c.client->cancel(c.last);
        return 0;
    });
    auto last = c.start(read_of("/x"));
    for (auto& answer : all)
        CHECK(answer.get());
    const auto late = impatient.get();
    REQUIRE_FALSE(late);
    CHECK(late.failure().code == errc::upstream_timeout);
    CHECK(last.get());
    CHECK_THROWS_AS(cancelled.get(), std::future_error); // its completion died uncalled
    CHECK(most <= 2);
    CHECK(twenty.accepted == 2);
}

TEST_CASE("cancelling drops the exchange and its connection, and its completion is not called",
          "[client]") {
    upstream twenty([](upstream_connection& c, int) {
        c.request();
        c.request();
    });
    caller c(twenty.port);
    auto answer = c.start(read_of("/x"));
    for (int i = 0; i < 100 && twenty.accepted == 0; ++i)
        std::this_thread::sleep_for(5ms);
    std::this_thread::sleep_for(20ms);
    c.thread.on_thread([&] {
        c.client->cancel(c.last);
        c.client->cancel(c.last);
        c.client->cancel(99);
        return 0;
    });
    for (int i = 0; i < 100 && twenty.served == 0; ++i)
        std::this_thread::sleep_for(5ms);
    CHECK(twenty.served == 1);
    CHECK(c.connections_become(0));
    // The promise died with the completion, unset.
    CHECK_THROWS_AS(answer.get(), std::future_error);
}

TEST_CASE("a client may be destroyed while requests are open", "[client]") {
    upstream twenty([](upstream_connection& c, int) {
        c.request();
        c.request();
    });
    std::future<result<twenty::response>> open;
    {
        caller c(twenty.port);
        open = c.start(read_of("/x"));
        std::this_thread::sleep_for(30ms);
    }
    CHECK_THROWS_AS(open.get(), std::future_error);
}

TEST_CASE("an address without a server and a name without an address are told apart", "[client]") {
    std::uint16_t free_port = 0;
    {
        upstream gone(echo);
        free_port = gone.port;
    }
    caller refused(free_port);
    const auto no_server = refused.call(read_of("/x"));
    REQUIRE_FALSE(no_server);
    CHECK(no_server.failure().code == errc::upstream_down);
    CHECK(has(no_server.failure().message, "refused"));
    http::client_options o;
    o.base_url = "https://no-such-host.invalid";
    caller unnamed(o);
    const auto no_name = unnamed.call(read_of("/x"), 9s);
    REQUIRE_FALSE(no_name);
    CHECK(has(no_name.failure().message, "host name cannot be resolved"));
}

TEST_CASE("a new trust holds for each connection from then on, and cuts off no exchange",
          "[client]") {
    certificates made("localhost");
    certificates others("localhost");
    std::promise<void> asked;
    std::promise<void> released;
    const auto may_answer = released.get_future().share();
    upstream twenty(
        [&](upstream_connection& c, int) {
            for (auto r = c.request(); !r.empty(); r = c.request()) {
                if (has(r, "/slow")) {
                    asked.set_value();
                    may_answer.wait_for(10s);
                }
                c.send(plain_answer(r));
            }
        },
        made.server);
    http::client_options o;
    o.base_url = "https://localhost:" + std::to_string(twenty.port);
    o.ca_file = made.ca_file();
    caller c(o);
    const auto trust = [&](const std::string& file) {
        return c.thread.on_thread([&]() -> result<done> {
            TRY(next, http::tls_trust::load(file));
            c.client->trust_anew(std::move(next));
            return done{};
        });
    };
    REQUIRE(c.call(read_of("/x")));
    CHECK(c.connections() == 1);

    // A file that cannot be used changes nothing, not even what is kept.
    const auto unusable = trust("/nowhere/ca.pem");
    REQUIRE_FALSE(unusable);
    CHECK(unusable.failure().code == errc::bad_request);
    const auto fifo = (made.folder / "fifo").string();
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    const auto no_file = trust(fifo);
    REQUIRE_FALSE(no_file);
    CHECK(no_file.failure().detail == fifo + " is a FIFO and no plain file");
    REQUIRE(c.call(read_of("/x")));
    CHECK(twenty.accepted == 1);

    auto slow = c.start(read_of("/slow"));
    REQUIRE(asked.get_future().wait_for(10s) == std::future_status::ready);
    REQUIRE(trust(others.ca_file()));
    released.set_value();
    REQUIRE(slow.wait_for(10s) == std::future_status::ready);
    CHECK(slow.get().ok());
    CHECK(c.connections_become(0));
    const auto refused = c.call(read_of("/x"));
    REQUIRE_FALSE(refused);
    CHECK(has(refused.failure().message, "certificate is not accepted"));

    REQUIRE(trust(made.ca_file()));
    REQUIRE(c.call(read_of("/x")));
    REQUIRE(trust(others.ca_file()));
    CHECK(c.connections() == 0);
    CHECK_FALSE(c.call(read_of("/x")).ok());
}

TEST_CASE("TLS is used only with a certificate that is trusted and has the right name",
          "[client]") {
    SECTION("trusted, right name, kept alive") {
        certificates made("localhost");
        upstream twenty(echo, made.server);
        http::client_options o;
        o.base_url = "https://localhost:" + std::to_string(twenty.port);
        o.ca_file = made.ca_file();
        caller c(o);
        for (int i = 0; i < 3; ++i) {
            const auto answer = c.call(write_of("{\"a\":1}", false));
            REQUIRE(answer);
            CHECK(has(answer->body, "Bearer k3y"));
            CHECK(has(answer->body, "{\"a\":1}"));
        }
        CHECK(twenty.accepted == 1);
    }
    SECTION("unknown authority") {
        certificates made("localhost");
        std::atomic<int> asked{0};
        upstream twenty(
            [&](upstream_connection& c, int) {
                ++asked;
                echo(c, 1);
            },
            made.server);
        http::client_options o;
        o.base_url = "https://localhost:" + std::to_string(twenty.port);
        caller c(o);
        const auto answer = c.call(read_of("/x"));
        REQUIRE_FALSE(answer);
        CHECK(answer.failure().code == errc::upstream_down);
        CHECK(has(answer.failure().message, "certificate is not accepted"));
        CHECK(asked == 0);
    }
    SECTION("another name") {
        certificates made("crm.example.com");
        upstream twenty(echo, made.server);
        http::client_options o;
        o.base_url = "https://localhost:" + std::to_string(twenty.port);
        o.ca_file = made.ca_file();
        caller c(o);
        const auto answer = c.call(read_of("/x"));
        REQUIRE_FALSE(answer);
        CHECK(has(answer.failure().message, "ostname mismatch"));
    }
    SECTION("old TLS") {
        certificates made("localhost");
        SSL_CTX_set_security_level(made.server, 0);
        SSL_CTX_set_min_proto_version(made.server, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(made.server, TLS1_1_VERSION);
        upstream twenty(echo, made.server);
        http::client_options o;
        o.base_url = "https://localhost:" + std::to_string(twenty.port);
        o.ca_file = made.ca_file();
        caller c(o);
        const auto answer = c.call(read_of("/x"));
        REQUIRE_FALSE(answer);
        CHECK(has(answer.failure().message, "TLS handshake failed"));
    }
    SECTION("no TLS at all, and a handshake that hangs") {
        upstream twenty([](upstream_connection& c, int) { c.request(); });
        http::client_options o;
        o.base_url = "https://localhost:" + std::to_string(twenty.port);
        o.connect_deadline = 300ms;
        caller c(o);
        const auto answer = c.call(read_of("/x"));
        REQUIRE_FALSE(answer);
        CHECK(answer.failure().code == errc::upstream_down);
        CHECK(has(answer.failure().message, "took too long"));
    }
}

TEST_CASE("no line break and nothing odd gets into a request", "[client]") {
    upstream twenty(echo);
    caller c(twenty.port);
    for (const char* target : {"", "x", "/a b", "/a\r\nX: y", "http://evil/"})
        CHECK_FALSE(c.call(read_of(target)));
    auto odd = read_of("/x");
    odd.method = "GET /y HTTP/1.1\r\nX:";
    CHECK_FALSE(c.call(odd));
    auto promise = std::make_shared<std::promise<errc>>();
    auto key_error = promise->get_future();
    c.thread.on_thread([&] {
        c.client->send(read_of("/x"), secret(std::string("a\r\nX: y")), 5s,
                       [promise](result<twenty::response> a) {
                           promise->set_value(a ? errc::internal : a.failure().code);
                       });
        return 0;
    });
    CHECK(key_error.get() == errc::upstream_auth);
    CHECK(twenty.accepted == 0);
}

TEST_CASE("a base URL is a scheme, a host, and perhaps a port and a path", "[client]") {
    const auto full = http::parse_base_url("https://CRM.example.com:8443/a/b/");
    REQUIRE(full);
    CHECK(full->tls);
    CHECK(full->host == "crm.example.com");
    CHECK(full->port == "8443");
    CHECK(full->authority == "crm.example.com:8443");
    CHECK(full->path == "/a/b");
    const auto six = http::parse_base_url("http://[::1]");
    REQUIRE(six);
    CHECK(six->host == "::1");
    CHECK(six->authority == "[::1]");
    CHECK(six->port == "80");
    for (const char* bad :
         {"", "crm.example.com", "ftp://a", "https://", "https://u@a", "https://a?b", "https://a#b",
          "https://a:0", "https://a:99999", "https://a b"}) {
        INFO(bad);
        CHECK_FALSE(http::parse_base_url(bad));
    }
    background other;
    http::client_options o;
    o.base_url = "https://a";
    o.ca_file = "/nowhere/ca.pem";
    CHECK_FALSE(http::https_client::create(other.io, o));
}

TEST_CASE("a completion that throws costs its own exchange and no connection", "[client]") {
    upstream twenty(echo);
    auto options = caller::options_for(twenty.port);
    options.max_connections = 1;
    caller c(std::move(options));
    for (int i = 0; i < 3; ++i)
        c.thread.on_thread([&] {
            c.client->send(read_of("/thrown"), secret(std::string("k3y")), 5s,
                           [](result<twenty::response>) { throw std::runtime_error("mine"); });
            return 0;
        });
    for (int i = 0; i < 3; ++i)
        CHECK(c.call(read_of("/after")).ok());
}
