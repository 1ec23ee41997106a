// Rotation of the server key, as its operator follows it.
#include "tests/store/support.hpp"

using namespace store_tests;
using age = stored::key_use::age;

namespace {

stored::options both_keys(const std::string& path) {
    auto out = at(path, 'n');
    out.previous = {key('o')};
    return out;
}

std::int64_t rows_in(const stored::key_use& use, std::string_view table) {
    for (const auto& [name, count] : use.rows)
        if (name == table) return count;
    return 0;
}

std::vector<stored::key_use> uses(store::store& s, time_point now) {
    auto found = s.key_uses(now);
    REQUIRE(found.ok());
    return *std::move(found);
}

} // namespace

// row 83
TEST_CASE("an operator sees when nothing needs the old key any more", "[keys][plan-83]") {
    const folder here;
    oauth::token_pair busy;
    {
        auto s = open(at(here.file(), 'o'));
        busy = login(s, start);
        (void)new_code(s, start);
        const auto now = uses(s, start);
        REQUIRE(now.size() == 1);
        CHECK(now[0].state == age::current);
        CHECK(now[0].id.size() == 16);
        CHECK(rows_in(now[0], "instance") == 1);
        CHECK(rows_in(now[0], "codes") == 1);
        CHECK(rows_in(now[0], "access_tokens") == 1);
        CHECK(rows_in(now[0], "refresh_tokens") == 1);
    }
    auto s = open(both_keys(here.file()));
    auto now = uses(s, start + 1s);
    REQUIRE(now.size() == 2);
    CHECK(now[0].state == age::current);
    CHECK(rows_in(now[0], "instance") == 1); // sealed anew at the start
    CHECK(now[1].state == age::previous);
    CHECK(rows_in(now[1], "instance") == 0);
    CHECK(rows_in(now[1], "refresh_tokens") == 1);

    const auto moved = refreshed(s, *busy.refresh_token, start + 2s);
    now = uses(s, start + 2s);
    CHECK(rows_in(now[0], "refresh_tokens") == 2); // the new one, and the rotation of the old one
    CHECK(rows_in(now[1], "refresh_tokens") == 1); // a retry of it is still answered
    REQUIRE(opens(s, moved.access_token, start + 3s));
    for (int i = 0; i < 2; ++i) { // what is in use is written with the first one's commit
        REQUIRE(s.sweep(start + 2h).ok());
        REQUIRE(s.commit().ok());
    }
    now = uses(s, start + 2h);
    CHECK(now[1].rows.empty());
    CHECK(rows_in(now[0], "refresh_tokens") == 1);
}

// row 83
TEST_CASE("who came back in time survives the old key's removal, who did not is asked anew",
          "[keys][plan-83]") {
    const folder here;
    oauth::token_pair busy;
    oauth::token_pair idle;
    {
        auto s = open(at(here.file(), 'o'));
        busy = login(s, start);
        idle = login(s, start, consent("other"));
    }
    {
        auto s = open(both_keys(here.file()));
        CHECK(opens(s, idle.access_token, start + 1s)); // nobody notices the change itself
        busy = refreshed(s, *busy.refresh_token, start + 2s);
    }
    auto s = open(at(here.file(), 'n'));
    CHECK(opens(s, busy.access_token, start + 3s));
    CHECK_FALSE(opens(s, idle.access_token, start + 3s));
    CHECK(code_of(refresh(s, *idle.refresh_token, start + 3s, "other")) == errc::invalid_grant);
    busy = refreshed(s, *busy.refresh_token, start + 70s);
    CHECK(opens(s, busy.access_token, start + 71s));
    const auto left = uses(s, start + 4s);
    REQUIRE(left.size() == 2);
    CHECK(left[1].state == age::unknown);
    CHECK(rows_in(left[1], "access_tokens") >= 1);
}

TEST_CASE("a key's id says nothing of the key, and is the same after a restart", "[keys]") {
    const folder here;
    std::string id;
    {
        auto s = open(at(here.file(), 'o'));
        id = uses(s, start)[0].id;
    }
    auto s = open(at(here.file(), 'o'));
    CHECK(uses(s, start)[0].id == id);
    CHECK(id.find(text::hex_encode("oo")) == std::string::npos);
    auto other = open(at(":memory:", 'p'));
    CHECK(uses(other, start)[0].id != id);
}
