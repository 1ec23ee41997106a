// A real server on a real port whose handler says back what it saw, and whose streams a test
// writes.
#pragma once

#include "http/event_stream.hpp"
#include "tests/http/raw_socket.hpp"
#include "tests/support/catch.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace testing {

namespace asio = boost::asio;

struct running {
    background thread;
    std::atomic<int> handled{0};
    std::atomic<bool> cancelled{false};
    std::optional<http::server> server;
    std::uint16_t port = 0;
    // Of the last answer to /stream and its like; on the thread only.
    std::shared_ptr<http::event_stream> stream;
    std::vector<actors::outlet::ending> told;
    std::atomic<int> gone{0};

    static http::server_options quiet() {
        http::server_options o;
        o.port = 0;
        o.access_log = false;
        return o;
    }

    explicit running(http::server_options options = quiet()) {
        port = thread.on_thread([&] {
            server.emplace(
                thread.io, std::move(options),
                [this](http::request r) { return answer(this, std::move(r)); },
                [](const http::request& head) -> std::optional<std::size_t> {
                    if (head.path == "/unread") return std::nullopt;
                    return head.path == "/small" ? std::size_t{10} : std::size_t{1 << 20};
                });
            server->check_heads_with([](const http::request& head) {
                std::optional<http::response> refused;
                if (head.path == "/checked" && !head.has("authorization"))
                    refused.emplace(401, "text/plain", "no token");
                return refused;
            });
            auto started = server->start();
            return started ? *started : std::uint16_t{0};
        });
    }
    ~running() {
        thread.on_thread([&] {
            server.reset();
            return 0;
        });
    }

    bool connections_become(std::size_t wanted) {
        const auto now = [this] { return thread.on_thread([&] { return server->connections(); }); };
        for (int i = 0; i < 60 && now() != wanted; ++i)
            std::this_thread::sleep_for(50ms);
        return now() == wanted;
    }

    static asio::awaitable<void> wait(std::chrono::milliseconds time) {
        asio::steady_timer timer(co_await asio::this_coro::executor, time);
        co_await timer.async_wait(asio::use_awaitable);
    }

    // As a session's own stream: it ends when it is told to.
    static void lasting(http::event_stream& stream) {
        stream.lasts();
        stream.watch([&stream](auto why) {
            if (why == actors::outlet::ending::stopping) stream.end();
        });
    }

    // Says back what it saw.
    static asio::awaitable<http::response> answer(running* self, http::request r) {
        ++self->handled;
        if (r.path == "/throw") throw std::runtime_error("boom");
        if (r.path == "/slow") co_await wait(600ms);
        if (r.path.starts_with("/stream")) {
            self->stream = std::make_shared<http::event_stream>(
                self->thread.io, std::make_shared<http::waiting_events>(),
                r.path == "/stream-quiet" ? 15000ms : 100ms);
            self->stream->watch([self](auto why) { self->told.push_back(why); });
            if (r.path == "/stream-lasting") lasting(*self->stream);
            auto a = http::stream_response(self->stream);
            if (r.path == "/stream-split") a.set("X-Name", "a\r\nb");
            co_return a;
        }
        if (r.path == "/watched") r.watch->on_gone = [self] { ++self->gone; };
        if (r.path == "/hang-late")
            r.watch->late = [] { return http::response(503, "text/x-late", "cut off"); };
        if (r.path.starts_with("/hang") || r.path == "/watched") {
            try {
                co_await wait(60s);
            } catch (const std::exception&) {
                self->cancelled = true;
                throw;
            }
        }
        if (r.path == "/split") {
            http::response a(200, "text/plain", "x");
            a.set("X-Name", "a\r\nSet-Cookie: stolen=1");
            co_return a;
        }
        if (r.path == "/nothing") {
            http::response a;
            a.status = http::no_answer;
            co_return a;
        }
        if (r.path == "/none") {
            http::response a;
            a.status = 204;
            co_return a;
        }
        std::string body = r.method + " " + r.path + " q=" + r.query + " peer=" + r.peer +
                           " auth=" + std::string(r.header("authorization")) + " body=" + r.body;
        if (r.path == "/local") body = r.local ? "local" : "network";
        if (r.path == "/large") body.assign(16 << 20, 'x');
        if (r.path == "/big") body.assign(40 << 20, 'x');
        co_return http::response(200, "text/plain", std::move(body));
    }
};

inline std::string get(std::string_view target, std::string_view more = {}) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n" + std::string(more) + "\r\n";
}

inline std::string post(std::string_view target, std::string_view body) {
    return "POST " + std::string(target) +
           " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
}

} // namespace testing
