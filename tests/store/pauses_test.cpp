// Pauses of writes as they are kept.
#include "tests/store/support.hpp"

using namespace store_tests;

namespace {

using stored::audit_kind;
using stored::pause_scope;

stored::write_pause a_pause(pause_scope scope, std::string subject = {}, std::string why = {}) {
    return {{scope, std::move(subject)}, std::move(why), {}};
}

std::vector<stored::write_pause> pauses(store::store& s) {
    auto all = s.pauses();
    REQUIRE(all.ok());
    return *std::move(all);
}

std::vector<stored::audit_row> noted(store::store& s, audit_kind kind) {
    stored::audit_query q;
    q.kind = kind;
    auto rows = s.audit(q);
    REQUIRE(rows.ok());
    return *std::move(rows);
}

oauth::grant_summary newest(store::store& s) {
    return found_grants(s, {}, 1, {}, start)->grants[0];
}

} // namespace

TEST_CASE("a pause is kept with its reason and time over a restart, and written down", "[pauses]") {
    const folder here;
    {
        auto s = open(at(here.file()));
        REQUIRE(s.pause_writes(a_pause(pause_scope::all, "", "Audit"), "local", start).ok());
        REQUIRE(s.commit().ok());
    }
    auto s = open(at(here.file()));
    const auto all = pauses(s);
    REQUIRE(all.size() == 1);
    CHECK(all[0].of.scope == pause_scope::all);
    CHECK(all[0].reason == "Audit");
    CHECK(all[0].since == start);
    const auto rows = noted(s, audit_kind::writes_paused);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].detail == "all: Audit");
    CHECK(rows[0].source == "local");
}

TEST_CASE("pausing again changes the reason alone", "[pauses]") {
    const folder here;
    auto s = open(at(here.file()));
    REQUIRE(s.pause_writes(a_pause(pause_scope::all, "", "one"), "", start).ok());
    REQUIRE(s.pause_writes(a_pause(pause_scope::all, "", "two"), "", start + 1h).ok());
    REQUIRE(pauses(s).size() == 1);
    CHECK(pauses(s)[0].reason == "two");
    CHECK(pauses(s)[0].since == start);
}

TEST_CASE("a pause ends by its own name, and only an end that was one is written down",
          "[pauses]") {
    const folder here;
    auto s = open(at(here.file()));
    (void)login(s, start);
    const auto grant = newest(s);
    REQUIRE(s.pause_writes(a_pause(pause_scope::connection, grant.id), "", start).ok());
    REQUIRE(s.pause_writes(a_pause(pause_scope::person, grant.id), "person", start).ok());
    REQUIRE(*s.resume_writes({pause_scope::person, grant.id}, "person", start));
    REQUIRE(s.pause_writes(a_pause(pause_scope::key, grant.key_id), "", start).ok());
    CHECK_FALSE(*s.resume_writes({pause_scope::all, ""}, "", start));
    CHECK(*s.resume_writes({pause_scope::connection, grant.id}, "", start));
    CHECK_FALSE(*s.resume_writes({pause_scope::connection, grant.id}, "", start));
    REQUIRE(pauses(s).size() == 1);
    CHECK(pauses(s)[0].of.subject == grant.key_id);
    CHECK(noted(s, audit_kind::writes_resumed).size() == 2);
}

TEST_CASE("an ended connection's pause goes, and its key's stays", "[pauses]") {
    const folder here;
    auto s = open(at(here.file()));
    (void)login(s, start);
    const auto grant = newest(s);
    REQUIRE(s.pause_writes(a_pause(pause_scope::connection, grant.id), "", start).ok());
    REQUIRE(s.pause_writes(a_pause(pause_scope::key, grant.key_id), "", start).ok());
    stored::grant_choice choice;
    choice.all = true;
    REQUIRE(s.end_chosen(choice, "", start).ok());
    REQUIRE(s.sweep(start).ok());
    REQUIRE(pauses(s).size() == 1);
    CHECK(pauses(s)[0].of.scope == pause_scope::key);
}

TEST_CASE("there are at most a thousand pauses, and everybody's can always be paused", "[pauses]") {
    const folder here;
    auto s = open(at(here.file()));
    (void)login(s, start);
    const auto grant = newest(s);
    {
        auto db = store::database::open(here.file());
        REQUIRE(s.commit().ok());
        REQUIRE(db->script("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i "
                           "< 1000) INSERT INTO write_pauses SELECT 'key', i, '', 0 FROM n")
                    .ok());
    }
    const auto one_more = s.pause_writes(a_pause(pause_scope::connection, grant.id), "", start);
    REQUIRE_FALSE(one_more.ok());
    CHECK(one_more.failure().code == errc::too_large);
    CHECK(s.pause_writes(a_pause(pause_scope::all), "", start).ok());
}
