// Several calls share a transaction: what a failure undoes, and what it must not hide.
#include "store/transaction.hpp"

#include "tests/store/support.hpp"

using namespace store_tests;

TEST_CASE("nothing is durable before commit, everything is after", "[transaction]") {
    const folder here;
    auto s = open(at(here.file()));
    CHECK_FALSE(s.dirty());
    REQUIRE(s.create_grant(consent(), start).ok());
    CHECK(s.dirty());
    CHECK(count(here.file(), "SELECT count(*) FROM grants") == 0);
    REQUIRE(s.commit().ok());
    CHECK_FALSE(s.dirty());
    CHECK(count(here.file(), "SELECT count(*) FROM grants") == 1);
    CHECK(s.commit().ok()); // nothing to do
}

TEST_CASE("a transaction that was never committed is gone with its store", "[transaction]") {
    const folder here;
    {
        auto s = open(at(here.file()));
        REQUIRE(s.create_grant(consent(), start).ok());
    }
    CHECK(count(here.file(), "SELECT count(*) FROM grants") == 0);
}

TEST_CASE("a call that fails undoes itself and leaves its neighbours alone", "[transaction]") {
    auto s = open(at(":memory:"));
    const auto code = s.create_grant(consent(), start);
    REQUIRE(code.ok());
    CHECK(code_of(s.save_session({"sid", "no such grant", "v", "{}", "{}", {}}, start)) ==
          errc::not_found);
    CHECK(s.dirty());
    REQUIRE(s.commit().ok());
    CHECK(s.redeem_code(exchange_of(*code), start).ok());
}

TEST_CASE("a failing call alone leaves no transaction open", "[transaction]") {
    auto s = open(at(":memory:"));
    CHECK_FALSE(s.save_session({"sid", "no such grant", "v", "{}", "{}", {}}, start).ok());
    CHECK_FALSE(s.dirty());
    CHECK(s.check().ok());
    CHECK_FALSE(s.dirty());
}

TEST_CASE("row 82: a locked database is a passing failure, and the token stays good",
          "[transaction][plan-82]") {
    const folder here;
    auto s = open(at(here.file()));
    const auto pair = login(s, start);
    auto other = store::database::open(here.file());
    REQUIRE(other.ok());
    REQUIRE(other->script("BEGIN IMMEDIATE").ok());
    const auto outcome = refresh(s, *pair.refresh_token, start);
    REQUIRE_FALSE(outcome.ok());
    CHECK(outcome.failure().code == errc::unavailable);
    CHECK(outcome.failure().retry_after);
    CHECK_FALSE(s.check().ok());
    CHECK(opens(s, pair.access_token, start)); // reading goes on
    REQUIRE(other->script("ROLLBACK").ok());
    CHECK(s.check().ok());
    CHECK(refresh(s, *pair.refresh_token, start).ok());
}

TEST_CASE("a full disk fails the call, keeps what was confirmed and heals with room",
          "[transaction]") {
    const folder here;
    auto opts = at(here.file());
    opts.max_pages = 60;
    std::vector<secret> confirmed;
    bool full = false;
    {
        auto s = open(opts);
        for (int i = 0; i < 500 && !full; ++i) {
            const auto code = s.create_grant(consent("client", std::to_string(i)), start);
            if (code && s.commit()) {
                confirmed.push_back(*code);
                continue;
            }
            full = true;
            if (!code) CHECK(code.failure().code == errc::unavailable);
            (void)s.commit();
        }
        REQUIRE(full);
    }
    auto s = open(at(here.file()));
    REQUIRE(confirmed.size() > 3);
    for (const auto& code : confirmed)
        CHECK(s.redeem_code(exchange_of(code), start).ok());
    CHECK(count(here.file(), "SELECT count(*) FROM pragma_integrity_check WHERE "
                             "integrity_check <> 'ok'") == 0);
}

TEST_CASE("calls before a full disk are either committed or reported as lost, never neither",
          "[transaction]") {
    // However SQLite reacts (it may undo the whole transaction by itself), a commit that says
    // yes holds every call that said yes.
    for (std::int64_t pages = 50; pages < 70; ++pages) {
        const folder here;
        auto opts = at(here.file());
        opts.max_pages = pages;
        auto s = open(opts);
        std::int64_t promised = 0;
        for (int i = 0; i < 200; ++i)
            promised += s.create_grant(consent("client", std::to_string(i)), start).ok();
        REQUIRE(promised > 0);
        REQUIRE(promised < 200);
        const bool committed = s.commit().ok();
        CHECK_FALSE(s.dirty());
        INFO(pages << " pages, " << promised << " promised, committed " << committed);
        CHECK(count(here.file(), "SELECT count(*) FROM grants") == (committed ? promised : 0));
    }
}

TEST_CASE("what a call notes is told after its commit, and never when either failed",
          "[transaction]") {
    const folder here;
    auto db = store::database::open(here.file());
    REQUIRE(db.ok());
    REQUIRE(db->script("CREATE TABLE t (a INTEGER PRIMARY KEY ON CONFLICT ROLLBACK)").ok());
    store::transaction shared(*db);
    const auto call = [&](const char* note, bool keeps) {
        auto one = store::change::begin(shared);
        REQUIRE(one.ok());
        shared.note(note);
        if (keeps) REQUIRE(one->keep().ok());
    };
    call("kept", true);
    call("undone", false);
    CHECK(shared.take_notes().empty());
    REQUIRE(shared.commit().ok());
    CHECK(shared.take_notes() == std::vector<std::string>{"kept"});
    CHECK(shared.take_notes().empty());

    REQUIRE(db->run("INSERT INTO t VALUES (1)").ok());
    call("lost", true);
    CHECK_FALSE(db->run("INSERT INTO t VALUES (1)").ok()); // the whole transaction goes
    CHECK_FALSE(shared.commit().ok());
    call("next", true);
    REQUIRE(shared.commit().ok());
    CHECK(shared.take_notes() == std::vector<std::string>{"next"});
}

TEST_CASE("when SQLite undoes an open transaction itself, everybody who waits is told",
          "[transaction]") {
    const folder here;
    auto db = store::database::open(here.file());
    REQUIRE(db.ok());
    REQUIRE(db->script("CREATE TABLE t (a INTEGER PRIMARY KEY ON CONFLICT ROLLBACK)").ok());
    // The table rolls back the whole transaction on its own, as a full disk can.
    store::transaction shared(*db);
    {
        auto first = store::change::begin(shared);
        REQUIRE(first.ok());
        REQUIRE(db->run("INSERT INTO t VALUES (1)").ok());
        REQUIRE(first->keep().ok());
    }
    {
        auto second = store::change::begin(shared);
        REQUIRE(second.ok());
        CHECK_FALSE(db->run("INSERT INTO t VALUES (1)").ok());
    }
    CHECK_FALSE(db->in_transaction());
    CHECK_FALSE(store::change::begin(shared).ok()); // refused until the loss is reported
    CHECK(shared.open());
    CHECK_FALSE(shared.commit().ok());
    {
        auto third = store::change::begin(shared);
        REQUIRE(third.ok());
        REQUIRE(db->run("INSERT INTO t VALUES (2)").ok());
        REQUIRE(third->keep().ok());
    }
    CHECK(shared.commit().ok());
    CHECK(count(here.file(), "SELECT count(*) FROM t") == 1);
}
