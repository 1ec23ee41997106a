// How many records a connection may change.
#include "tests/store/support.hpp"

using namespace store_tests;

namespace {

stored::change_owner connected(store::store& s, const std::string& client = "client") {
    return {grant_of(s, login(s, start, consent(client))), secret(planted)};
}

result<bool> changes_records(store::store& s, const stored::change_owner& who, std::int64_t records,
                             stored::change_quota quota, time_point now = start) {
    static int number = 0;
    stored::new_change what;
    what.id = "c" + std::to_string(++number);
    what.call = "call";
    what.object = "person";
    what.effect = "update";
    what.ids = {"r"};
    what.records = records;
    what.quota = quota;
    auto begun = s.begin_change(what, who, now);
    if (begun) REQUIRE(s.commit().ok());
    return begun;
}

std::string over_quota(const result<bool>& outcome) {
    REQUIRE_FALSE(outcome.ok());
    CHECK(outcome.failure().code == errc::quota_used);
    return outcome.failure().message;
}

bool tells(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a connection changes as many records an hour as it may, and no more",
          "[change_quota][quota]") {
    auto s = open(at(":memory:"));
    const auto who = connected(s);
    const stored::change_quota quota{10, 100};
    CHECK(changes_records(s, who, 7, quota).ok());
    const auto why = over_quota(changes_records(s, who, 4, quota));
    CHECK(tells(why, "10 records an hour; 3 are left, and this would be 4"));
    CHECK(tells(why, "UTC"));
    CHECK(changes_records(s, who, 3, quota).ok());
    CHECK(s.quota_left(who.grant_id, quota, start)->hour == 0);
    CHECK(s.quota_left(who.grant_id, quota, start)->day == 90);
    over_quota(changes_records(s, who, 1, quota));
    // Another connection has its own.
    CHECK(changes_records(s, connected(s, "another"), 10, quota).ok());
    // An hour later there is room again, and of the day something is used.
    CHECK(changes_records(s, who, 10, quota, start + 65min).ok());
    CHECK(s.quota_left(who.grant_id, quota, start + 65min)->day == 80);
}

TEST_CASE("a day has its own quota", "[change_quota][quota]") {
    auto s = open(at(":memory:"));
    const auto who = connected(s);
    const stored::change_quota quota{10, 25};
    for (int hour = 0; hour < 2; ++hour)
        CHECK(changes_records(s, who, 10, quota, start + std::chrono::hours(2 * hour)).ok());
    CHECK(tells(over_quota(changes_records(s, who, 6, quota, start + 5h)),
                "25 records a day; 5 are left"));
    CHECK(changes_records(s, who, 5, quota, start + 5h).ok());
    CHECK(changes_records(s, who, 10, quota, start + 24h + 10min).ok());
}

TEST_CASE("what is more than the whole quota is told to be fewer", "[change_quota][quota]") {
    auto s = open(at(":memory:"));
    CHECK(tells(over_quota(changes_records(s, connected(s), 11, {10, 100})), "Give fewer records"));
}

TEST_CASE("records of a change that was refused are given back", "[change_quota][quota]") {
    auto s = open(at(":memory:"));
    const auto who = connected(s);
    const stored::change_quota quota{10, 100};
    stored::new_change what;
    what.id = "refused";
    what.call = "call";
    what.records = 10;
    what.quota = quota;
    REQUIRE(s.begin_change(what, who, start).ok());
    REQUIRE(s.end_change({"refused", stored::change_state::refused, {}}, who).ok());
    REQUIRE(s.commit().ok());
    CHECK(s.quota_left(who.grant_id, quota, start)->hour == 10);
}

TEST_CASE("what a connection may still change is told by what held when it last changed something",
          "[change_quota][quota]") {
    auto s = open(at(":memory:"));
    const auto who = connected(s);
    CHECK(s.quota_uses({who.grant_id}, start)->empty());
    CHECK(changes_records(s, who, 4, {10, 25}).ok());
    CHECK(changes_records(s, who, 1, {8, 30}, start + 10min).ok());
    const auto uses = s.quota_uses({who.grant_id, "nobody"}, start + 10min);
    REQUIRE(uses.ok());
    REQUIRE(uses->size() == 1);
    const auto& use = uses->front();
    CHECK((use.most.hour == 8 && use.most.day == 30));
    CHECK((use.left.hour == 3 && use.left.day == 25));
}

TEST_CASE("the quota holds over a restart and without a journal, and old counts go",
          "[change_quota][quota]") {
    const folder here;
    const stored::change_quota quota{10, 100};
    stored::change_owner who;
    {
        auto s = open(at(here.file()));
        who = connected(s);
        CHECK(changes_records(s, who, 8, quota).ok());
    }
    auto opts = at(here.file());
    opts.changes.age = 0h;
    auto s = open(std::move(opts));
    over_quota(changes_records(s, who, 3, quota));
    const auto begun = changes_records(s, who, 2, quota);
    REQUIRE(begun.ok());
    CHECK_FALSE(*begun);
    CHECK(s.quota_left(who.grant_id, quota, start)->hour == 0);
    CHECK(count(here.file(), "SELECT count(*) FROM change_counts") == 1);
    REQUIRE(s.sweep(start + 25h).ok());
    REQUIRE(s.commit().ok());
    CHECK(count(here.file(), "SELECT count(*) FROM change_counts") == 0);
}
