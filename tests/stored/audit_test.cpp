#include "stored/audit.hpp"

#include "tests/support/catch.hpp"

#include <set>

TEST_CASE("every kind has its row in the table, a name of its own and a meaning", "[audit]") {
    std::set<std::string_view> names;
    for (const auto& rule : stored::audit_rules()) {
        INFO(rule.name);
        CHECK(&stored::rule_of(rule.kind) == &rule);
        CHECK(stored::audit_kind_named(rule.name) == rule.kind);
        CHECK_FALSE(rule.meaning.empty());
        CHECK(names.insert(rule.name).second);
    }
    CHECK_FALSE(stored::audit_kind_named("no_such_kind"));
}
