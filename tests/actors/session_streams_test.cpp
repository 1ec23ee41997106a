#include "actors/session_streams.hpp"
#include "tests/support/catch.hpp"

namespace {

struct reader final : actors::outlet {
    std::vector<std::string> got;
    bool ended = false;

    void send(std::string_view, std::string_view json) override { got.emplace_back(json); }
    void prime(std::string_view, std::chrono::milliseconds) override {}
    void end() override { ended = true; }
    void watch(std::function<void(ending)>) override {}
};

} // namespace

TEST_CASE("The late end of a reader does not cut off the one that took its place") {
    auto connected = std::make_shared<std::size_t>(0);
    actors::session_streams streams(std::make_shared<actors::settings>(), connected);
    const auto first = std::make_shared<reader>();
    const auto second = std::make_shared<reader>();
    const actors::deadline now{};
    const auto stream = streams.open(first, true);
    streams.attach(stream, second, true);
    CHECK(first->ended);
    streams.disconnect(stream, first.get());
    streams.send(stream, "{}", now);
    CHECK(second->got == std::vector<std::string>{"{}"});
    CHECK(*connected == 1);
    streams.disconnect(stream, second.get());
    CHECK(*connected == 0);
}
