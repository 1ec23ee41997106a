// The trail of calls: what is written, what is found, what stays, and that a change of it shows.
#include "store/begin_calls.hpp"
#include "store/chain_check.hpp"
#include "tests/store/support.hpp"

using namespace store_tests;

namespace {

stored::call_record call(const std::string& tool, time_point when = start,
                         const std::string& grant = "g1") {
    stored::call_record r;
    r.at = when;
    r.grant_id = grant;
    r.label = "laptop, \"mine\"";
    r.key_id = "jti-" + grant;
    r.client = "Claude";
    r.tool = tool;
    r.object = "company";
    r.outcome = tool == "delete_record" ? "not_found" : "ok";
    r.rows = 3;
    r.bytes = 1200;
    r.ms = 17;
    r.request_id = "32db118b2ea8";
    return r;
}

void write_down(store::store& s, std::vector<stored::call_record> calls) {
    REQUIRE(s.note_calls(std::move(calls)).ok());
    REQUIRE(s.commit().ok());
}

std::vector<std::int64_t> ids(store::store& s, const stored::call_query& query = {}) {
    auto found = s.calls(query);
    REQUIRE(found.ok());
    std::vector<std::int64_t> out;
    for (const auto& one : *found)
        out.push_back(one.id);
    return out;
}

store::chain_check look(store::store& s) {
    auto chain = s.call_chain();
    REQUIRE(chain.ok());
    auto checked = s.check_calls(chain->public_key);
    REQUIRE(checked.ok());
    return *std::move(checked);
}

bool whole(const store::chain_check& c) { return c.signed_by_key && !c.broken_at; }

void tamper(const std::string& file, const std::string& sql) {
    auto db = store::database::open(file);
    REQUIRE(db.ok());
    REQUIRE(db->script("DROP TRIGGER calls_are_append_only").ok());
    REQUIRE(db->script(sql).ok());
}

} // namespace

TEST_CASE("a head that was kept is found again, missed, or too old to say", "[calls]") {
    const folder here;
    auto options = at(here.file());
    options.calls.rows = 4;
    auto s = open(options);
    write_down(s, {call("one"), call("two"), call("three")});
    const auto head = *s.call_chain();
    const auto found = [&](std::int64_t last, const std::string& hash) {
        auto db = store::database::open(here.file());
        REQUIRE(db.ok());
        auto checked = store::check_chain(*db, head.public_key, store::kept_head{last, hash});
        REQUIRE(checked.ok());
        CHECK_FALSE(checked->broken_at);
        return checked->kept;
    };
    using store::kept_head_found;
    CHECK(found(head.last, head.hash) == kept_head_found::yes);
    CHECK(found(head.last, std::string(32, 'x')) == kept_head_found::no);
    CHECK(found(head.last + 1, head.hash) == kept_head_found::no);
    write_down(s, {call("four")});
    CHECK(found(head.last, head.hash) == kept_head_found::yes);
    for (int i = 0; i < 3; ++i)
        write_down(s, {call("more")});
    REQUIRE(s.sweep(start).ok());
    REQUIRE(s.commit().ok()); // the first three are gone
    CHECK(found(head.last, head.hash) == kept_head_found::yes);
    CHECK(found(head.last, std::string(32, 'x')) == kept_head_found::no);
    CHECK(found(1, head.hash) == kept_head_found::too_old);
}

TEST_CASE("a call is found as it was written down, by each of its marks", "[calls]") {
    auto s = open(at(":memory:"));
    write_down(s, {call("find_records"), call("delete_record", start + 5s, "g2")});
    auto third = call("update_record", start + 9s);
    third.ids = "20202020-1c25-4d02-bf25-6aeccf7ea419";
    third.object = "person";
    write_down(s, {third});

    const auto all = s.calls({});
    REQUIRE(all.ok());
    REQUIRE(all->size() == 3);
    const auto& newest = all->front();
    CHECK(newest.id == 3);
    CHECK(newest.at == start + 9s);
    CHECK(newest.ids == third.ids);
    CHECK(newest.label == "laptop, \"mine\"");
    CHECK(newest.request_id == "32db118b2ea8");
    CHECK(newest.bytes == 1200);

    using found = std::vector<std::int64_t>;
    stored::call_query q;
    q.grant_id = "g2";
    CHECK(ids(s, q) == found{2});
    q = {};
    q.key_id = "jti-g1";
    CHECK(ids(s, q) == found{3, 1});
    q = {};
    q.tool = "find_records";
    CHECK(ids(s, q) == found{1});
    q = {};
    q.object = "person";
    CHECK(ids(s, q) == found{3});
    q = {};
    q.outcome = "not_found";
    CHECK(ids(s, q) == found{2});
    q = {};
    q.since = start + 1s;
    q.until = start + 6s;
    CHECK(ids(s, q) == found{2});
    q = {};
    q.limit = 2;
    CHECK(ids(s, q) == found{3, 2});
    q.before = 2;
    CHECK(ids(s, q) == found{1});
    q = {};
    q.after = 1;
    CHECK(ids(s, q) == found{2, 3});
}

TEST_CASE("the chain is whole after writes, after a restart and when it is empty", "[calls]") {
    const folder where;
    std::string key;
    {
        auto s = open(at(where.file()));
        CHECK(whole(look(s)));
        write_down(s, {call("find_records"), call("get_record")});
        write_down(s, {call("find_records")});
        key = s.call_chain()->public_key;
    }
    auto s = open(at(where.file()));
    CHECK(s.call_chain()->public_key == key);
    write_down(s, {call("get_record")});
    const auto now = look(s);
    CHECK(whole(now));
    CHECK(now.calls == 4);
    CHECK(now.first == 1);
    CHECK(now.last == 4);
    CHECK_FALSE(s.check_calls(std::string(32, 'x'))->signed_by_key);
}

TEST_CASE("a call that was changed, taken out, added or cut off shows", "[calls]") {
    struct wrong {
        const char* sql;
        std::int64_t at;
    };
    const wrong changes[] = {
        {"UPDATE calls SET rows = 4 WHERE id = 2", 2},
        {"UPDATE calls SET outcome = 'ok', label = 'x' WHERE id = 3", 3},
        {"UPDATE calls SET at = at + 1 WHERE id = 1", 1},
        {"DELETE FROM calls WHERE id = 2", 2},
        {"DELETE FROM calls WHERE id = 4", 4},
        {"DELETE FROM calls WHERE id = 1", 1},
        {"DELETE FROM calls", 1},
        {"INSERT INTO calls SELECT 5, at, grant_id, label, key_id, client, tool, object, ids, "
         "rows, outcome, bytes, ms, request, hash FROM calls WHERE id = 4",
         5},
    };
    for (const auto& [sql, broken] : changes) {
        INFO(sql);
        const folder where;
        {
            auto s = open(at(where.file()));
            write_down(s, {call("a"), call("b"), call("delete_record"), call("d")});
        }
        tamper(where.file(), sql);
        auto s = open(at(where.file()));
        CHECK(look(s).broken_at == broken);
    }
}

TEST_CASE("an end that was cut off with its head is not signed", "[calls]") {
    const folder where;
    {
        auto s = open(at(where.file()));
        write_down(s, {call("a")});
        write_down(s, {call("b")});
    }
    tamper(where.file(), "DELETE FROM calls WHERE id = 2;"
                         "UPDATE call_chain SET last = 1, hash = (SELECT hash FROM calls)");
    auto s = open(at(where.file()));
    const auto now = look(s);
    CHECK_FALSE(now.signed_by_key);
    CHECK_FALSE(now.broken_at);
}

TEST_CASE("a trail that was cut off is not signed again by the calls that follow", "[calls]") {
    for (const auto* cut : {"DELETE FROM calls WHERE id = 2; UPDATE call_chain SET last = 1, hash "
                            "= (SELECT hash FROM "
                            "calls)",
                            "DELETE FROM calls; DELETE FROM call_chain"}) {
        INFO(cut);
        const folder where;
        {
            auto s = open(at(where.file()));
            write_down(s, {call("a")});
            write_down(s, {call("b")});
        }
        tamper(where.file(), cut);
        for (int start_again = 0; start_again < 2; ++start_again) {
            auto s = open(at(where.file()));
            CHECK_FALSE(look(s).signed_by_key);
            write_down(s, {call("c")});
            CHECK_FALSE(look(s).signed_by_key);
            CHECK(s.call_chain()->signature.empty()); // who keeps this head keeps no proof
        }
    }
}

TEST_CASE("an altered trail is begun anew: its calls stay, the head and the audit tell, and what "
          "follows is whole",
          "[calls]") {
    struct change {
        const char* sql;
        std::int64_t broken_at;
        std::vector<std::int64_t> left;
    };
    const change changes[] = {
        {"UPDATE calls SET rows = 4 WHERE id = 2", 2, {3, 2, 1}},
        {"DELETE FROM calls WHERE id = 3; UPDATE call_chain SET last = 2, hash = (SELECT hash FROM "
         "calls WHERE id = 2)",
         0,
         {2, 1}},
        {"DELETE FROM calls; DELETE FROM call_chain", 0, {}},
    };
    for (const auto& [sql, broken_at, left] : changes) {
        INFO(sql);
        const folder where;
        auto options = at(where.file());
        options.calls.age = 24h;
        secret instance;
        std::string before;
        {
            auto s = open(options);
            write_down(s, {call("a"), call("b"), call("c")});
            instance = s.instance_secret();
            before = s.call_chain()->hash;
        }
        const auto begin = [&] {
            auto db = store::database::open_present(where.file());
            REQUIRE(db.ok());
            return store::begin_calls_anew(*db, instance, start + 5s);
        };
        CHECK(code_of(begin()) == errc::conflict); // it is whole
        tamper(where.file(), sql);
        const auto begun = begin();
        REQUIRE(begun.ok());
        CHECK(begun->ended == 3);
        CHECK(begun->broken_at == broken_at);
        CHECK(code_of(begin()) == errc::conflict); // it is whole again

        auto s = open(options);
        CHECK(ids(s) == left);
        write_down(s, {call("d", start + 6s)});
        const auto now = look(s);
        CHECK(whole(now));
        CHECK(now.first == 4);
        CHECK(now.calls == 1);
        REQUIRE(now.anew.has_value());
        CHECK(now.anew->ended == 3);
        stored::audit_query about;
        about.kind = stored::audit_kind::calls_begun_anew;
        const auto events = s.audit(about);
        REQUIRE(events.ok());
        REQUIRE(events->size() == 1);
        CHECK(events->front().detail == (broken_at == 0 ? "the head was not signed by this server"
                                                        : "call 2 was not as it was written") +
                                            std::string("; calls up to 3 prove nothing"));
        const auto kept = [&](std::int64_t last, const std::string& hash) {
            auto db = store::database::open(where.file());
            return store::check_chain(*db, s.call_chain()->public_key, store::kept_head{last, hash})
                ->kept;
        };
        CHECK(kept(3, before) == store::kept_head_found::before);
        CHECK(kept(3, std::string(store::link_bytes, '\0')) == store::kept_head_found::yes);
        CHECK(kept(4, s.call_chain()->hash) == store::kept_head_found::yes);

        // By age they go first, and then nothing is left to tell of.
        REQUIRE(s.sweep(start + 24h + 5s).ok());
        CHECK(ids(s) == std::vector<std::int64_t>{4});
        CHECK(whole(look(s)));
        CHECK(look(s).anew.has_value());
        REQUIRE(s.sweep(start + 24h + 6s).ok());
        CHECK(ids(s).empty());
        CHECK(whole(look(s)));
        CHECK_FALSE(look(s).anew.has_value());
        write_down(s, {call("e", start + 48h)});
        CHECK(whole(look(s)));
    }
}

TEST_CASE("a new beginning that the server has not signed is none", "[calls]") {
    for (const auto* sql :
         {"UPDATE call_chain SET ended = 2, broken_at = 2, begun_at = 1, first = 3, before = "
          "(SELECT hash FROM calls WHERE id = 2)",
          "DELETE FROM calls; UPDATE call_chain SET first = 0, hash = before, ended = last, "
          "begun_at = 1"}) {
        INFO(sql);
        const folder where;
        {
            auto s = open(at(where.file()));
            write_down(s, {call("a"), call("b"), call("c")});
        }
        tamper(where.file(), sql);
        auto s = open(at(where.file()));
        CHECK_FALSE(look(s).signed_by_key);
        write_down(s, {call("d")});
        CHECK_FALSE(look(s).signed_by_key);
    }
    // Nor is one that was signed, with another break.
    const folder where;
    secret instance;
    {
        auto s = open(at(where.file()));
        write_down(s, {call("a"), call("b"), call("c")});
        instance = s.instance_secret();
    }
    tamper(where.file(), "UPDATE calls SET rows = 4 WHERE id = 2");
    {
        auto db = store::database::open_present(where.file());
        REQUIRE(store::begin_calls_anew(*db, instance, start).ok());
    }
    for (const auto* sql :
         {"UPDATE call_chain SET broken_at = 3", "UPDATE call_chain SET ended = 2",
          "UPDATE call_chain SET begun_at = begun_at + 1", "UPDATE call_chain SET begun_at = 0"}) {
        INFO(sql);
        auto db = store::database::open(where.file());
        REQUIRE(db->script("SAVEPOINT here").ok());
        REQUIRE(db->script(sql).ok());
        const auto key = store::chain_key(instance).public_half();
        CHECK_FALSE(store::check_chain(*db, key)->signed_by_key);
        REQUIRE(db->script("ROLLBACK TO here").ok());
        CHECK(store::check_chain(*db, key)->signed_by_key);
    }
}

TEST_CASE("a database without a call has a signed head from its first start on", "[calls]") {
    const folder where;
    { auto s = open(at(where.file())); }
    auto db = store::database::open(where.file());
    REQUIRE(db.ok());
    auto head = store::read_chain(*db);
    REQUIRE(head.ok());
    CHECK(head->signature.size() == 64);
    CHECK(head->last == 0);
}

TEST_CASE("no statement of ours or of others changes a call while its trigger stands", "[calls]") {
    const folder where;
    {
        auto s = open(at(where.file()));
        write_down(s, {call("a")});
    }
    auto db = store::database::open(where.file());
    REQUIRE(db.ok());
    CHECK_FALSE(db->script("UPDATE calls SET label = 'x'").ok());
}

TEST_CASE("calls go from the oldest on, by age and by number, and the chain stays whole",
          "[calls]") {
    auto options = at(":memory:");
    options.calls.age = 24h;
    options.calls.rows = 5;
    auto s = open(std::move(options));
    for (int i = 0; i < 8; ++i)
        write_down(s, {call("a", start + i * 1h)});
    REQUIRE(s.sweep(start + 8h).ok());
    REQUIRE(s.commit().ok());
    CHECK(ids(s).size() == 5);
    CHECK(whole(look(s)));
    CHECK(look(s).first == 4);

    REQUIRE(s.sweep(start + 24h + 5h).ok());
    CHECK(ids(s) == std::vector<std::int64_t>{8, 7});
    CHECK(whole(look(s)));
    REQUIRE(s.sweep(start + 100h).ok());
    CHECK(ids(s).empty());
    CHECK(whole(look(s)));
    write_down(s, {call("a", start + 100h)});
    CHECK(ids(s) == std::vector<std::int64_t>{9});
    CHECK(whole(look(s)));
}

TEST_CASE("a clock that was wrong for a while takes no call away before its time", "[calls]") {
    auto options = at(":memory:");
    options.calls.age = 24h;
    auto s = open(std::move(options));
    write_down(s, {call("a", start), call("b", start - 24h * 3650), call("c", start)});
    REQUIRE(s.sweep(start + 1h).ok());
    CHECK(ids(s).size() == 3);
    CHECK(whole(look(s)));
}

TEST_CASE("each value is hashed with its length, so that none can move to its neighbour",
          "[calls]") {
    auto one = call("a");
    auto two = one;
    one.tool = "ab";
    one.object = "c";
    two.tool = "a";
    two.object = "bc";
    const std::string zeros(store::link_bytes, '\0');
    CHECK(store::link_of(zeros, one) != store::link_of(zeros, two));
    CHECK(store::link_of(zeros, one) != store::link_of(std::string(store::link_bytes, '1'), one));
    CHECK(store::link_of(zeros, one).size() == store::link_bytes);
}
