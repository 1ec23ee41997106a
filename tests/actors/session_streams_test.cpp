#include "actors/session_streams.hpp"
#include "tests/actors/support.hpp"

using namespace actors_test;
using actors::session_streams;

namespace {

struct stream_desk {
    actors::settings numbers;
    std::shared_ptr<std::size_t> connected = std::make_shared<std::size_t>(0);
    std::shared_ptr<std::size_t> kept = std::make_shared<std::size_t>(0);
    std::optional<session_streams> streams;
    actors::deadline now{std::chrono::hours(1)};

    explicit stream_desk(actors::settings s = {}) : numbers(std::move(s)) {
        streams.emplace(std::make_shared<const actors::settings>(numbers), connected, kept);
    }
    void send(session_streams::number to, const std::string& json) { streams->send(to, json, now); }
    reader resumed(const std::string& after) {
        auto out = std::make_shared<fake_outlet>();
        streams->resume(after, out, now);
        return out;
    }
};

reader made() { return std::make_shared<fake_outlet>(); }

std::vector<std::string> bodies(const reader& r) {
    std::vector<std::string> out;
    for (const auto& e : r->events)
        out.push_back(e.json);
    return out;
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("a reader that comes back gets what its own stream sent meanwhile, once and in order",
          "[session_streams]") {
    stream_desk d;
    const auto first = made();
    const auto other = made();
    const auto stream = d.streams->open(first, true);
    const auto another = d.streams->open(other, true);
    d.send(stream, "1");
    d.send(another, "x");
    d.send(stream, "2");
    d.streams->disconnect(stream);
    d.send(stream, "3");
    d.send(another, "y");
    const auto back = d.resumed(first->events.front().id);
    CHECK(bodies(back) == texts{"2", "3"});
    CHECK_FALSE(back->ended);
    d.send(stream, "4");
    CHECK(bodies(back) == texts{"2", "3", "4"});
    CHECK(bodies(first) == texts{"1", "2"});
    CHECK(bodies(other) == texts{"x", "y"});
}

TEST_CASE("a stream that came to its end while nobody read gives the rest and ends",
          "[session_streams]") {
    stream_desk d;
    const auto first = made();
    const auto stream = d.streams->open(first, true);
    d.send(stream, "1");
    d.streams->disconnect(stream);
    d.send(stream, "2");
    d.streams->finish(stream);
    const auto back = d.resumed(first->events.front().id);
    CHECK(bodies(back) == texts{"2"});
    CHECK(back->ended);
    CHECK(*d.connected == 0);
}

TEST_CASE("an event id says nothing to another session or to what was never given out",
          "[session_streams]") {
    stream_desk d;
    stream_desk stranger;
    const auto first = made();
    const auto stream = d.streams->open(first, true);
    d.send(stream, "1");
    const auto id = first->events.front().id;
    CHECK(d.streams->stream_of(id) == stream);
    CHECK_FALSE(stranger.streams->stream_of(id));
    const auto tag = id.substr(0, id.find('.'));
    for (const auto& made_up :
         {std::string(), std::string("x"), tag, tag + ".", tag + ".2", tag + ".2.", tag + ".2.1x",
          tag + ".-2.1", tag + ".9.1", tag + ".2.9", tag + ".2.1.1", "x" + id, tag + "x.2.1",
          tag + ".2.99999999999999999999"}) {
        INFO(made_up);
        CHECK_FALSE(d.streams->stream_of(made_up));
    }
}

TEST_CASE("what is kept for those who come back is bounded in number, size and age",
          "[session_streams]") {
    actors::settings s;
    s.replay_events = 3;
    s.replay_bytes = 100;
    s.replay_age = 5min;
    stream_desk d(s);
    const auto first = made();
    const auto stream = d.streams->open(first, true);
    d.streams->prime(stream);
    REQUIRE(first->primed.size() == 1);
    const auto start = first->primed.front();
    for (const auto* text : {"1", "2", "3", "4"})
        d.send(stream, text);
    CHECK(bodies(d.resumed(start)) == texts{"2", "3", "4"});
    d.send(stream, std::string(99, 'x'));
    CHECK(bodies(d.resumed(start)) == texts{"4", std::string(99, 'x')});
    d.send(stream, std::string(101, 'y')); // larger than all that may be kept
    CHECK(bodies(d.resumed(start)).empty());
    d.send(stream, "5");
    d.now += 5min;
    CHECK(bodies(d.resumed(start)) == texts{"5"});
    d.now += 1s;
    CHECK(bodies(d.resumed(start)).empty());
}

TEST_CASE("a new reader takes the place of the one before, which ends and is not listened to",
          "[session_streams]") {
    stream_desk d;
    const auto old = made();
    const auto next = made();
    d.streams->attach(session_streams::standalone, old, true);
    const auto before = d.streams->reader(session_streams::standalone);
    old->watch([](actors::outlet::ending) {});
    d.streams->attach(session_streams::standalone, next, true);
    CHECK(old->ended);
    CHECK_FALSE(old->watched());
    CHECK(d.streams->reader(session_streams::standalone) != before);
    CHECK(*d.connected == 1);
    d.send(session_streams::standalone, "1");
    CHECK(bodies(next) == texts{"1"});
    CHECK(bodies(old).empty());
}

TEST_CASE("a stream that cannot be resumed is gone with its reader, and nothing of it is kept",
          "[session_streams]") {
    stream_desk d;
    const auto only = made();
    const auto stream = d.streams->open(only, false);
    d.send(stream, "1");
    CHECK(only->events.front().id.empty());
    d.streams->disconnect(stream);
    CHECK_FALSE(d.streams->has(stream));
    d.send(stream, "2");
    CHECK(bodies(only) == texts{"1"});
}

TEST_CASE("the count of connected streams is right on every way that they end",
          "[session_streams]") {
    stream_desk d;
    const auto count = [&] { return *d.connected; };
    const auto a = d.streams->open(made(), true);
    const auto b = d.streams->open(made(), true);
    const auto c = d.streams->open(made(), false);
    d.streams->attach(session_streams::standalone, made(), true);
    CHECK(count() == 4);
    d.streams->disconnect(a);
    d.streams->disconnect(a);
    CHECK(count() == 3);
    const auto handed_back = d.streams->let_go(b);
    REQUIRE(handed_back);
    CHECK(count() == 2);
    CHECK_FALSE(d.streams->let_go(b));
    d.streams->finish(c);
    d.streams->finish(c);
    CHECK(count() == 1);
    const auto last = made();
    d.streams->attach(a, last, true);
    CHECK(count() == 2);
    d.streams.reset();
    CHECK(count() == 0);
    CHECK(last->ended);
}

TEST_CASE(
    "what the streams of all sessions keep has one bound, and whoever keeps more gives its own",
    "[session_streams]") {
    actors::settings small;
    small.replay_total = 100;
    stream_desk d(small);
    stream_desk other(small);
    other.streams.emplace(std::make_shared<const actors::settings>(small), other.connected, d.kept);
    const auto there = made();
    const auto quiet = other.streams->open(there, true);
    other.send(quiet, "first");
    other.send(quiet, std::string(40, 'q'));
    CHECK(*d.kept == 45);

    const auto here = made();
    const auto loud = d.streams->open(here, true);
    d.send(loud, "first");
    for (int i = 0; i < 10; ++i)
        d.send(loud, std::string(20, 'l'));
    CHECK(*d.kept == 85);
    CHECK(bodies(here).size() == 11); // what is read misses nothing
    CHECK(bodies(other.resumed(there->events.front().id)) == texts{std::string(40, 'q')});
    CHECK(bodies(d.resumed(here->events.front().id)) == texts(2, std::string(20, 'l')));

    d.streams.reset();
    CHECK(*other.kept == 0);
    CHECK(*d.kept == 45); // the other session's
    other.streams.reset();
    CHECK(*d.kept == 0);
}
