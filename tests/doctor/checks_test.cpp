#include "doctor/checks.hpp"

#include "base/text.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <set>

TEST_CASE("each check has a name of its own, a title, an advice and a function", "[checks]") {
    std::set<std::string_view> names;
    for (const auto& row : doctor::checks()) {
        INFO(row.name);
        CHECK(names.insert(row.name).second);
        CHECK(row.name.size() <= 21); // the table for people
        CHECK(std::all_of(row.name.begin(), row.name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || text::is_digit(c) || c == '-';
        }));
        CHECK_FALSE(row.title.empty());
        CHECK(row.advice.ends_with('.'));
        CHECK(row.title.find('|') == std::string_view::npos);
        CHECK(row.advice.find('|') == std::string_view::npos);
        CHECK(row.look != nullptr);
    }
}

TEST_CASE("a check needs only checks that come before it", "[checks]") {
    std::set<std::string> before;
    for (const auto& row : doctor::checks()) {
        INFO(row.name);
        if (!row.needs.empty())
            for (const auto& need : text::split(row.needs, ' '))
                CHECK(before.contains(need));
        before.insert(std::string(row.name));
    }
}
