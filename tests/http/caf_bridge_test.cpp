// The bridge with the real scheduler: one io_context runs the coroutines and the actors, the
// store has its own thread.
#include "http/caf_bridge.hpp"

#include "actors/system.hpp"
#include "http/asio_executor.hpp"
#include "tests/support/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;

// A Twenty that never answers.
class silent final : public twenty::transport {
  public:
    ticket send(twenty::request, secret, std::chrono::milliseconds, completion) override {
        return 1;
    }
    void cancel(ticket) override {}
};

template <class T> using box = std::shared_ptr<std::optional<result<T>>>;

template <class Message>
boost::asio::awaitable<void> ask_into(http::caf_bridge& bridge, Message m,
                                      box<typename Message::reply> out) {
    auto answer = co_await bridge.ask(std::move(m));
    out->emplace(std::move(answer));
}

struct service {
    boost::asio::io_context io;
    http::asio_executor executor{io};
    silent twenty;
    std::unique_ptr<actors::system> system;
    std::unique_ptr<http::caf_bridge> bridge;

    explicit service(std::size_t max_pending = 4096) {
        stored::options opts;
        opts.path = ":memory:";
        opts.key = secret(std::string(32, 'k'));
        opts.resource = "https://crm.example.com/mcp";
        auto opened = actors::store_file::open(opts);
        REQUIRE(opened.ok());
        system = std::make_unique<actors::system>(executor, twenty, std::move(opened).value(),
                                                  actors::settings());
        bridge = std::make_unique<http::caf_bridge>(io, *system, max_pending);
    }
    template <class Message> box<typename Message::reply> ask(Message m) {
        auto out = std::make_shared<std::optional<result<typename Message::reply>>>();
        boost::asio::co_spawn(io, ask_into(*bridge, std::move(m), out), boost::asio::detached);
        return out;
    }
    template <class T> result<T> wait(const box<T>& out) {
        for (int i = 0; i < 1000 && !out->has_value(); ++i)
            executor.run_ready(10ms);
        REQUIRE(out->has_value());
        return **out;
    }
};

// Shaped like a key, so that the check reaches Twenty.
secret jwt_shaped() {
    return secret(std::string_view(
        "eyJhbGciOiJIUzI1NiJ9."
        "eyJzdWIiOiIyMDIwMjAyMC0xYzI1LTRkMDItYmYyNS02YWVjY2Y3ZWE0MTkiLCJ0eXBlIjoiQVBJX0tFWSJ9."
        "c2ln"));
}

} // namespace

TEST_CASE("a coroutine asks the store's thread through the actors and gets the answer",
          "[caf_bridge]") {
    service s;
    const auto written = s.wait(s.ask(actors::write_upload(stored::the_primer, "Hello.")));
    REQUIRE(written.ok());
    CHECK(written->text == "Hello.");
    const auto read = s.wait(s.ask(actors::read_upload(stored::the_primer)));
    REQUIRE(read.ok());
    REQUIRE((*read).has_value());
    CHECK((*read)->text == "Hello.");
    const auto status = s.wait(s.ask(actors::get_status()));
    REQUIRE(status.ok());
    CHECK(status->ready);
}

TEST_CASE("an error of an actor arrives in the coroutine as it was", "[caf_bridge]") {
    service s;
    const auto bad = s.wait(s.ask(actors::check_token(secret(std::string_view("twa_x")))));
    REQUIRE_FALSE(bad.ok());
    CHECK(bad.failure().code == errc::unauthenticated);
}

TEST_CASE("beyond the bound of open questions the answer is busy, at once", "[caf_bridge]") {
    service s(2);
    const auto first = s.ask(actors::check_key(jwt_shaped()));
    const auto second = s.ask(actors::check_key(jwt_shaped()));
    for (int i = 0; i < 10; ++i)
        s.executor.run_ready(1ms);
    CHECK_FALSE(first->has_value());
    CHECK_FALSE(second->has_value());
    const auto third = s.wait(s.ask(actors::check_key(jwt_shaped())));
    CHECK(third.failure().code == errc::busy);
    s.system->stop();
    CHECK(s.wait(first).failure().code == errc::unavailable);
    CHECK(s.wait(second).failure().code == errc::unavailable);
}

TEST_CASE("questions after the stop are answered unavailable", "[caf_bridge]") {
    service s;
    s.system->stop();
    const auto late = s.wait(s.ask(actors::get_status()));
    CHECK(late.failure().code == errc::unavailable);
}

TEST_CASE("many questions at once are all answered", "[caf_bridge]") {
    service s;
    std::vector<box<std::optional<stored::upload_record>>> reads;
    std::vector<box<stored::upload_record>> writes;
    for (int i = 0; i < 200; ++i) {
        reads.push_back(s.ask(actors::read_upload(stored::the_primer)));
        writes.push_back(s.ask(actors::write_upload(stored::the_primer, std::to_string(i))));
    }
    for (const auto& r : reads)
        CHECK(s.wait(r).ok());
    for (const auto& w : writes)
        CHECK(s.wait(w).ok());
}
