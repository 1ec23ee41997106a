// Sessions, the primer, and the sweep.
#include "tests/store/support.hpp"

using namespace store_tests;

namespace {
stored::session_record session(const std::string& id, const std::string& grant) {
    return {id, grant, "2025-06-18", R"({"name":"c"})", R"({"roots":{}})", {}};
}
} // namespace

TEST_CASE("a session comes back as it was saved, also after a restart", "[rows]") {
    const folder here;
    {
        auto s = open(at(here.file()));
        const auto grant = grant_of(s, login(s, start));
        REQUIRE(s.save_session(session("sid", grant), start).ok());
        auto changed = session("sid", grant);
        changed.protocol_version = "2025-11-25";
        REQUIRE(s.save_session(changed, start + 1s).ok());
        REQUIRE(s.commit().ok());
    }
    auto s = open(at(here.file()));
    const auto loaded = s.load_session("sid");
    REQUIRE(loaded.ok());
    REQUIRE(loaded->has_value());
    CHECK((*loaded)->id == "sid");
    CHECK((*loaded)->protocol_version == "2025-11-25");
    CHECK((*loaded)->client_info == R"({"name":"c"})");
    CHECK((*loaded)->client_capabilities == R"({"roots":{}})");
    CHECK_FALSE(s.load_session("never saved")->has_value());
}

TEST_CASE("a session that its client ended stays ended, whoever writes it again", "[rows]") {
    auto s = open(at(":memory:"));
    const auto grant = grant_of(s, login(s, start));
    REQUIRE(s.save_session(session("sid", grant), start).ok());
    REQUIRE(s.end_session("sid", grant, start).ok());
    CHECK(s.end_session("sid", grant, start).failure().code == errc::not_found);
    CHECK(code_of(s.load_session("sid")) == errc::not_found);
    REQUIRE(s.save_session(session("sid", grant), start).ok());
    CHECK(code_of(s.load_session("sid")) == errc::not_found);
    REQUIRE(s.end_session("unsaved", grant, start).ok());
    CHECK(code_of(s.load_session("unsaved")) == errc::not_found);
}

TEST_CASE("nothing that its client said stays of a session that ended, whoever writes it again",
          "[rows]") {
    const folder here;
    auto s = open(at(here.file()));
    const auto grant = grant_of(s, login(s, start));
    auto talkative = session("sid", grant);
    talkative.subscriptions = {"twenty://schema"};
    REQUIRE(s.save_session(talkative, start).ok());
    REQUIRE(s.end_session("sid", grant, start).ok());
    REQUIRE(s.save_session(talkative, start).ok());
    REQUIRE(s.commit().ok());
    CHECK(count(here.file(), "SELECT count(*) FROM sessions WHERE id = 'sid'") == 1);
    CHECK(count(here.file(), "SELECT count(*) FROM sessions WHERE protocol_version || client_info "
                             "|| client_capabilities || subscriptions <> ''") == 0);
}

TEST_CASE("a grant can neither overwrite nor end another grant's session", "[rows]") {
    auto s = open(at(":memory:"));
    const auto mine = grant_of(s, login(s, start)), theirs = grant_of(s, login(s, start));
    REQUIRE(s.save_session(session("sid", mine), start).ok());
    auto foreign = session("sid", theirs);
    foreign.protocol_version = "stolen";
    REQUIRE(s.save_session(foreign, start).ok());
    REQUIRE(s.end_session("sid", theirs, start).ok());
    const auto loaded = s.load_session("sid");
    REQUIRE(loaded.ok());
    CHECK((*loaded)->grant_id == mine);
    CHECK((*loaded)->protocol_version == "2025-06-18");
}

TEST_CASE("sessions of a grant are bounded and go with it", "[rows]") {
    const folder here;
    auto s = open(at(here.file()));
    const auto grant = grant_of(s, login(s, start));
    for (int i = 0; i < 300; ++i)
        REQUIRE(s.save_session(session(std::to_string(i), grant), start).ok());
    REQUIRE(s.commit().ok());
    CHECK(count(here.file(), "SELECT count(*) FROM sessions") == 128);
    CHECK(s.load_session("299")->has_value());
    CHECK_FALSE(s.load_session("0")->has_value());
    REQUIRE(s.end_dead_grant(grant, start).ok());
    REQUIRE(s.commit().ok());
    CHECK(count(here.file(), "SELECT count(*) FROM sessions") == 0);
    CHECK(code_of(s.save_session(session("x", grant), start)) == errc::not_found);
}

TEST_CASE("the primer is the last one written, until it is taken back", "[rows]") {
    const folder here;
    auto s = open(at(here.file()));
    CHECK_FALSE(s.upload(stored::the_primer)->has_value());
    const auto first = s.write_upload(stored::the_primer, "# One", start);
    REQUIRE(first.ok());
    const auto second = s.write_upload(stored::the_primer, "# Two \u00e4", start + 5s);
    REQUIRE(second.ok());
    CHECK(first->etag != second->etag);
    CHECK(second->etag.front() == '"');
    CHECK(second->etag.back() == '"');
    REQUIRE(s.commit().ok());
    const auto read = s.upload(stored::the_primer);
    REQUIRE(read->has_value());
    CHECK((*read)->text == "# Two \u00e4");
    CHECK((*read)->updated_at == start + 5s);
    CHECK((*read)->etag == second->etag);
    REQUIRE(s.clear_upload(stored::the_primer, start + 6s).ok());
    CHECK_FALSE(s.upload(stored::the_primer)->has_value());
    CHECK(s.write_upload(stored::the_primer, "# One", start + 7s)->etag == first->etag);
    for (int i = 0; i < 30; ++i)
        REQUIRE(s.write_upload(stored::the_primer, std::to_string(i), start).ok());
    REQUIRE(s.commit().ok());
    CHECK(count(here.file(), "SELECT count(*) FROM uploads") == 10);
    CHECK((*s.upload(stored::the_primer))->text == "29");
}

TEST_CASE("the sweep deletes what is dead and nothing that lives", "[rows]") {
    const folder here;
    auto s = open(at(here.file()));
    const auto kept = login(s, start);
    const auto unused = new_code(s, start, consent("client", "unused"));
    auto once = exchange_of(new_code(s, start, consent("client", "once")));
    once.may_refresh = false;
    const auto short_lived = s.redeem_code(once, start);
    REQUIRE(short_lived.ok());
    REQUIRE(s.save_session(session("sid", grant_of(s, kept)), start).ok());
    REQUIRE(s.commit().ok());
    const auto sweep = [&](time_point when) {
        const auto rows = s.sweep(when);
        REQUIRE(rows.ok());
        REQUIRE(s.commit().ok());
        return *rows;
    };
    const auto grants = [&] { return count(here.file(), "SELECT count(*) FROM grants"); };

    CHECK(sweep(start) == 0);
    CHECK(sweep(start + 299s) == 0);
    CHECK(sweep(start + 300s) == 1); // the consent that nobody redeemed
    CHECK(grants() == 2);
    CHECK(code_of(s.redeem_code(exchange_of(unused), start + 300s)) == errc::invalid_grant);
    CHECK(opens(s, short_lived->access_token, start + 3599s));
    CHECK(sweep(start + 3600s) > 0);
    CHECK(grants() == 1);
    CHECK(s.load_session("sid")->has_value());
    CHECK(refresh(s, *kept.refresh_token, start + 24h * 29).ok());
    sweep(start + 24h * 30);
    CHECK_FALSE(s.load_session("sid")->has_value());
    CHECK(grants() == 1);
    sweep(start + 24h * 60);
    CHECK(grants() == 0);
    for (const char* table : {"SELECT count(*) FROM codes", "SELECT count(*) FROM access_tokens",
                              "SELECT count(*) FROM refresh_tokens"})
        CHECK(count(here.file(), table) == 0);
}

TEST_CASE("a replayed code is still noticed after the sweep of its lifetime", "[rows]") {
    auto s = open(at(":memory:"));
    const auto code = new_code(s, start);
    const auto pair = *s.redeem_code(exchange_of(code), start);
    REQUIRE(s.sweep(start + 899s).ok());
    CHECK(code_of(s.redeem_code(exchange_of(code), start + 899s)) == errc::invalid_grant);
    CHECK_FALSE(opens(s, pair.access_token, start + 899s));
}

TEST_CASE("after the race a spent predecessor keeps neither nonce nor wrap, and is still known",
          "[rows]") {
    const folder here;
    auto s = open(at(here.file()));
    const auto first = login(s, start);
    const auto second = refreshed(s, *first.refresh_token, start);
    const char* open_predecessors =
        "SELECT count(*) FROM refresh_tokens WHERE state = 'previous' AND (nonce IS NOT NULL OR "
        "wrap IS NOT NULL)";
    const auto sweep = [&](time_point when) {
        REQUIRE(s.sweep(when).ok());
        REQUIRE(s.commit().ok());
        return count(here.file(), open_predecessors);
    };
    CHECK(sweep(start + 61s) == 1); // its successor may have been lost
    CHECK(opens(s, second.access_token, start + 61s));
    CHECK(sweep(start + 62s) == 1); // this commit writes the mark
    CHECK(sweep(start + 71s) == 1); // it may be repeated still
    CHECK(sweep(start + 72s) == 0);
    CHECK(code_of(refresh(s, *first.refresh_token, start + 72s)) == errc::invalid_grant);
    CHECK_FALSE(opens(s, second.access_token, start + 72s));
}

TEST_CASE("a sweep inside the race leaves the predecessor able to repeat its answer", "[rows]") {
    const folder here;
    auto s = open(at(here.file()));
    const auto first = login(s, start);
    const auto second = refreshed(s, *first.refresh_token, start);
    CHECK(opens(s, second.access_token, start + 50s)); // its successor is in use
    for (const auto when : {start + 59s, start + 60s}) {
        REQUIRE(s.sweep(when).ok());
        REQUIRE(s.commit().ok());
    }
    const auto again = refreshed(s, *first.refresh_token, start + 60s);
    CHECK(again.repeated);
    CHECK(again.access_token.reveal() == second.access_token.reveal());
}

TEST_CASE("a retired refresh token keeps neither nonce nor wrap, sweep or not", "[rows]") {
    const folder here;
    auto s = open(at(here.file()));
    const auto first = login(s, start);
    const auto second = refreshed(s, *first.refresh_token, start + 10s);
    const auto third = refreshed(s, *second.refresh_token, start + 20s);
    CHECK(opens(s, third.access_token, start + 20s));
    CHECK(count(here.file(), "SELECT count(*) FROM refresh_tokens WHERE state = 'retired'") == 1);
    CHECK(count(here.file(), "SELECT count(*) FROM refresh_tokens WHERE state = 'retired' AND "
                             "(wrap IS NOT NULL OR nonce IS NOT NULL OR rotation_kid IS NOT "
                             "NULL)") == 0);
}

TEST_CASE("a sweep takes bounded bites", "[rows]") {
    const folder here;
    auto s = open(at(here.file()));
    for (int i = 0; i < 1200; ++i)
        REQUIRE(s.create_grant(consent("client", std::to_string(i)), start).ok());
    REQUIRE(s.commit().ok());
    std::vector<std::size_t> bites;
    for (;;) {
        const auto rows = s.sweep(start + 300s);
        REQUIRE(rows.ok());
        REQUIRE(s.commit().ok());
        bites.push_back(*rows);
        if (*rows < store::sweep_batch) break;
    }
    CHECK(bites == std::vector<std::size_t>{500, 500, 200});
}

TEST_CASE("the last ten primers are kept, and an earlier one can be taken back into use",
          "[rows]") {
    auto s = open(at(":memory:"));
    CHECK(s.upload_versions(stored::the_primer)->empty());
    for (int i = 1; i <= 12; ++i)
        REQUIRE(
            s.write_upload(stored::the_primer, "primer " + std::to_string(i), start + i * 1s).ok());
    auto kept = *s.upload_versions(stored::the_primer);
    REQUIRE(kept.size() == 10);
    CHECK(kept.front().version == 12);
    CHECK(kept.front().text == "primer 12");
    CHECK(kept.back().version == 3);
    CHECK(kept.back().created_at == start + 3s);
    CHECK(kept.front().etag == (*s.upload(stored::the_primer))->etag);

    CHECK(code_of(s.roll_back_upload(stored::the_primer, 2, start)) == errc::not_found);
    CHECK((*s.upload(stored::the_primer))->text == "primer 12");
    const auto back = s.roll_back_upload(stored::the_primer, 5, start + 20s);
    REQUIRE(back.ok());
    CHECK(back->version == 13);
    CHECK(back->text == "primer 5");
    CHECK((*s.upload(stored::the_primer))->text == "primer 5");
    CHECK((*s.upload(stored::the_primer))->updated_at == start + 20s);

    REQUIRE(s.clear_upload(stored::the_primer, start + 21s).ok());
    CHECK(s.upload_versions(stored::the_primer)->front().text == std::nullopt);
    CHECK(s.upload_versions(stored::the_primer)->front().etag.empty());
    REQUIRE(s.roll_back_upload(stored::the_primer, 13, start + 22s).ok());
    CHECK((*s.upload(stored::the_primer))->text == "primer 5");
    const auto bundled =
        s.roll_back_upload(stored::the_primer, 14, start + 23s); // the one that was cleared
    REQUIRE(bundled.ok());
    CHECK(bundled->text == std::nullopt);
    CHECK_FALSE(s.upload(stored::the_primer)->has_value());
}

TEST_CASE("a primer changes only while it is the one that its author saw", "[rows]") {
    auto s = open(at(":memory:"));
    const auto seen = [](std::vector<std::string> etags) {
        stored::upload_condition out;
        out.etags = std::move(etags);
        return out;
    };
    stored::upload_condition absent;
    absent.absent = true;
    CHECK(code_of(s.write_upload(stored::the_primer, "a", start, seen({"*"}))) == errc::conflict);
    CHECK(code_of(s.clear_upload(stored::the_primer, start, seen({"\"x\""}))) == errc::conflict);
    const auto first = s.write_upload(stored::the_primer, "first", start, absent);
    REQUIRE(first.ok());
    const auto there = s.write_upload(stored::the_primer, "b", start, absent);
    REQUIRE_FALSE(there.ok());
    CHECK(there.failure().code == errc::conflict);
    CHECK(there.failure().message == "There is a primer already, and this was only to make a new "
                                     "one; read it, and replace the one that you saw.");
    CHECK(code_of(s.write_upload(stored::the_primer, "b", start, seen({"\"other\""}))) ==
          errc::conflict);
    CHECK(code_of(s.write_upload(stored::the_primer, "b", start, seen({}))) == errc::conflict);
    const auto second =
        s.write_upload(stored::the_primer, "second", start, seen({"\"other\"", first->etag}));
    REQUIRE(second.ok());
    CHECK(code_of(s.clear_upload(stored::the_primer, start, seen({first->etag}))) ==
          errc::conflict);
    CHECK(code_of(s.roll_back_upload(stored::the_primer, 1, start, seen({first->etag}))) ==
          errc::conflict);
    CHECK((*s.upload(stored::the_primer))->text == "second");
    CHECK(s.roll_back_upload(stored::the_primer, 1, start, seen({second->etag})).ok());
    CHECK(s.clear_upload(stored::the_primer, start, seen({"*"})).ok());
}
