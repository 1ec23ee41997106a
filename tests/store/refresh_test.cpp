// Idempotent rotation, as store/rotation.hpp decides it. Row numbers are those of
// tests/security/plan.txt.
#include "store/rotation.hpp"

#include "tests/store/support.hpp"

using namespace store_tests;
using oauth::reuse_policy;
using store::refresh_state;
using store::verdict;

namespace {
bool same(const oauth::token_pair& a, const oauth::token_pair& b) {
    return a.access_token.reveal() == b.access_token.reveal() &&
           a.refresh_token->reveal() == b.refresh_token->reveal();
}

oauth::refresh_exchange exchange_from(const std::string& network, const secret& token) {
    oauth::refresh_exchange out;
    out.client_id = "client";
    out.refresh_token = token;
    out.network = network;
    return out;
}

// What the audit says of repeats, the newest first.
std::vector<stored::audit_row> repeats(store::store& s) {
    stored::audit_query query;
    query.kind = stored::audit_kind::refresh_repeated;
    auto rows = s.audit(query);
    REQUIRE(rows.ok());
    return *std::move(rows);
}
} // namespace

TEST_CASE("every presented refresh token has one verdict", "[refresh][plan-79]") {
    struct row {
        refresh_state state;
        std::chrono::seconds age;
        std::optional<std::chrono::seconds> seen_for;
        verdict expected;
    };
    const std::vector<row> table{
        {refresh_state::current, 0s, {}, verdict::rotate},
        {refresh_state::current, 99'999s, {}, verdict::rotate},
        {refresh_state::previous, 0s, {}, verdict::repeat},
        {refresh_state::previous, 60s, {}, verdict::repeat},
        {refresh_state::previous, 61s, {}, verdict::rotate_again},
        {refresh_state::previous, 0s, 0s, verdict::repeat},
        {refresh_state::previous, -5s, -5s, verdict::repeat}, // the clock went back
        {refresh_state::previous, -600s, -11s, verdict::refuse},
        {refresh_state::previous, 60s, 10s, verdict::repeat},
        {refresh_state::previous, 61s, 10s, verdict::repeat}, // a race that began late
        {refresh_state::previous, 11s, 11s, verdict::refuse},
        {refresh_state::previous, 60s, 11s, verdict::refuse},
        {refresh_state::previous, 61s, 11s, verdict::reuse},
        {refresh_state::retired, 0s, {}, verdict::refuse},
        {refresh_state::retired, 59s, 1s, verdict::refuse},
        {refresh_state::retired, 60s, {}, verdict::reuse},
        {refresh_state::retired, 61s, 1s, verdict::reuse},
    };
    for (const auto& r : table) {
        INFO(static_cast<int>(r.state)
             << " " << r.age.count() << " " << r.seen_for.value_or(-99s).count());
        const oauth::lifetimes lives;
        CHECK(store::judge(r.state, r.age, r.seen_for, lives, reuse_policy::end) == r.expected);
        const auto milder = r.expected == verdict::reuse ? verdict::stale : r.expected;
        CHECK(store::judge(r.state, r.age, r.seen_for, lives, reuse_policy::refuse) == milder);
    }
}

TEST_CASE("row 74: rotation gives a new pair and leaves the old access token its time",
          "[refresh][plan-74]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    const auto second = refreshed(s, *first.refresh_token, start + 100s);
    CHECK_FALSE(same(first, second));
    CHECK(second.expires_in == 3600s);
    CHECK(second.resource == resource);
    CHECK(opens(s, first.access_token, start + 100s));
    CHECK(opens(s, second.access_token, start + 100s));
    CHECK(s.open_grant(second.access_token, start + 100s)->props.reveal() == props);
}

TEST_CASE("both tokens of a pair say their kind, and neither tells the other", "[refresh]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    for (const auto& pair : {first, refreshed(s, *first.refresh_token, start)}) {
        const auto access = pair.access_token.reveal();
        const auto refresh = pair.refresh_token->reveal();
        CHECK(access.starts_with("twa_"));
        CHECK(refresh.starts_with("twr_"));
        CHECK(access.substr(4, 42) != refresh.substr(4, 42));
    }
}

TEST_CASE("row 75: retries and races within the grace get the same pair, and write one row",
          "[refresh][plan-75]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    const auto second = refreshed(s, *first.refresh_token, start + 100s);
    for (int i = 0; i < 20; ++i)
        CHECK(same(refreshed(s, *first.refresh_token, start + 110s), second));
    CHECK(opens(s, second.access_token, start + 150s)); // used: still the same pair
    const auto late = refreshed(s, *first.refresh_token, start + 160s);
    CHECK(same(late, second));
    CHECK(late.expires_in == 3540s);
    const auto exchange = exchange_from("", *first.refresh_token);
    CHECK(s.refresh(exchange, start + 160s).ok());
    CHECK_FALSE(s.dirty());
    CHECK(repeats(s).size() == 1);
}

TEST_CASE("once the successor is in use its predecessor is good for ten seconds, then for nothing",
          "[refresh]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    const auto second = refreshed(s, *first.refresh_token, start);
    CHECK(opens(s, second.access_token, start + 5s));
    CHECK(opens(s, second.access_token, start + 14s)); // the first use counts
    CHECK(same(refreshed(s, *first.refresh_token, start + 15s), second));
    CHECK(code_of(refresh(s, *first.refresh_token, start + 16s)) == errc::invalid_grant);
    CHECK(code_of(refresh(s, *first.refresh_token, start + 60s)) == errc::invalid_grant);
    CHECK(opens(s, second.access_token, start + 60s)); // a straggler harms nobody
    CHECK(s.take_ended().empty());
}

TEST_CASE("when the successor was first used is remembered across a restart", "[refresh]") {
    const folder here;
    std::optional<secret> presented;
    {
        auto s = open(at(here.file()));
        presented = *login(s, start).refresh_token;
        CHECK(opens(s, refreshed(s, *presented, start).access_token, start + 5s));
    }
    {
        auto s = open(at(here.file()));
        CHECK(refresh(s, *presented, start + 15s).ok());
    }
    auto s = open(at(here.file()));
    CHECK(code_of(refresh(s, *presented, start + 16s)) == errc::invalid_grant);
}

TEST_CASE("repeats of a refresh are in the audit, once for each network, with both networks",
          "[refresh]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    const auto send = [&](const std::string& network, const secret& token, std::chrono::seconds t) {
        const auto pair = s.refresh(exchange_from(network, token), start + t);
        REQUIRE(pair.ok());
        REQUIRE(s.commit().ok());
        return *pair;
    };
    const auto second = send("192.0.2.0/24", *first.refresh_token, 0s);
    CHECK(repeats(s).empty());
    for (int i = 0; i < 3; ++i)
        send("192.0.2.0/24", *first.refresh_token, 1s);
    CHECK(opens(s, second.access_token, start + 2s));
    for (int i = 0; i < 3; ++i)
        send("198.51.100.0/24", *first.refresh_token, 3s);
    auto rows = repeats(s); // the newest first
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].source == "198.51.100.0/24");
    CHECK(rows[0].detail == "exchanged from 192.0.2.0/24, successor in use");
    CHECK(rows[0].grant_id == grant_of(s, second));
    CHECK(rows[0].at == start + 3s);
    CHECK(rows[1].source == "192.0.2.0/24");
    CHECK(rows[1].detail == "exchanged from 192.0.2.0/24, successor not in use");
    // The next rotation is another one.
    send("192.0.2.0/24", *second.refresh_token, 4s);
    send("198.51.100.0/24", *second.refresh_token, 5s);
    CHECK(repeats(s).size() == 3);
    // Of a server that did not note it.
    REQUIRE(s.refresh(exchange_from("", *first.refresh_token), start + 6s).failure().code ==
            errc::invalid_grant);
    CHECK(repeats(s).size() == 3);
}

TEST_CASE("repeats of one grant from one network are one row an hour, whatever the rotations",
          "[refresh]") {
    auto s = open(at(":memory:"));
    auto token = *login(s, start).refresh_token;
    const auto other = *login(s, start).refresh_token;
    const auto twice = [&](const secret& from, std::chrono::seconds after) {
        const auto pair = s.refresh(exchange_from("192.0.2.0/24", from), start + after);
        REQUIRE(pair.ok());
        REQUIRE(s.refresh(exchange_from("192.0.2.0/24", from), start + after + 1s).ok());
        REQUIRE(s.commit().ok());
        return *pair->refresh_token;
    };
    for (int i = 0; i < 50; ++i)
        token = twice(token, i * 10s);
    auto rows = repeats(s);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].times == 50);
    CHECK(rows[0].at == start + 1s);
    CHECK(rows[0].last_at == start + 491s);
    twice(other, 500s); // another grant's is another row
    CHECK(repeats(s).size() == 2);
    twice(token, 3700s);
    rows = repeats(s);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].times == 1);
}

TEST_CASE("a spent refresh token gives its thief away when its row is long gone", "[refresh]") {
    const folder here;
    auto s = open(at(here.file()));
    const auto first = login(s, start);
    auto last = first;
    for (int i = 1; i <= 10; ++i)
        last = refreshed(s, *last.refresh_token, start + i * 100s);
    // The current one, its predecessor, and the one before, for stragglers.
    CHECK(count(here.file(), "SELECT count(*) FROM refresh_tokens") == 3);
    CHECK(code_of(refresh(s, *first.refresh_token, start + 1000s, "other")) == errc::invalid_grant);
    CHECK(opens(s, last.access_token, start + 1000s)); // another client's attempt harms nobody
    auto elsewhere = exchange_from("", *first.refresh_token);
    elsewhere.resource = "https://other.example/mcp";
    CHECK(code_of(s.refresh(elsewhere, start + 1000s)) == errc::invalid_target);
    CHECK(code_of(refresh(s, *first.refresh_token, start + 1000s)) == errc::invalid_grant);
    CHECK_FALSE(opens(s, last.access_token, start + 1000s));
    CHECK(s.take_ended().size() == 1);
}

TEST_CASE("where reuse is to be refused, a token whose row is gone ends nothing", "[refresh]") {
    auto opts = at(":memory:");
    opts.on_reuse = reuse_policy::refuse;
    auto s = open(std::move(opts));
    const auto first = login(s, start);
    auto last = first;
    for (int i = 1; i <= 5; ++i)
        last = refreshed(s, *last.refresh_token, start + i * 100s);
    CHECK(code_of(refresh(s, *first.refresh_token, start + 500s)) == errc::invalid_grant);
    CHECK(opens(s, last.access_token, start + 500s));
}

TEST_CASE("an answer that was lost twice leaves orphans that give their user away", "[refresh]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    const auto orphan = refreshed(s, *first.refresh_token, start);
    const auto second = refreshed(s, *first.refresh_token, start + 100s); // rotated afresh
    const auto third = refreshed(s, *second.refresh_token, start + 200s);
    const auto fourth = refreshed(s, *third.refresh_token, start + 300s); // the orphan's row goes
    CHECK(code_of(refresh(s, *orphan.refresh_token, start + 300s)) == errc::invalid_grant);
    CHECK_FALSE(opens(s, fourth.access_token, start + 300s));
}

TEST_CASE("after a restored backup a token of the lost time is invalid and ends nothing yet",
          "[refresh]") {
    const folder here;
    std::optional<oauth::token_pair> kept, lost;
    {
        auto s = open(at(here.file()));
        kept = login(s, start);
    }
    std::filesystem::copy_file(here.file(), here.file("backup.db"));
    {
        auto s = open(at(here.file()));
        lost = refreshed(s, *kept->refresh_token, start + 1s);
        lost = refreshed(s, *lost->refresh_token, start + 2s);
    }
    auto s = open(at(here.file("backup.db")));
    CHECK(code_of(refresh(s, *lost->refresh_token, start + 3s)) == errc::invalid_grant);
    CHECK(opens(s, kept->access_token, start + 3s));
    // The restored chain comes to the lost token's generation, and then beyond it.
    auto last = refreshed(s, *kept->refresh_token, start + 4s);
    last = refreshed(s, *last.refresh_token, start + 5s);
    CHECK(code_of(refresh(s, *lost->refresh_token, start + 6s)) == errc::invalid_grant);
    CHECK(opens(s, last.access_token, start + 6s));
    last = refreshed(s, *last.refresh_token, start + 7s);
    CHECK(code_of(refresh(s, *lost->refresh_token, start + 8s)) == errc::invalid_grant);
    CHECK_FALSE(opens(s, last.access_token, start + 8s));
}

TEST_CASE("a token that retired within the grace ends nothing, however many rotations followed",
          "[refresh]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    auto last = refreshed(s, *first.refresh_token, start + 1s);
    for (int i = 2; i <= 4; ++i)
        last = refreshed(s, *last.refresh_token, start + i * 1s);
    CHECK(code_of(refresh(s, *first.refresh_token, start + 5s)) == errc::invalid_grant);
    CHECK(opens(s, last.access_token, start + 5s));
}

TEST_CASE("a successor that was made anew twice is below its replacement, and its reuse is noticed",
          "[refresh]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    const auto orphan = refreshed(s, *first.refresh_token, start + 100s);
    refreshed(s, *first.refresh_token, start + 200s);
    const auto last = refreshed(s, *first.refresh_token, start + 300s);
    CHECK(code_of(refresh(s, *orphan.refresh_token, start + 400s)) == errc::invalid_grant);
    CHECK_FALSE(opens(s, last.access_token, start + 400s));
}

TEST_CASE("spent tokens of an older server keep their rows, and their reuse is noticed",
          "[refresh]") {
    const folder here;
    std::optional<oauth::token_pair> first, last;
    {
        auto s = open(at(here.file()));
        first = login(s, start);
        last = refreshed(s, *first->refresh_token, start + 100s);
    }
    edit(here.file(), "UPDATE refresh_tokens SET lineage = 0");
    auto s = open(at(here.file()));
    for (int i = 2; i <= 6; ++i)
        last = refreshed(s, *last->refresh_token, start + i * 100s);
    CHECK(count(here.file(), "SELECT count(*) FROM refresh_tokens WHERE lineage = 0") == 2);
    CHECK(code_of(refresh(s, *first->refresh_token, start + 600s)) == errc::invalid_grant);
    CHECK_FALSE(opens(s, last->access_token, start + 600s));
}

TEST_CASE("a repeat across an update gets the successor that was given before it", "[refresh]") {
    const folder here;
    std::optional<secret> presented;
    std::optional<oauth::token_pair> second;
    {
        auto s = open(at(here.file()));
        presented = *login(s, start).refresh_token;
        second = refreshed(s, *presented, start);
    }
    // The older form: the random part alone.
    const auto whole = *text::base64url_decode(second->refresh_token->reveal().substr(4));
    const secret given("twr_" + text::base64url_encode(whole.substr(0, 32)));
    std::string id;
    for (const char c : crypto::sha256(given.reveal()))
        for (const int half : {static_cast<unsigned char>(c) >> 4, c & 15})
            id += "0123456789abcdef"[half];
    edit(here.file(),
         ("UPDATE refresh_tokens SET lineage = 0, id = x'" + id + "' WHERE state = 'current'")
             .c_str());
    auto s = open(at(here.file()));
    const auto again = refreshed(s, *presented, start + 5s);
    CHECK(again.refresh_token->reveal() == given.reveal());
    CHECK(again.access_token.reveal() == second->access_token.reveal());
}

TEST_CASE("a predecessor whose successor's hour is over gets nothing more", "[refresh]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    const auto second = refreshed(s, *first.refresh_token, start);
    CHECK(opens(s, second.access_token, start + 3599s)); // first used at the end of its hour
    CHECK(code_of(refresh(s, *first.refresh_token, start + 3601s)) == errc::invalid_grant);
    CHECK(refresh(s, *second.refresh_token, start + 3601s).ok());
}

TEST_CASE("tokens that are made anew for a predecessor are in the audit", "[refresh]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    REQUIRE(s.refresh(exchange_from("192.0.2.0/24", *first.refresh_token), start).ok());
    REQUIRE(s.refresh(exchange_from("198.51.100.0/24", *first.refresh_token), start + 61s).ok());
    REQUIRE(s.commit().ok());
    const auto rows = repeats(s);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].source == "198.51.100.0/24");
    CHECK(rows[0].detail == "exchanged from 192.0.2.0/24, successor never used, made anew");
}

TEST_CASE("a client may end its connection with a token that is long spent", "[refresh]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    auto last = first;
    for (int i = 1; i <= 5; ++i)
        last = refreshed(s, *last.refresh_token, start + i * 100s);
    const auto others = s.revoke({"other", *first.refresh_token}, start + 500s);
    REQUIRE(others.ok());
    CHECK_FALSE(others->has_value());
    const auto ended = s.revoke({"client", *first.refresh_token}, start + 500s);
    REQUIRE(ended.ok());
    CHECK(ended->has_value());
    REQUIRE(s.commit().ok());
    CHECK_FALSE(opens(s, last.access_token, start + 500s));
}

namespace {
// Bytes of the database after so many rotations of one grant, one a second, which is what the
// limits of /token allow.
std::int64_t bytes_after(store::store& s, const std::string& file, oauth::token_pair& last,
                         int& second, int rotations) {
    for (int i = 0; i < rotations; ++i) {
        ++second;
        auto next = s.refresh(exchange_from("192.0.2.0/24", *last.refresh_token),
                              start + std::chrono::seconds(second));
        REQUIRE(next.ok());
        last = *std::move(next);
        if (second % 500 != 0) continue;
        REQUIRE(s.commit().ok());
    }
    REQUIRE(s.commit().ok());
    return count(file,
                 "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()");
}
} // namespace

TEST_CASE("three thousand rotations of one grant need no more room than a hundred", "[refresh]") {
    const folder here(memory_folder());
    auto s = open(at(here.file()));
    auto last = login(s, start);
    int second = 0;
    const auto before = bytes_after(s, here.file(), last, second, 100);
    CHECK(bytes_after(s, here.file(), last, second, 2900) <= before + 16 * 1024);
    CHECK(count(here.file(), "SELECT count(*) FROM refresh_tokens") <= 63);
}

TEST_CASE(
    "a hundred thousand rotations of one grant leave the database within 1 MB of where it was",
    "[refresh][.long]") {
    const folder here(memory_folder());
    auto s = open(at(here.file()));
    auto last = login(s, start);
    int second = 0;
    const auto before = bytes_after(s, here.file(), last, second, 100);
    CHECK(bytes_after(s, here.file(), last, second, 99'900) <= before + (1 << 20));
}

TEST_CASE("who has used up its share still gets what it was given, and nothing new", "[refresh]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    oauth::refresh_exchange exchange;
    exchange.client_id = "client";
    exchange.refresh_token = *first.refresh_token;
    exchange.only_repeat = true;
    CHECK(code_of(s.refresh(exchange, start)) == errc::rate_limited);
    CHECK_FALSE(s.dirty());
    const auto second = refreshed(s, *first.refresh_token, start);
    CHECK_FALSE(second.repeated);
    const auto again = s.refresh(exchange, start + 1s);
    REQUIRE(again.ok());
    CHECK(same(*again, second));
    CHECK(again->repeated);
    // A stolen token is not spared.
    CHECK(opens(s, second.access_token, start));
    CHECK(code_of(s.refresh(exchange, start + 61s)) == errc::invalid_grant);
    REQUIRE(s.commit().ok());
    CHECK_FALSE(opens(s, second.access_token, start + 61s));
}

TEST_CASE("row 76: a retry after a restart gets the same pair", "[refresh][plan-76]") {
    const folder here;
    std::optional<secret> presented;
    std::optional<oauth::token_pair> second;
    {
        auto s = open(at(here.file()));
        presented = *login(s, start).refresh_token;
        second = refreshed(s, *presented, start + 5s);
    }
    auto s = open(at(here.file()));
    CHECK(same(refreshed(s, *presented, start + 10s), *second));
}

TEST_CASE("row 77: a predecessor after the grace ends the grant when its successor was used",
          "[refresh][plan-77]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    const auto second = refreshed(s, *first.refresh_token, start);
    CHECK(opens(s, second.access_token, start + 30s));
    CHECK(code_of(refresh(s, *first.refresh_token, start + 61s)) == errc::invalid_grant);
    CHECK_FALSE(opens(s, second.access_token, start + 61s));
    CHECK(code_of(refresh(s, *second.refresh_token, start + 61s)) == errc::invalid_grant);
    CHECK(s.take_ended().size() == 1);
}

TEST_CASE("where reuse is to be refused, stale tokens get invalid_grant and the grant goes on",
          "[refresh][plan-77]") {
    auto opts = at(":memory:");
    opts.on_reuse = reuse_policy::refuse;
    auto s = open(std::move(opts));
    const auto first = login(s, start);
    const auto second = refreshed(s, *first.refresh_token, start);
    CHECK(opens(s, second.access_token, start + 30s));
    oauth::refresh_exchange exchange;
    exchange.client_id = "client";
    exchange.refresh_token = *first.refresh_token;
    CHECK(code_of(s.refresh(exchange, start + 61s)) == errc::invalid_grant); // in use
    CHECK_FALSE(s.dirty());
    const auto third = refreshed(s, *second.refresh_token, start + 62s);
    CHECK(code_of(s.refresh(exchange, start + 24h)) == errc::invalid_grant); // long retired
    CHECK_FALSE(s.dirty());
    CHECK(s.take_ended().empty());
    CHECK(opens(s, third.access_token, start + 63s));
    // A replayed code ends its grant all the same.
    const auto code = new_code(s, start);
    REQUIRE(s.redeem_code(exchange_of(code), start).ok());
    CHECK_FALSE(s.redeem_code(exchange_of(code), start).ok());
    REQUIRE(s.commit().ok());
    CHECK(s.take_ended().size() == 1);
}

TEST_CASE("that its successor was used is remembered across a restart", "[refresh]") {
    const folder here;
    std::optional<secret> presented, current;
    {
        auto s = open(at(here.file()));
        presented = *login(s, start).refresh_token;
        const auto second = refreshed(s, *presented, start);
        current = second.refresh_token;
        CHECK(opens(s, second.access_token, start + 1s));
    }
    auto s = open(at(here.file()));
    CHECK(code_of(refresh(s, *presented, start + 61s)) == errc::invalid_grant);
    CHECK(code_of(refresh(s, *current, start + 61s)) == errc::invalid_grant);
}

TEST_CASE("row 78: a predecessor whose successor never arrived is rotated afresh",
          "[refresh][plan-78]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    const auto lost = refreshed(s, *first.refresh_token, start);
    const auto third = refreshed(s, *first.refresh_token, start + 2h);
    CHECK_FALSE(same(lost, third));
    CHECK_FALSE(opens(s, lost.access_token, start + 30min)); // the orphan's access is gone
    CHECK(same(refreshed(s, *first.refresh_token, start + 2h + 30s), third));
    // The orphan: first a straggler, later reuse.
    CHECK(code_of(refresh(s, *lost.refresh_token, start + 2h + 59s)) == errc::invalid_grant);
    CHECK(opens(s, third.access_token, start + 2h + 59s));
    CHECK(code_of(refresh(s, *lost.refresh_token, start + 2h + 60s)) == errc::invalid_grant);
    CHECK_FALSE(opens(s, third.access_token, start + 2h + 60s));
}

TEST_CASE("row 79: a token two generations old is a straggler first and reuse later",
          "[refresh][plan-79]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    const auto second = refreshed(s, *first.refresh_token, start + 10s);
    const auto third = refreshed(s, *second.refresh_token, start + 20s);
    CHECK(code_of(refresh(s, *first.refresh_token, start + 79s)) == errc::invalid_grant);
    CHECK(opens(s, third.access_token, start + 79s));
    CHECK(code_of(refresh(s, *first.refresh_token, start + 80s)) == errc::invalid_grant);
    CHECK_FALSE(opens(s, third.access_token, start + 80s));
}

TEST_CASE("row 79: a retired token past its own end still counts as reuse and ends the grant",
          "[refresh]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    const auto second = refreshed(s, *first.refresh_token, start + 24h * 20);
    const auto third = refreshed(s, *second.refresh_token, start + 24h * 40);
    CHECK(opens(s, third.access_token, start + 24h * 40)); // the first one ended at day 30
    CHECK(code_of(refresh(s, *first.refresh_token, start + 24h * 40 + 60s)) == errc::invalid_grant);
    CHECK_FALSE(opens(s, third.access_token, start + 24h * 40 + 60s));
    CHECK(s.take_ended().size() == 1);
}

TEST_CASE("row 80: another client's refresh and another resource change nothing",
          "[refresh][plan-80]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    CHECK(code_of(refresh(s, *first.refresh_token, start, "other")) == errc::invalid_grant);
    oauth::refresh_exchange exchange;
    exchange.client_id = "client";
    exchange.refresh_token = *first.refresh_token;
    exchange.resource = "https://other.example/mcp";
    CHECK(code_of(s.refresh(exchange, start)) == errc::invalid_target);
    CHECK(code_of(refresh(s, secret(std::string("twr_unknown")), start)) == errc::invalid_grant);
    CHECK(refresh(s, *first.refresh_token, start).ok());
}

TEST_CASE("row 81: a login ends after 30 idle days, and after 180 days in any case",
          "[refresh][plan-81]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    CHECK(code_of(refresh(s, *first.refresh_token, start + 24h * 30)) == errc::invalid_grant);
    auto last = refreshed(s, *first.refresh_token, start + 24h * 30 - 1s);
    auto t = start + 24h * 30 - 1s;
    for (int i = 0; i < 6; ++i) {
        t += 24h * 25;
        if (t >= start + 24h * 180) break;
        last = refreshed(s, *last.refresh_token, t);
    }
    const auto end = start + 24h * 180;
    last = refreshed(s, *last.refresh_token, end - 10s);
    CHECK(last.expires_in == 10s); // no access token outlives its grant
    CHECK(opens(s, last.access_token, end - 1s));
    CHECK_FALSE(opens(s, last.access_token, end));
    CHECK(code_of(refresh(s, *last.refresh_token, end)) == errc::invalid_grant);
}

TEST_CASE("what ended by its time is not ended by an old token as well", "[refresh]") {
    auto s = open(at(":memory:"));
    auto granted = consent();
    granted.lives = 24h;
    const auto first = login(s, start, granted);
    const auto second = refreshed(s, *first.refresh_token, start + 1h);
    refreshed(s, *second.refresh_token, start + 2h);
    oauth::refresh_exchange exchange;
    exchange.client_id = "client";
    exchange.refresh_token = *first.refresh_token;
    CHECK(code_of(s.refresh(exchange, start + 24h)) == errc::invalid_grant);
    CHECK_FALSE(s.dirty());
    CHECK(s.take_ended().empty());
}

TEST_CASE("a refresh narrows its access token only", "[refresh][plan-72]") {
    auto s = open(at(":memory:"));
    const auto first = login(s, start);
    oauth::refresh_exchange exchange;
    exchange.client_id = "client";
    exchange.refresh_token = *first.refresh_token;
    exchange.scope = oauth::scope_set{true, false, false};
    const auto second = s.refresh(exchange, start);
    REQUIRE(second.ok());
    CHECK_FALSE(second->scope.write);
    CHECK_FALSE(s.open_grant(second->access_token, start)->scope.write);
    CHECK(refreshed(s, *first.refresh_token, start + 1s).scope == second->scope); // a retry
    CHECK(refreshed(s, *second->refresh_token, start + 1s).scope.write);
}

TEST_CASE("at most five access tokens of a grant live, and the oldest goes first", "[refresh]") {
    auto s = open(at(":memory:"));
    std::vector<oauth::token_pair> pairs{login(s, start)};
    for (int i = 1; i < 6; ++i)
        pairs.push_back(refreshed(s, *pairs.back().refresh_token, start));
    CHECK_FALSE(opens(s, pairs[0].access_token, start));
    for (std::size_t i = 1; i < 6; ++i)
        CHECK(opens(s, pairs[i].access_token, start));
}

TEST_CASE("row 83: a login outlives the rotation of the server key, and moves to the new one",
          "[refresh][plan-83]") {
    const folder here;
    auto pair = [&] {
        auto s = open(at(here.file(), 'o'));
        return login(s, start);
    }();
    std::string instance;
    {
        auto opts = at(here.file(), 'n');
        opts.previous = {key('o')};
        auto s = open(std::move(opts));
        instance = std::string(s.instance_secret().reveal());
        CHECK(opens(s, pair.access_token, start));
        pair = refreshed(s, *pair.refresh_token, start + 1s);
    }
    // The old key is gone: what was issued before is lost, what was refreshed lives.
    auto s = open(at(here.file(), 'n'));
    CHECK(s.instance_secret().reveal() == instance);
    CHECK(opens(s, pair.access_token, start + 2s));
    CHECK(refresh(s, *pair.refresh_token, start + 2s).ok());
}

TEST_CASE("row 83: without the key that wrapped it a token is invalid, not a fault",
          "[refresh][plan-83]") {
    const folder here;
    const auto pair = [&] {
        auto s = open(at(here.file(), 'o'));
        return login(s, start);
    }();
    auto both = at(here.file(), 'n');
    both.previous = {key('o')};
    { auto s = open(std::move(both)); } // moves the instance secret
    auto s = open(at(here.file(), 'n'));
    CHECK_FALSE(opens(s, pair.access_token, start));
    CHECK(code_of(refresh(s, *pair.refresh_token, start)) == errc::invalid_grant);
}
