#include "base/secret.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <set>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace {

template <class T>
concept streamable = requires(std::ostream& out, const T& what) {
    out << what;
};

// A secret goes nowhere by accident: no stream, no formatter, no string, no JSON, no log, no
// comparison that stops at the first difference.
static_assert(!streamable<secret>);
static_assert(!std::is_convertible_v<secret, std::string>);
static_assert(!std::is_convertible_v<secret, std::string_view>);
static_assert(!std::is_constructible_v<std::string, secret>);
static_assert(!std::is_constructible_v<json::value, secret>);
static_assert(!std::is_constructible_v<logging::pair, std::string_view, secret>);
static_assert(!std::is_convertible_v<std::string, secret>);
template <class T>
concept comparable = requires(const T& a, const T& b) {
    a == b;
};
static_assert(!comparable<secret>);

} // namespace

TEST_CASE("a secret keeps its bytes through copies and moves, and what it leaves is empty",
          "[secret]") {
    for (const std::size_t size : {std::size_t{1}, std::size_t{15}, std::size_t{16},
                                   std::size_t{700}, std::size_t{1024}, std::size_t{5000}}) {
        const std::string text(size, 'k');
        secret first(text);
        secret copy(first);
        secret moved(std::move(first));
        CHECK(moved.reveal() == text);
        CHECK(copy.reveal() == text);
        CHECK(first.empty()); // NOLINT(bugprone-use-after-move)
        copy = moved;
        moved = std::move(copy);
        CHECK(moved.reveal() == text);
    }
}

// Such a text is in the object itself, as the library's strings keep short ones.
TEST_CASE("a short secret that was moved, replaced or ended leaves none of its bytes", "[secret]") {
    constexpr std::string_view text = "k3y-k3y-k3y";
    alignas(secret) std::array<char, sizeof(secret)> place{};
    const auto left = [&] { return std::string_view(place.data(), place.size()).find("k3y"); };
    auto* kept = new (place.data()) secret(text);
    REQUIRE(left() != std::string_view::npos);
    const secret moved(std::move(*kept));
    CHECK(left() == std::string_view::npos);
    *kept = moved;
    REQUIRE(left() != std::string_view::npos);
    *kept = secret();
    CHECK(left() == std::string_view::npos);
    *kept = moved;
    secret taken;
    taken = std::move(*kept);
    CHECK(left() == std::string_view::npos);
    *kept = moved;
    kept->~secret();
    CHECK(left() == std::string_view::npos);
}

TEST_CASE("more secrets than the locked block holds, on several threads, stay apart", "[secret]") {
    REQUIRE(crypto::start());
    const auto work = [](char mark) {
        std::vector<secret> held;
        bool good = true;
        for (int round = 0; round < 20; ++round) {
            for (int i = 0; i < 100; ++i)
                held.emplace_back(std::string(20 + static_cast<std::size_t>(i) * 9, mark));
            for (const auto& one : held)
                good = good && one.reveal().find_first_not_of(mark) == std::string_view::npos;
            held.erase(held.begin(), held.begin() + 30);
        }
        return good;
    };
    bool good[2] = {false, false};
    std::thread other([&] { good[1] = work('b'); });
    good[0] = work('a');
    other.join();
    CHECK(good[0]);
    CHECK(good[1]);
}

TEST_CASE("a slot that is given back is wiped and taken again", "[secret][plan-123]") {
    auto* const place = static_cast<char*>(locked_memory::take(100));
    std::fill(place, place + 100, 'x');
    locked_memory::give_back(place, 100);
    auto* const again = static_cast<char*>(locked_memory::take(50));
    CHECK(again == place);
    // The first bytes hold the list of free slots.
    CHECK(std::string(again + sizeof(void*), 100 - sizeof(void*)) ==
          std::string(100 - sizeof(void*), '\0'));
    locked_memory::give_back(again, 50);
}
