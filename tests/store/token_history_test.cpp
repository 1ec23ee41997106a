#include "tests/store/token_history.hpp"

#include "tests/support/catch.hpp"

#include <random>

TEST_CASE("in whatever order they come, exchanges, repeats, ends and restarts keep to the rules",
          "[token_history]") {
    std::map<store_tests::answer, std::size_t> answers;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        std::mt19937_64 random(seed);
        std::string bytes;
        while (bytes.size() < 1200)
            bytes.push_back(static_cast<char>(random()));
        const auto played = store_tests::play(bytes);
        INFO("seed " << seed);
        CHECK(played.disagreement.empty());
        if (!played.disagreement.empty()) FAIL(played.disagreement);
        for (const auto& [which, times] : played.answers)
            answers[which] += times;
    }
    using enum store_tests::answer;
    for (const auto each : {refused, new_pair, same_pair, end}) {
        INFO(static_cast<int>(each));
        CHECK(answers[each] > 100);
    }
}
