#include "actors/held_calls.hpp"
#include "base/json.hpp"
#include "tests/support/catch.hpp"

#include <vector>

namespace {

using actors::held_calls;

constexpr held_calls::limits small{100, 150, 200, 10, 0};

std::shared_ptr<held_calls> calls_of(held_calls::limits most = small) {
    return std::make_shared<held_calls>(most);
}

} // namespace

TEST_CASE("a grant's calls hold no more than its part, and give back what they held",
          "[held_calls]") {
    const auto all = calls_of();
    auto first = all->take("a", 60);
    REQUIRE(first);
    CHECK_FALSE(all->take("a", 41));
    CHECK(all->take("b", 41)); // given back at once
    {
        const auto second = all->take("a", 40);
        REQUIRE(second);
        CHECK(all->bytes() == 100);
    }
    CHECK(all->bytes() == 60);
    CHECK(all->take("a", 40));
    first.reset();
    CHECK(all->bytes() == 0);
    CHECK(all->take("a", 100));
    CHECK_FALSE(all->take("a", 101));
    CHECK(all->bytes() == 0);
}

TEST_CASE("large messages leave the usual ones their reserve", "[held_calls]") {
    const auto all = calls_of();
    std::vector<held_calls::hold> held;
    for (const auto* grant : {"a", "b", "c"})
        held.push_back(*all->take(grant, 50));
    CHECK_FALSE(all->take("d", 11));
    for (int i = 0; i < 5; ++i)
        held.push_back(*all->take("d", 10));
    CHECK(all->bytes() == 200);
    CHECK_FALSE(all->take("e", 1));
    held.clear();
    CHECK(all->bytes() == 0);
}

TEST_CASE("small messages count in all, and not for their grant", "[held_calls]") {
    const auto all = calls_of({100, 150, 200, 10, 5});
    std::vector<held_calls::hold> held;
    held.push_back(*all->take("a", 100));
    for (int i = 0; i < 20; ++i)
        held.push_back(*all->take("a", 5));
    CHECK_FALSE(all->take("a", 6));
    CHECK_FALSE(all->take("b", 5));
    CHECK(all->bytes() == 200);
    held.clear();
    CHECK(all->bytes() == 0);
    CHECK(all->take("a", 100));
}

TEST_CASE("what a call holds is given back once, by its last owner, also after all others",
          "[held_calls]") {
    auto all = calls_of();
    auto first = *all->take("a", 30);
    auto second = *all->take("b", 20);
    first = std::move(second);
    CHECK(all->bytes() == 50);
    {
        const auto last = std::move(first);
        CHECK(all->bytes() == 50);
        all.reset();
    }
}

TEST_CASE("a tree's size counts its values, its names and its texts, wherever they lie",
          "[held_calls]") {
    const auto size = [](std::string_view text) {
        return json::held_bytes(*json::parse(text, json::inbound));
    };
    CHECK(size("1") >= sizeof(json::value));
    CHECK(size("{}") >= sizeof(json::value));
    const std::string thousand(1000, 'x');
    CHECK(size('"' + thousand + '"') >= size("1") + 1000);
    CHECK(size("{\"" + thousand + "\":1}") >= size("{}") + 1000);
    std::string items = "[0";
    for (int i = 1; i < 1000; ++i)
        items += ",[]";
    CHECK(size(items + "]") >= 1000 * sizeof(json::value));
    CHECK(size(R"({"a":{"b":["c",{"d":1}]}})") > size(R"({"a":{"b":["c"]}})"));
}
