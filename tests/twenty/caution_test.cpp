#include "twenty/caution.hpp"

#include "tests/support/catch.hpp"
#include "twenty/connection.hpp"

using twenty::asking;
using twenty::asking_named;
using twenty::caution_of;
using twenty::caution_rules;
using twenty::change_quota;
using twenty::from_props;

TEST_CASE("each way of asking has a name that is read back, and no other name is one",
          "[caution]") {
    for (const auto each : {asking::nothing, asking::risky, asking::every})
        CHECK(asking_named(twenty::name_of(each)) == each);
    for (const auto* other : {"", "Risky", "all", "every "})
        CHECK_FALSE(asking_named(other));
}

TEST_CASE("a person is asked for what they chose, and for nothing less than the floor",
          "[caution]") {
    caution_rules rules;
    rules.above = 5;
    struct row {
        twenty::planned_change what;
        bool nothing, risky, every;
    };
    const row rows[] = {
        {{1, false, false, false}, false, false, true},
        {{5, false, false, false}, false, false, true},
        {{6, false, false, false}, false, true, true},
        {{1, true, false, false}, false, true, true},
        {{0, false, true, false}, false, true, true},
        {{1, false, false, true}, true, true, true},
        {{0, false, false, false}, false, false, false},
    };
    for (const auto& each : rows) {
        const auto asks = [&](asking chosen, asking floor) {
            rules.floor = floor;
            return twenty::needs_asking(caution_of(chosen, {}, rules), each.what);
        };
        INFO(each.what.records << each.what.deletes << each.what.alters_model);
        CHECK(asks(asking::nothing, asking::nothing) == each.nothing);
        CHECK(asks(asking::risky, asking::nothing) == each.risky);
        CHECK(asks(asking::every, asking::nothing) == each.every);
        CHECK(asks(asking::nothing, asking::risky) == each.risky);
        CHECK(asks(asking::nothing, asking::every) == each.every);
        CHECK(asks(asking::every, asking::risky) == each.every);
    }
}

TEST_CASE("a quota is what was chosen, else the usual one, and never more than the most",
          "[caution]") {
    caution_rules rules;
    rules.usual = {10, 100};
    rules.most = {20, 150};
    const auto quota = [&](change_quota chosen) {
        return caution_of(asking::nothing, chosen, rules).quota;
    };
    CHECK(quota({}) == change_quota{10, 100});
    CHECK(quota({1, 0}) == change_quota{1, 100});
    CHECK(quota({21, 1'000}) == change_quota{20, 150});
    rules.most = {5, 50};
    CHECK(quota({}) == change_quota{5, 50});
}

TEST_CASE("what a person chose stays with the connection, and damage is no choice", "[caution]") {
    twenty::connection c;
    c.api_key = secret(std::string("key"));
    c.ask = asking::every;
    c.quota = {7, 70};
    c.browser = "browser";
    const auto back = from_props(twenty::to_props(c));
    REQUIRE(back.ok());
    CHECK(back->ask == asking::every);
    CHECK(back->quota == change_quota{7, 70});
    CHECK(back->browser == "browser");
    const auto old = from_props(secret(std::string(R"({"v":1,"api_key":"k","mode":"write"})")));
    REQUIRE(old.ok());
    CHECK(old->ask == asking::nothing);
    CHECK(old->quota == change_quota{});
    for (const auto* damaged : {R"({"v":1,"api_key":"k","mode":"write","ask":"never"})",
                                R"({"v":1,"api_key":"k","mode":"write","ask":null})",
                                R"({"v":1,"api_key":"k","mode":"write","ask":1})"})
        CHECK_FALSE(from_props(secret(std::string(damaged))).ok());
}
