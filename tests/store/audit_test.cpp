// What is written down, what is not, and how much of it stays.
#include "tests/store/support.hpp"

using namespace store_tests;
using stored::audit_kind;

namespace {

std::vector<stored::audit_row> rows(store::store& s, const stored::audit_query& query = {}) {
    auto found = s.audit(query);
    REQUIRE(found.ok());
    return *std::move(found);
}

std::vector<std::string> kinds(store::store& s) {
    std::vector<std::string> out;
    for (const auto& row : rows(s))
        out.insert(out.begin(), row.kind);
    return out;
}

void note(store::store& s, audit_kind kind, const std::string& source, time_point now,
          const std::string& detail = "what") {
    REQUIRE(s.note({kind, source, detail}, now).ok());
    REQUIRE(s.commit().ok());
}

} // namespace

TEST_CASE("a connection's beginning is written down, and each way that it can end", "[audit]") {
    auto s = open(at(":memory:"));
    const auto last_row = [&](const std::string& grant, const std::string& kind) {
        const auto row = rows(s).front();
        CHECK(row.kind == kind);
        CHECK(row.grant_id == grant);
        CHECK(row.detail == "Test client");
        CHECK(row.times == 1);
    };
    auto pair = login(s, start);
    auto id = grant_of(s, pair);
    last_row(id, "connection_made");
    REQUIRE(s.revoke({"client", *pair.refresh_token}, start)->has_value());
    last_row(id, "ended_by_client");

    id = grant_of(s, login(s, start, consent("client", "mine")));
    REQUIRE(s.end_grants("mine", id, start).ok());
    last_row(id, "ended_by_person");

    id = grant_of(s, login(s, start));
    REQUIRE(s.end_dead_grant(id, start).ok());
    last_row(id, "ended_by_dead_key");

    const auto code = new_code(s, start);
    pair = *s.redeem_code(exchange_of(code), start);
    id = grant_of(s, pair);
    CHECK_FALSE(s.redeem_code(exchange_of(code), start).ok());
    last_row(id, "ended_by_replay");

    pair = login(s, start);
    id = grant_of(s, pair);
    const auto next = refreshed(s, *pair.refresh_token, start);
    REQUIRE(opens(s, next.access_token, start));
    REQUIRE(s.commit().ok());
    CHECK_FALSE(refresh(s, *pair.refresh_token, start + 61s).ok());
    last_row(id, "ended_by_reuse");

    id = grant_of(s, login(s, start));
    REQUIRE(s.sweep(start + 24h * 31).ok());
    last_row(id, "ended_by_expiry");

    id = grant_of(s, login(s, start, consent("greedy")));
    for (int i = 0; i < 19; ++i)
        login(s, start + 1s, consent("greedy"));
    CHECK(rows(s, {{}, audit_kind::ended_by_too_many, 0, 10}).empty());
    login(s, start + 2s, consent("greedy"));
    const auto crowded = rows(s, {{}, audit_kind::ended_by_too_many, 0, 10});
    REQUIRE(crowded.size() == 1);
    CHECK(crowded[0].grant_id == id);

    // Nothing was ended by these, so nothing is written down.
    const auto before = rows(s, {{}, {}, 0, 1000}).size();
    REQUIRE(s.end_dead_grant("nobody's", start).ok());
    REQUIRE(s.end_grants("nobody's", "", start).ok());
    CHECK(rows(s, {{}, {}, 0, 1000}).size() == before);
}

TEST_CASE("what was undone was not written down either", "[audit]") {
    const folder here;
    auto s = open(at(here.file()));
    REQUIRE(s.create_grant(consent(), start).ok());
    CHECK(count(here.file(), "SELECT count(*) FROM audit") == 0); // before the COMMIT
    REQUIRE(s.commit().ok());
    CHECK(count(here.file(), "SELECT count(*) FROM audit") == 1);
    stored::upload_condition never;
    never.etags = {"\"another\""};
    CHECK(code_of(s.write_upload(stored::the_primer, "text", start, never, "192.0.2.1")) ==
          errc::conflict);
    CHECK(rows(s).size() == 1);
}

TEST_CASE("wrong tokens of one source count up within a minute instead of filling the table",
          "[audit]") {
    auto s = open(at(":memory:"));
    for (int i = 0; i < 50; ++i)
        note(s, audit_kind::wrong_admin_token, "192.0.2.1", start + std::chrono::seconds(i));
    note(s, audit_kind::wrong_admin_token, "192.0.2.2", start + 50s);
    note(s, audit_kind::wrong_admin_token, "192.0.2.1", start + 61s);
    const auto found = rows(s);
    REQUIRE(found.size() == 3);
    CHECK(found[2].times == 50);
    CHECK(found[2].at == start);
    CHECK(found[2].last_at == start + 49s);
    CHECK(found[1].source == "192.0.2.2");
    CHECK(found[0].times == 1);
}

TEST_CASE("calls count by the hour, by what was called; changes have a row each", "[audit]") {
    auto s = open(at(":memory:"));
    for (int i = 0; i < 10; ++i) {
        note(s, audit_kind::admin_called, "192.0.2.1", start + i * 60s, "GET /admin/keys");
        note(s, audit_kind::admin_called, "192.0.2.1", start + i * 60s, "GET /admin/audit");
        note(s, audit_kind::schema_refreshed, "192.0.2.1", start + i * 60s);
    }
    CHECK(rows(s).size() == 12);
    note(s, audit_kind::admin_called, "192.0.2.1", start + 3601s, "GET /admin/keys");
    CHECK(rows(s).size() == 13);
}

TEST_CASE("the log is read from the newest on, by time, by kind and page by page", "[audit]") {
    auto s = open(at(":memory:"));
    for (int i = 0; i < 5; ++i) {
        note(s, audit_kind::primer_written, "a", start + i * 1h);
        note(s, audit_kind::primer_cleared, "a", start + i * 1h);
    }
    CHECK(rows(s, {start + 3h, {}, 0, 100}).size() == 4);
    const auto written = rows(s, {{}, audit_kind::primer_written, 0, 2});
    REQUIRE(written.size() == 2);
    CHECK(written[0].at == start + 4h);
    const auto older = rows(s, {{}, audit_kind::primer_written, written[1].id, 100});
    REQUIRE(older.size() == 3);
    CHECK(older[0].at == start + 2h);
}

TEST_CASE("a row goes after 90 days, and a flood of one kind pushes out no other", "[audit]") {
    const folder here;
    auto s = open(at(here.file()));
    note(s, audit_kind::primer_written, "a", start);
    edit(here.file(), "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                      "10000) INSERT INTO audit (at, last_at, kind, grant_id, source, detail) "
                      "SELECT 1800000000, 1800000000, 'wrong_admin_token', '', i, '' FROM n");
    for (int i = 0; i < 3; ++i)
        note(s, audit_kind::wrong_admin_token, "flood " + std::to_string(i), start + 1h);
    CHECK(count(here.file(), "SELECT count(*) FROM audit WHERE kind = 'wrong_admin_token'") ==
          10'000);
    CHECK(count(here.file(), "SELECT count(*) FROM audit WHERE source LIKE 'flood%'") == 3);
    CHECK(count(here.file(), "SELECT count(*) FROM audit WHERE kind = 'primer_written'") == 1);

    const auto sweep_all = [&](time_point now) {
        for (auto more = store::sweep_batch; more >= store::sweep_batch;) {
            more = *s.sweep(now);
            REQUIRE(s.commit().ok());
        }
    };
    sweep_all(start + stored::audit_kept - 1s);
    CHECK(count(here.file(), "SELECT count(*) FROM audit") == 10'001);
    sweep_all(start + stored::audit_kept);
    CHECK(count(here.file(), "SELECT count(*) FROM audit") == 3);
}

TEST_CASE("however many connections end, their kind keeps no more rows of the log than its share",
          "[audit]") {
    const folder here;
    auto s = open(at(here.file()));
    const std::string fill =
        "DELETE FROM audit; WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + "
        "1 FROM n WHERE i < 10000) INSERT INTO audit (at, last_at, kind, grant_id, "
        "source, detail) SELECT 1800000000, 1800000000, '";
    const auto full = [&](const std::string& kind) {
        edit(here.file(), (fill + kind + "', '', i, '' FROM n").c_str());
    };
    const auto rows_of = [&](const std::string& kind) {
        return count(here.file(),
                     ("SELECT count(*) FROM audit WHERE kind = '" + kind + "'").c_str());
    };
    const auto mine = login(s, start);
    const auto others = login(s, start, consent("client", "other"));
    full("ended_by_client");
    REQUIRE(s.revoke({"client", *mine.refresh_token}, start)->has_value());
    REQUIRE(s.commit().ok());
    CHECK(rows_of("ended_by_client") == stored::audit_rows_of_a_kind);
    full("ended_by_person");
    REQUIRE(s.end_grants("other", {}, start)->size() == 1);
    REQUIRE(s.commit().ok());
    CHECK(rows_of("ended_by_person") == stored::audit_rows_of_a_kind);
}

TEST_CASE("what a row says cannot be changed, only how often it happened", "[audit]") {
    const folder here;
    auto s = open(at(here.file()));
    note(s, audit_kind::wrong_admin_token, "192.0.2.1", start);
    auto db = store::database::open(here.file());
    for (const char* sql : {"UPDATE audit SET detail = 'nothing'", "UPDATE audit SET at = 0",
                            "UPDATE audit SET kind = 'x'", "UPDATE audit SET source = ''",
                            "UPDATE audit SET grant_id = 'x'", "UPDATE audit SET id = 7"}) {
        INFO(sql);
        CHECK_FALSE(db->script(sql).ok());
    }
    CHECK(db->script("UPDATE audit SET times = 2").ok());
}

TEST_CASE("a detail is short, and no secret of a connection is written down", "[audit]") {
    const folder here;
    auto s = open(at(here.file()));
    auto wordy = consent();
    wordy.request.client_name = std::string(199, 'n') + "\xC3\xBC\xC3\xBC";
    const auto pair = login(s, start, wordy);
    CHECK(rows(s)[0].detail == std::string(199, 'n'));
    REQUIRE(s.end_chosen({{}, {}, {}, true}, "192.0.2.1", start).ok());
    for (const auto& row : rows(s))
        for (const auto* hidden : {"planted", "fp", "twa_", "twr_", "twk_"}) {
            CHECK(row.detail.find(hidden) == std::string::npos);
            CHECK(row.source.find(hidden) == std::string::npos);
        }
    CHECK(kinds(s) ==
          std::vector<std::string>{"connection_made", "ended_by_admin", "connections_revoked"});
    CHECK(rows(s)[0].source == "192.0.2.1");
}
