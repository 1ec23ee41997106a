// A client of Twenty on a thread of its own, whose calls a test makes as if they did not wait.
#pragma once

#include "http/https_client.hpp"
#include "tests/http/upstream.hpp"
#include "tests/support/catch.hpp"

#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace testing {

struct caller {
    background thread;
    std::unique_ptr<http::https_client> client;

    explicit caller(http::client_options o) {
        auto made = http::https_client::create(thread.io, std::move(o));
        REQUIRE(made);
        client = std::move(made).value();
    }
    caller(std::uint16_t port, std::string path = {}) : caller(options_for(port, path)) {}
    ~caller() {
        thread.on_thread([&] {
            client.reset();
            return 0;
        });
    }

    static http::client_options options_for(std::uint16_t port, std::string path = {}) {
        http::client_options o;
        o.base_url = "http://127.0.0.1:" + std::to_string(port) + path;
        return o;
    }

    std::future<result<twenty::response>> start(twenty::request r,
                                                std::chrono::milliseconds deadline = 5s) {
        auto promise = std::make_shared<std::promise<result<twenty::response>>>();
        auto answer = promise->get_future();
        thread.on_thread([&] {
            last = client->send(
                std::move(r), secret(std::string("k3y")), deadline,
                [promise](result<twenty::response> a) { promise->set_value(std::move(a)); });
            return 0;
        });
        return answer;
    }
    result<twenty::response> call(twenty::request r, std::chrono::milliseconds deadline = 5s) {
        auto pending = start(std::move(r), deadline);
        if (pending.wait_for(10s) != std::future_status::ready)
            throw std::runtime_error("no answer");
        return pending.get();
    }
    std::size_t connections() {
        return thread.on_thread([&] { return client->open_connections(); });
    }

    bool connections_become(std::size_t wanted) {
        for (int i = 0; i < 100 && connections() != wanted; ++i)
            std::this_thread::sleep_for(20ms);
        return connections() == wanted;
    }

    twenty::transport::ticket last = 0;
};

inline twenty::request read_of(std::string target) {
    twenty::request r;
    r.method = "GET";
    r.target = std::move(target);
    return r;
}

inline twenty::request write_of(std::string body, bool safe_to_repeat) {
    twenty::request r;
    r.target = "/graphql";
    r.body = std::move(body);
    r.is_write = true;
    r.safe_to_repeat = safe_to_repeat;
    return r;
}

} // namespace testing
