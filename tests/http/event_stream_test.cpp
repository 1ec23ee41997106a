#include "http/event_stream.hpp"

#include "tests/support/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using ending = actors::outlet::ending;

struct line {
    boost::asio::io_context io;
    std::shared_ptr<http::waiting_events> all = std::make_shared<http::waiting_events>();
    std::shared_ptr<http::event_stream> stream;
    std::vector<ending> told;

    explicit line(std::chrono::milliseconds keep_alive = 15s)
        : stream(std::make_shared<http::event_stream>(io, all, keep_alive)) {
        stream->watch([this](ending why) { told.push_back(why); });
    }
    // Begins to wait for the next piece; it comes with poll() or run().
    std::shared_ptr<std::optional<std::string>> wait() {
        auto out = std::make_shared<std::optional<std::string>>();
        boost::asio::co_spawn(io, stream->next(), [out](std::exception_ptr failed, std::string s) {
            CHECK_FALSE(failed);
            *out = std::move(s);
        });
        poll();
        return out;
    }
    void poll() {
        io.restart();
        io.poll();
    }
    std::string next() {
        const auto out = wait();
        REQUIRE(out->has_value());
        return **out;
    }
};

} // namespace

TEST_CASE("events are written as clients read them, one data line each", "[event_stream]") {
    line l;
    l.stream->send("t.1.1", R"({"a":1})");
    l.stream->send("", R"({"b":2})");
    l.stream->prime("t.1.3", 1500ms);
    CHECK(l.next() == "event: message\nid: t.1.1\ndata: {\"a\":1}\n\n"
                      "event: message\ndata: {\"b\":2}\n\n"
                      "retry: 1500\nid: t.1.3\ndata: \n\n");
}

TEST_CASE("whoever waits gets an event when it comes", "[event_stream]") {
    line l;
    const auto piece = l.wait();
    CHECK_FALSE(piece->has_value());
    l.stream->send("", "1");
    l.poll();
    CHECK(*piece == "event: message\ndata: 1\n\n");
    const auto last = l.wait();
    l.stream->end();
    l.poll();
    CHECK(*last == "");
}

TEST_CASE("what was sent before the end arrives, and what is sent after it does not",
          "[event_stream]") {
    line l;
    l.stream->send("", "1");
    l.stream->end();
    l.stream->send("", "2");
    l.stream->prime("x", 1s);
    CHECK(l.next() == "event: message\ndata: 1\n\n");
    CHECK(l.next().empty());
    l.stream->peer_gone();
    l.stream->stopping();
    CHECK(l.told.empty()); // it had ended by itself
}

TEST_CASE("a silent stream sends a comment now and then", "[event_stream]") {
    line l(20ms);
    const auto piece = l.wait();
    CHECK_FALSE(piece->has_value());
    l.io.restart();
    l.io.run_for(2s);
    REQUIRE(piece->has_value());
    CHECK(piece->value() == ": still here\n\n");
}

TEST_CASE("a stream that nobody reads ends before it grows too large, and says so once",
          "[event_stream]") {
    line l;
    for (int i = 0; i < 100'000; ++i)
        l.stream->send("", R"({"note":"one of very many notes"})");
    CHECK(l.told == std::vector{ending::slow});
    CHECK(l.next().empty());
    l.stream->peer_gone();
    CHECK(l.told.size() == 1);
}

TEST_CASE("one large message alone passes, a second one behind it does not", "[event_stream]") {
    line l;
    const std::string large(2 * http::event_stream::max_waiting, 'x');
    l.stream->send("", large);
    CHECK(l.told.empty());
    CHECK(l.next().size() > large.size());
    l.stream->send("", large);
    l.stream->send("", "1");
    CHECK(l.told == std::vector{ending::slow});
}

TEST_CASE("who begins to watch late is told at once what has happened", "[event_stream]") {
    line l;
    l.stream->watch(nullptr);
    l.stream->peer_gone();
    CHECK(l.told.empty());
    l.stream->watch([&](ending why) { l.told.push_back(why); });
    CHECK(l.told == std::vector{ending::gone});
    CHECK(l.next().empty());
}

TEST_CASE("streams together hold one bound, and the one that holds most ends", "[event_stream]") {
    line most;
    most.all = std::make_shared<http::waiting_events>(100'000);
    std::vector<ending> told[3];
    std::vector<std::shared_ptr<http::event_stream>> streams;
    for (auto& each : told) {
        streams.push_back(std::make_shared<http::event_stream>(most.io, most.all));
        streams.back()->watch([&each](ending why) { each.push_back(why); });
    }
    streams[0]->send("", std::string(30'000, 'a'));
    streams[1]->send("", std::string(40'000, 'b'));
    streams[2]->send("", std::string(20'000, 'c'));
    CHECK(most.all->bytes() > 90'000);
    CHECK(told[1].empty());
    streams[2]->send("", std::string(15'000, 'c'));
    CHECK(told[0].empty());
    CHECK(told[1] == std::vector{ending::slow});
    CHECK(told[2].empty());
    CHECK(most.all->bytes() > 65'000);
    CHECK(most.all->bytes() < 66'000);
    most.stream = streams[0];
    CHECK(most.next().size() > 30'000); // what is taken waits no longer
    CHECK(most.all->bytes() < 36'000);
    most.stream.reset();
    streams.clear();
    CHECK(most.all->bytes() == 0);
}

TEST_CASE("one stream alone may hold more than all should", "[event_stream]") {
    line l;
    l.all = std::make_shared<http::waiting_events>(1'000);
    l.stream = std::make_shared<http::event_stream>(l.io, l.all);
    l.stream->send("", std::string(5'000, 'x'));
    CHECK(l.next().size() > 5'000);
    CHECK(l.all->bytes() == 0);
}

TEST_CASE("a server that stops is told, and the stream still takes its last words",
          "[event_stream]") {
    line l;
    l.stream->stopping();
    l.stream->stopping();
    CHECK(l.told == std::vector{ending::stopping});
    l.stream->send("", "1");
    l.stream->end();
    CHECK(l.next() == "event: message\ndata: 1\n\n");
    CHECK(l.next().empty());
}

TEST_CASE("a client that goes while the server stops is told as well", "[event_stream]") {
    line l;
    l.stream->stopping();
    l.stream->peer_gone();
    CHECK(l.told == std::vector{ending::stopping, ending::gone});
}
