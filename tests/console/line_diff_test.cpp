#include "console/line_diff.hpp"

#include "tests/support/catch.hpp"

#include <random>
#include <vector>

using console::line_diff;

namespace {

std::string numbered(int from, int to) {
    std::string out;
    for (int i = from; i <= to; ++i)
        out += std::to_string(i) + "\n";
    return out;
}

// What patch makes of it: the lines of the hunks, and what lies between them from `before`.
std::string patched(const std::string& before, const std::string& diff) {
    std::vector<std::string> old;
    for (std::size_t at = 0; at < before.size();) {
        const auto end = std::min(before.find('\n', at), before.size() - 1) + 1;
        old.push_back(before.substr(at, end - at));
        at = end;
    }
    std::string out;
    std::size_t taken = 0;
    std::size_t at = diff.find("@@ -");
    while (at < diff.size()) {
        const auto end = diff.find('\n', at) + 1;
        auto line = diff.substr(at, end - at);
        at = end;
        if (line.starts_with("@@ -")) {
            std::size_t read = 0;
            auto start = std::stoul(line.substr(4), &read);
            const bool none = line.substr(4 + read).starts_with(",0");
            for (start -= none ? 0 : 1; taken < start; ++taken)
                out += old[taken];
            continue;
        }
        if (line.starts_with('\\')) {
            continue;
        }
        if (diff.compare(at, 1, "\\") == 0) line.pop_back();
        if (line[0] != '+') CHECK(old.at(taken++) == line.substr(1));
        if (line[0] != '-') out += line.substr(1);
    }
    for (; taken < old.size(); ++taken)
        out += old[taken];
    return out;
}

} // namespace

TEST_CASE("a difference is told in the unified form, with three lines around it", "[line_diff]") {
    auto changed = numbered(1, 20);
    changed.replace(changed.find("10\n"), 3, "ten\n");
    CHECK(line_diff(numbered(1, 20), changed, "in use", "ours.md") == "--- in use\n+++ ours.md\n"
                                                                      "@@ -7,7 +7,7 @@\n"
                                                                      " 7\n 8\n 9\n-10\n+ten\n"
                                                                      " 11\n 12\n 13\n");
    CHECK(line_diff("a\n", "a\n", "x", "y").empty());
    CHECK(line_diff("", "a\n", "x", "y") == "--- x\n+++ y\n@@ -0,0 +1 @@\n+a\n");
    CHECK(line_diff("a\n", "", "x", "y") == "--- x\n+++ y\n@@ -1 +0,0 @@\n-a\n");
}

TEST_CASE("changes that are near share a hunk, and others have one each", "[line_diff]") {
    const auto hunks = [](int second) {
        auto text = numbered(1, 40);
        text.replace(text.find("\n10\n"), 4, "\nx\n");
        const auto other = "\n" + std::to_string(second) + "\n";
        text.replace(text.find(other), other.size(), "\ny\n");
        const auto found = line_diff(numbered(1, 40), text, "a", "b");
        CHECK(patched(numbered(1, 40), found) == text);
        return found.find("@@ -", found.find("@@ -") + 1) == std::string::npos ? 1 : 2;
    };
    CHECK(hunks(17) == 1);
    CHECK(hunks(18) == 2);
}

TEST_CASE("a last line without an end is told as such", "[line_diff]") {
    CHECK(line_diff("a\nb", "a\nb\n", "x", "y") ==
          "--- x\n+++ y\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n");
}

TEST_CASE("what a difference says makes one text of the other", "[line_diff]") {
    std::mt19937 random(7);
    const auto some = [&](int most) {
        std::string out;
        for (auto n = random() % static_cast<unsigned>(most); n > 0; --n)
            out.append(1, static_cast<char>('a' + random() % 3)).append("\n");
        if (random() % 4 == 0) out += "end";
        return out;
    };
    for (int i = 0; i < 3000; ++i) {
        const auto before = some(30);
        const auto after = some(30);
        INFO(before << "---\n" << after);
        CHECK(patched(before, line_diff(before, after, "a", "b")) == after);
    }
}

TEST_CASE("texts with more lines than are compared are told as replaced", "[line_diff]") {
    const auto before = "same\n" + numbered(1, 5000) + "same\n";
    const auto after = "same\n" + numbered(5001, 10'000) + "same\n";
    const auto found = line_diff(before, after, "a", "b");
    CHECK(patched(before, found) == after);
    CHECK(found.find("-5000\n+5001\n") != std::string::npos);
}
