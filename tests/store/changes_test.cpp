// The journal of changes: what is kept, who can open it, and how much there may be.
#include "store/backup.hpp"
#include "store/change_seal.hpp"
#include "tests/store/backup_support.hpp"
#include "tests/store/support.hpp"

#include <algorithm>
#include <array>

using namespace store_tests;
using stored::change_state;

namespace {

// A connection, as its calls have it.
stored::change_owner connect(store::store& s, const std::string& client = "client",
                             const std::string& api_key = planted) {
    return {grant_of(s, login(s, start, consent(client))), secret(api_key)};
}

stored::new_change a_change(const std::string& id, std::string body = R"({"name":"Ada"})") {
    stored::new_change out;
    out.id = id;
    out.call = "call";
    out.request_id = "request";
    out.tool = "update_record";
    out.object = "person";
    out.effect = "update";
    out.ids = {"20202020-b000-4485-94de-70c2a98daef2"};
    out.body = std::move(body);
    return out;
}

void begin(store::store& s, const stored::change_owner& who, const stored::new_change& what,
           time_point now = start) {
    const auto begun = s.begin_change(what, who, now);
    INFO((begun ? std::string() : begun.failure().message + begun.failure().detail));
    REQUIRE(begun.ok());
    CHECK(*begun);
    REQUIRE(s.commit().ok());
}
bool tell_end(store::store& s, const stored::change_owner& who, const std::string& id,
              change_state state, std::string body = {}) {
    const auto ended = s.end_change({id, state, std::move(body)}, who);
    REQUIRE(ended.ok());
    REQUIRE(s.commit().ok());
    return *ended;
}
std::vector<stored::change_record> changes_of(store::store& s, const stored::change_owner& who,
                                              const stored::change_query& query = {}) {
    auto found = s.changes(query, who);
    INFO((found ? std::string() : found.failure().message + found.failure().detail));
    REQUIRE(found.ok());
    return *std::move(found);
}
std::string ids_of(const std::vector<stored::change_record>& all) {
    std::string out;
    for (const auto& one : all)
        out += (out.empty() ? "" : " ") + one.id;
    return out;
}
stored::change_record only(store::store& s, const stored::change_owner& who) {
    const auto all = changes_of(s, who);
    REQUIRE(all.size() == 1);
    return all.front();
}

// The bounds are looked at with sums that triggers keep.
void check_sums(const std::string& path) {
    CHECK(count(path, "SELECT count(*) FROM (SELECT grant_id, count(*), sum(bytes) FROM changes "
                      "GROUP BY grant_id UNION ALL SELECT '', count(*), sum(bytes) FROM changes "
                      "HAVING count(*) > 0 EXCEPT SELECT * FROM change_sums)") == 0);
    CHECK(count(path, "SELECT count(*) FROM change_sums WHERE grant_id <> '' AND grant_id NOT IN "
                      "(SELECT grant_id FROM changes)") == 0);
}

// Whoever can write the database can drop what guards it.
void edit_changes(const std::string& path, const std::string& sql) {
    edit(path, ("DROP TRIGGER IF EXISTS changes_keep_what_was_asked;" + sql).c_str());
}

} // namespace

TEST_CASE("a change comes back as it was begun and ended, also after a restart", "[changes]") {
    const folder here;
    stored::change_owner who;
    {
        auto s = open(at(here.file()));
        who = connect(s);
        auto what = a_change("aaa");
        what.undoes = "earlier";
        what.ids.emplace_back("20202020-b000-4485-94de-70c2a98daef3");
        begin(s, who, what, start + 5s);
        CHECK(only(s, who).state == change_state::begun);
        CHECK(tell_end(s, who, "aaa", change_state::done, R"({"after":1})"));
    }
    auto s = open(at(here.file()));
    const auto one = only(s, who);
    CHECK(one.id == "aaa");
    CHECK(one.call == "call");
    CHECK(one.tool == "update_record");
    CHECK(one.object == "person");
    CHECK(one.effect == "update");
    CHECK(one.undoes == "earlier");
    CHECK(one.ids == std::vector<std::string>{"20202020-b000-4485-94de-70c2a98daef2",
                                              "20202020-b000-4485-94de-70c2a98daef3"});
    CHECK(one.at == 1'800'000'005);
    CHECK(one.state == change_state::done);
    CHECK(one.begun == R"({"name":"Ada"})");
    CHECK(one.ended == R"({"after":1})");
    CHECK(one.undone.empty());
    CHECK_FALSE(one.sealed_away);
}

TEST_CASE("a change whose process is gone is unknown, and can be looked up", "[changes]") {
    const folder here;
    stored::change_owner who;
    {
        auto s = open(at(here.file()));
        who = connect(s);
        begin(s, who, a_change("aaa"));
        begin(s, who, a_change("bbb"));
    }
    auto s = open(at(here.file()));
    for (const auto& one : changes_of(s, who)) {
        CHECK(one.state == change_state::unknown);
        CHECK(one.begun == R"({"name":"Ada"})");
        CHECK(one.ended.empty());
        CHECK_FALSE(one.sealed_away);
    }
    CHECK(tell_end(s, who, "aaa", change_state::done, "{}"));
    CHECK(tell_end(s, who, "bbb", change_state::refused));
    CHECK(changes_of(s, who)[0].state == change_state::refused);
    CHECK(changes_of(s, who)[1].state == change_state::done);
}

TEST_CASE("a change goes from state to state as it may, and no other way", "[changes]") {
    using enum change_state;
    const std::array all{begun, done, refused, unknown};
    auto s = open(at(":memory:"));
    const auto who = connect(s);
    int number = 0;
    for (const auto from : all)
        for (const auto to : all)
            for (const auto* body : {"", "{}"}) {
                const auto id = "c" + std::to_string(++number);
                begin(s, who, a_change(id));
                if (from != begun) REQUIRE(tell_end(s, who, id, from, "{\"first\":1}"));
                INFO(stored::name_of(from) << " to " << stored::name_of(to) << " with " << body);
                const bool may = (from == begun && to != begun) ||
                                 (from == unknown && (to == done || to == refused ||
                                                      (to == unknown && *body != '\0'))) ||
                                 (from == done && to == done && *body != '\0');
                CHECK(tell_end(s, who, id, to, body) == may);
                const auto now = changes_of(s, who).front();
                CHECK(now.state == (may ? to : from));
                if (from != begun || may)
                    CHECK(now.ended == (may ? std::string(body) : "{\"first\":1}"));
                CHECK_FALSE(now.sealed_away);
            }
}

TEST_CASE("a change that a look has found refused keeps its values", "[changes]") {
    auto s = open(at(":memory:"));
    const auto who = connect(s);
    begin(s, who, a_change("aaa"));
    REQUIRE(tell_end(s, who, "aaa", change_state::unknown));
    REQUIRE(tell_end(s, who, "aaa", change_state::refused, "{}"));
    CHECK(only(s, who).begun == R"({"name":"Ada"})");
    CHECK_FALSE(only(s, who).sealed_away);
}

TEST_CASE("of a refused change the values go and the rest stays", "[changes]") {
    const folder here;
    auto s = open(at(here.file()));
    const auto who = connect(s);
    begin(s, who, a_change("aaa", std::string(4000, 'x')));
    REQUIRE(tell_end(s, who, "aaa", change_state::refused, R"({"why":"role"})"));
    const auto one = only(s, who);
    CHECK(one.begun.empty());
    CHECK(one.ended == R"({"why":"role"})");
    CHECK_FALSE(one.sealed_away);
    CHECK(one.ids.size() == 1);
    CHECK(count(here.file(), "SELECT begun IS NULL AND bytes < 1000 FROM changes") == 1);
    check_sums(here.file());
}

TEST_CASE("a change is undone by one that is done, of the same connection", "[changes]") {
    auto s = open(at(":memory:"));
    const auto who = connect(s);
    const auto other = connect(s, "other");
    begin(s, who, a_change("aaa"));
    auto undo = a_change("bbb");
    undo.undoes = "aaa";
    begin(s, other, undo);
    REQUIRE(tell_end(s, other, "bbb", change_state::done));
    CHECK(only(s, who).undone.empty());
    undo.id = "ccc";
    begin(s, who, undo);
    CHECK(changes_of(s, who)[1].undone.empty());
    REQUIRE(tell_end(s, who, "ccc", change_state::done));
    CHECK(changes_of(s, who)[1].undone == changes_of(s, who)[1].ids);
    CHECK(changes_of(s, who)[0].undone.empty());
    // An undo that is undone is none.
    undo.id = "ddd";
    undo.undoes = "ccc";
    begin(s, who, undo);
    REQUIRE(tell_end(s, who, "ddd", change_state::done));
    CHECK(changes_of(s, who)[2].undone.empty());
    CHECK(changes_of(s, who)[1].undone.size() == 1);
}

TEST_CASE("another connection sees no change of this one and ends none, with the same API key too",
          "[changes]") {
    auto s = open(at(":memory:"));
    const auto who = connect(s);
    const auto other = connect(s, "other");
    begin(s, who, a_change("aaa"));
    CHECK(changes_of(s, other).empty());
    stored::change_query by_id;
    by_id.ids = {"aaa"};
    CHECK(changes_of(s, other, by_id).empty());
    stored::change_query before;
    before.before = "aaa";
    CHECK(code_of(s.changes(before, other)) == errc::not_found);
    CHECK_FALSE(tell_end(s, other, "aaa", change_state::refused));
    CHECK(only(s, who).state == change_state::begun);
}

TEST_CASE("a backup has the changes, and they open in it", "[changes]") {
    const folder here;
    const folder there;
    auto s = open(at(here.file()));
    const auto who = connect(s);
    begin(s, who, a_change("aaa"));
    REQUIRE(tell_end(s, who, "aaa", change_state::done, "{}"));
    REQUIRE(store::back_up(here.file(), there.file(), false).ok());
    auto copy = open(at(there.file()));
    CHECK(only(copy, who).begun == R"({"name":"Ada"})");
}

TEST_CASE("a list has what is asked for, the newest first, page by page", "[changes]") {
    auto s = open(at(":memory:"));
    const auto who = connect(s);
    for (int i = 0; i < 6; ++i) {
        auto what = a_change("c" + std::to_string(i));
        what.call = i < 2 ? "first" : "second";
        what.object = i % 2 == 0 ? "person" : "company";
        what.ids = {"r" + std::to_string(i), "r" + std::to_string(i + 10)};
        begin(s, who, what, start + std::chrono::seconds(i));
    }
    const auto found = [&](auto set) {
        stored::change_query query;
        set(query);
        return ids_of(changes_of(s, who, query));
    };
    using query = stored::change_query;
    CHECK(found([](query&) {}) == "c5 c4 c3 c2 c1 c0");
    CHECK(found([](query& q) { q.call = "first"; }) == "c1 c0");
    CHECK(found([](query& q) { q.object = "company"; }) == "c5 c3 c1");
    CHECK(found([](query& q) { q.records = {"r3"}; }) == "c3");
    CHECK(found([](query& q) { q.records = {"r1"}; }) == "c1");
    CHECK(found([](query& q) { q.since = 1'800'000'004; }) == "c5 c4");
    CHECK(found([](query& q) { q.until = 1'800'000'001; }) == "c1 c0");
    CHECK(found([](query& q) { q.ids = {"c1", "c4", "none", "c4"}; }) == "c4 c1");
    CHECK(found([](query& q) {
              q.ids = {"c1", "c4", "c5"};
              q.limit = 2;
          }) == "c5 c4");
    CHECK(found([](query& q) {
              q.ids = {"c1", "c4"};
              q.object = "company";
          }) == "c1");
    CHECK(found([](query& q) { q.limit = 2; }) == "c5 c4");
    CHECK(found([](query& q) {
              q.limit = 2;
              q.before = "c4";
          }) == "c3 c2");
    query nowhere;
    nowhere.before = "none";
    CHECK(code_of(s.changes(nowhere, who)) == errc::not_found);
}

TEST_CASE("a list ends before its values fill the memory", "[changes]") {
    auto opts = at(":memory:");
    opts.changes.bytes = std::int64_t{1} << 40;
    auto s = open(std::move(opts));
    const auto who = connect(s);
    const std::string large(1024 * 1024, 'x');
    for (int i = 0; i < 40; ++i)
        begin(s, who, a_change("c" + std::to_string(i), large));
    stored::change_query query;
    CHECK(changes_of(s, who, query).size() == 31);
    for (int i = 0; i < 40; ++i)
        query.ids.push_back("c" + std::to_string(i));
    const auto by_id = changes_of(s, who, query);
    CHECK(by_id.size() == 31);
    CHECK(by_id.front().id == "c39");
}

TEST_CASE("nothing of a change's values stands in the database", "[changes]") {
    const folder here;
    auto s = open(at(here.file()));
    const auto who = connect(s);
    begin(s, who, a_change("aaa", "before-the-change"));
    REQUIRE(tell_end(s, who, "aaa", change_state::done, "after-the-change"));
    for (const auto* file : {"twenty-mcp.db", "twenty-mcp.db-wal"}) {
        const auto bytes = bytes_of(here.file(file));
        CHECK_FALSE(contains(bytes, "before-the-change"));
        CHECK_FALSE(contains(bytes, "after-the-change"));
        CHECK_FALSE(contains(bytes, planted));
    }
}

TEST_CASE("values open with the API key and the grant that they were sealed for alone",
          "[changes]") {
    const folder here;
    auto s = open(at(here.file()));
    const auto who = connect(s);
    begin(s, who, a_change("aaa"));
    REQUIRE(tell_end(s, who, "aaa", change_state::done, "{}"));
    auto thief = who;
    thief.api_key = secret(std::string("another-key"));
    const auto shut = only(s, thief);
    CHECK(shut.sealed_away);
    CHECK(shut.begun.empty());
    CHECK(shut.ended.empty());
    CHECK(shut.object == "person");
    // Another grant of the same key: not with its own key, and not where the row is made its own.
    const auto other = connect(s, "other");
    edit_changes(here.file(), "UPDATE changes SET grant_id = '" + other.grant_id + "'");
    CHECK(only(s, other).sealed_away);
    // Not with the database and the server key together: the key takes the API key.
    const auto instance = s.instance_secret();
    CHECK_FALSE(store::change_key(instance, who).reveal() ==
                store::change_key(instance, thief).reveal());
    CHECK_FALSE(store::change_key(instance, who).reveal() ==
                store::change_key(instance, other).reveal());
}

TEST_CASE("a change that was edited, moved or given another end does not open", "[changes]") {
    const folder here;
    auto s = open(at(here.file()));
    const auto who = connect(s);
    const auto is_shut = [&](const std::string& edit) {
        INFO(edit);
        begin(s, who, a_change("aaa"));
        auto second = a_change("bbb");
        second.call = "another";
        begin(s, who, second);
        REQUIRE(tell_end(s, who, "aaa", change_state::done, R"({"one":1})"));
        REQUIRE(tell_end(s, who, "bbb", change_state::done, R"({"two":2})"));
        edit_changes(here.file(), edit);
        const auto all = changes_of(s, who);
        const auto shut = std::ranges::any_of(all, &stored::change_record::sealed_away);
        for (const auto& one : all)
            if (one.sealed_away) CHECK((one.begun.empty() && one.ended.empty()));
        edit_changes(here.file(), "DELETE FROM changes");
        return shut;
    };
    CHECK_FALSE(is_shut("UPDATE changes SET number = number + 100"));
    for (const std::string column :
         {"id", "call", "request", "tool", "object", "effect", "undoes", "at", "ids"}) {
        const auto other = column == "at" ? "at + 1" : "'other'";
        CHECK(is_shut("UPDATE changes SET " + column + " = " + other + " WHERE id = 'aaa'"));
    }
    for (const std::string state : {"begun", "refused", "unknown"})
        CHECK(is_shut("UPDATE changes SET state = '" + state + "' WHERE id = 'aaa'"));
    CHECK(is_shut("UPDATE changes SET begun = NULL WHERE id = 'aaa'"));
    CHECK(is_shut("UPDATE changes SET ended = NULL WHERE id = 'aaa'"));
    CHECK(is_shut("UPDATE changes SET ended = begun WHERE id = 'aaa'"));
    CHECK(is_shut("UPDATE changes SET begun = (SELECT begun FROM changes WHERE id = 'bbb') WHERE "
                  "id = 'aaa'"));
    CHECK(is_shut("UPDATE changes SET ended = (SELECT ended FROM changes WHERE id = 'bbb') WHERE "
                  "id = 'aaa'"));
}

TEST_CASE("what was asked of a change is not changed by a slip of the server", "[changes]") {
    const folder here;
    auto s = open(at(here.file()));
    begin(s, connect(s), a_change("aaa"));
    auto db = store::database::open(here.file());
    REQUIRE(db.ok());
    CHECK_FALSE(db->script("UPDATE changes SET object = 'company'").ok());
}

TEST_CASE("changes outlive their connection, and a connection that has ended begins none",
          "[changes]") {
    auto s = open(at(":memory:"));
    const auto who = connect(s);
    begin(s, who, a_change("aaa"));
    REQUIRE(s.end_grants("fp", who.grant_id, start).ok());
    CHECK(code_of(s.begin_change(a_change("bbb"), who, start)) == errc::not_found);
    REQUIRE(s.commit().ok());
    CHECK(only(s, who).begun == R"({"name":"Ada"})");
    CHECK(tell_end(s, who, "aaa", change_state::done));
}

TEST_CASE("an id that is there already begins no second change", "[changes]") {
    auto s = open(at(":memory:"));
    const auto who = connect(s);
    begin(s, who, a_change("aaa"));
    CHECK_FALSE(s.begin_change(a_change("aaa", "other"), who, start).ok());
    REQUIRE(s.commit().ok());
    CHECK(only(s, who).begun == R"({"name":"Ada"})");
}

TEST_CASE("a connection holds at most 10,000 changes, and its oldest give way", "[changes]") {
    const folder here(memory_folder());
    auto s = open(at(here.file()));
    const auto who = connect(s);
    const auto other = connect(s, "other");
    begin(s, other, a_change("other"));
    for (int i = 0; i < stored::most_changes_of_grant + 3; ++i)
        REQUIRE(s.begin_change(a_change("c" + std::to_string(i), ""), who, start).ok());
    REQUIRE(s.commit().ok());
    CHECK(count(here.file(), "SELECT count(*) FROM changes") == stored::most_changes_of_grant + 1);
    stored::change_query oldest;
    oldest.ids = {"c2", "c3"};
    CHECK(ids_of(changes_of(s, who, oldest)) == "c3");
    CHECK(changes_of(s, other).size() == 1);
    check_sums(here.file());
}

TEST_CASE("a connection holds a sixteenth of all bytes, and its oldest give way", "[changes]") {
    const folder here;
    auto opts = at(here.file());
    opts.changes.bytes = 16 * 20'000;
    auto s = open(std::move(opts));
    const auto who = connect(s);
    for (int i = 0; i < 10; ++i)
        begin(s, who, a_change("c" + std::to_string(i), std::string(4'000, 'x')));
    CHECK(ids_of(changes_of(s, who)) == "c9 c8 c7 c6");
    // An end needs room as well; the change that it is of is not what gives way.
    REQUIRE(tell_end(s, who, "c6", change_state::done, std::string(6'000, 'y')));
    CHECK(ids_of(changes_of(s, who)) == "c9 c8 c6");
    CHECK(count(here.file(), "SELECT sum(bytes) FROM changes") <= 20'000);
    check_sums(here.file());
}

TEST_CASE("a change that no room could be made for is refused, and its end loses the body alone",
          "[changes]") {
    auto opts = at(":memory:");
    opts.changes.bytes = 16 * 20'000;
    auto s = open(std::move(opts));
    const auto who = connect(s);
    begin(s, who, a_change("aaa"));
    CHECK(code_of(s.begin_change(a_change("bbb", std::string(20'000, 'x')), who, start)) ==
          errc::too_large);
    REQUIRE(tell_end(s, who, "aaa", change_state::done, std::string(20'000, 'x')));
    const auto one = only(s, who);
    CHECK(one.state == change_state::done);
    CHECK(one.begun == R"({"name":"Ada"})");
    CHECK(one.ended.empty());
    CHECK_FALSE(one.sealed_away);
}

TEST_CASE("where all bytes are used up, whoever holds most gives way", "[changes]") {
    const folder here;
    auto opts = at(here.file());
    opts.changes.bytes = 16 * 20'000;
    auto s = open(std::move(opts));
    const auto modest = connect(s, "modest");
    begin(s, modest, a_change("modest"));
    std::vector<stored::change_owner> greedy;
    for (int i = 0; i < 17; ++i) {
        greedy.push_back(connect(s, "greedy" + std::to_string(i)));
        for (int n = 0; n < 4; ++n)
            begin(s, greedy.back(),
                  a_change("g" + std::to_string(i) + "-" + std::to_string(n),
                           std::string(4'000, 'x')));
    }
    CHECK(count(here.file(), "SELECT sum(bytes) FROM changes") <= 16 * 20'000);
    CHECK(count(here.file(), "SELECT sum(bytes) FROM changes") > 15 * 20'000);
    CHECK(changes_of(s, modest).size() == 1);
    CHECK(changes_of(s, greedy.back()).size() >= 3);
    check_sums(here.file());
}

TEST_CASE("changes that are old enough go with the sweep, in steps", "[changes]") {
    const folder here(memory_folder());
    auto opts = at(here.file());
    opts.changes.age = 24h;
    auto s = open(std::move(opts));
    const auto who = connect(s);
    for (int i = 0; i < 700; ++i)
        REQUIRE(s.begin_change(a_change("c" + std::to_string(i)), who, start).ok());
    REQUIRE(s.commit().ok());
    begin(s, who, a_change("young"), start + 1h);
    const auto sweep = [&](time_point now) {
        const auto swept = s.sweep(now);
        REQUIRE(swept.ok());
        REQUIRE(s.commit().ok());
        return *swept;
    };
    CHECK(sweep(start + 24h - 1s) < store::sweep_batch);
    CHECK(count(here.file(), "SELECT count(*) FROM changes") == 701);
    CHECK(sweep(start + 24h) >= store::sweep_batch);
    CHECK(count(here.file(), "SELECT count(*) FROM changes") == 201);
    CHECK(sweep(start + 24h) < store::sweep_batch);
    CHECK(ids_of(changes_of(s, who)) == "young");
    check_sums(here.file());
}

TEST_CASE("one step of the sweep takes few of large changes", "[changes]") {
    const folder here(memory_folder());
    auto s = open(at(here.file()));
    const auto who = connect(s);
    for (int i = 0; i < 10; ++i)
        begin(s, who, a_change("c" + std::to_string(i), std::string(1024 * 1024, 'x')));
    CHECK(*s.sweep(start + 24h * 31) >= store::sweep_batch);
    REQUIRE(s.commit().ok());
    CHECK(count(here.file(), "SELECT count(*) FROM changes") == 6);
}

TEST_CASE("a bound that was lowered is kept after some sweeps", "[changes]") {
    const folder here(memory_folder());
    stored::change_owner who;
    {
        auto s = open(at(here.file()));
        who = connect(s);
        for (int i = 0; i < 12; ++i)
            begin(s, who, a_change("c" + std::to_string(i), std::string(1024 * 1024, 'x')));
    }
    auto opts = at(here.file());
    opts.changes.bytes = 1024 * 1024;
    auto s = open(std::move(opts));
    int steps = 0;
    while (*s.sweep(start) >= store::sweep_batch) {
        REQUIRE(s.commit().ok());
        REQUIRE(++steps < 10);
    }
    REQUIRE(s.commit().ok());
    CHECK(count(here.file(), "SELECT sum(bytes) FROM changes") <= 1024 * 1024);
    check_sums(here.file());
}

TEST_CASE("where the journal is switched off nothing is written down, and what was there goes",
          "[changes]") {
    const folder here;
    stored::change_owner who;
    {
        auto s = open(at(here.file()));
        who = connect(s);
        begin(s, who, a_change("aaa"), start + 1h);
    }
    auto opts = at(here.file());
    opts.changes.age = 0h;
    auto s = open(std::move(opts));
    const auto begun = s.begin_change(a_change("bbb"), who, start);
    REQUIRE(begun.ok());
    CHECK_FALSE(*begun);
    CHECK_FALSE(s.dirty());
    CHECK(code_of(s.changes({}, who)) == errc::unsupported);
    REQUIRE(s.sweep(start).ok());
    REQUIRE(s.commit().ok());
    CHECK(count(here.file(), "SELECT count(*) FROM changes") == 0);
}
