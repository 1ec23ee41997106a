// What a person sees of, and does to, their own grants.
#include "tests/store/support.hpp"

using namespace store_tests;

namespace {
std::vector<oauth::grant_summary> listed(store::store& s, const std::string& key,
                                         time_point now = start) {
    auto found = s.list_grants(key, now);
    REQUIRE(found.ok());
    return *std::move(found);
}
} // namespace

TEST_CASE("a key's grants are listed with what its owner chose, the newest first", "[grants]") {
    auto s = open(at(":memory:"));
    auto chosen = consent("client", "mine");
    chosen.granted.write = false;
    chosen.objects = "company,person";
    chosen.lives = 24h * 30;
    const auto pair = login(s, start, chosen);
    login(s, start + 1s, consent("other", "mine"));
    login(s, start, consent("client", "theirs"));

    const auto mine = listed(s, "mine");
    REQUIRE(mine.size() == 2);
    CHECK(mine[0].objects == "");
    CHECK(mine[0].scope.write);
    CHECK(mine[0].expires_at == start + 1s + 24h * 180);
    CHECK(mine[0].client_id == "other");
    CHECK(mine[1].client_id == "client");
    CHECK(mine[1].client_name == "Test client");
    CHECK(mine[1].redirect_uri == "https://claude.ai/cb");
    CHECK(mine[1].label == "label");
    CHECK(mine[1].workspace_name == "Workspace");
    CHECK(mine[1].objects == "company,person");
    CHECK_FALSE(mine[1].scope.write);
    CHECK(mine[1].created_at == start);
    CHECK(mine[1].last_used_at == start);
    CHECK(mine[1].expires_at == start + 24h * 30);
    REQUIRE(refresh(s, *pair.refresh_token, start + 60s).ok());
    CHECK(listed(s, "mine")[1].last_used_at == start + 60s);
    CHECK(listed(s, "nobody's").empty());
}

TEST_CASE("a grant ends when its owner said, however often it is used", "[grants]") {
    auto s = open(at(":memory:"));
    auto chosen = consent();
    chosen.lives = 24h;
    auto pair = login(s, start, chosen);
    const auto grant = s.open_grant(pair.access_token, start)->grant_id;
    pair = refreshed(s, *pair.refresh_token, start + 24h - 60s);
    CHECK(pair.expires_in == 60s);
    CHECK(opens(s, pair.access_token, start + 24h - 1s));
    CHECK_FALSE(opens(s, pair.access_token, start + 24h));
    CHECK(code_of(refresh(s, *pair.refresh_token, start + 24h)) == errc::invalid_grant);
    CHECK(listed(s, "fp", start + 24h).empty());
    REQUIRE(s.sweep(start + 24h).ok());
    REQUIRE(s.commit().ok());
    CHECK(s.take_ended() == std::vector<std::string>{grant}); // its open streams are told

    chosen.lives = 24h * 365; // never later than any other
    login(s, start, chosen);
    CHECK(listed(s, "fp")[0].expires_at == start + 24h * 180);
}

TEST_CASE("no token is kept as good for longer than its grant", "[grants]") {
    const folder here;
    auto s = open(at(here.file()));
    auto chosen = consent();
    chosen.lives = 60s;
    refreshed(s, *login(s, start, chosen).refresh_token, start + 1s);
    for (const std::string table : {"refresh_tokens", "access_tokens"}) {
        INFO(table);
        const auto longer = "SELECT count(*) FROM " + table +
                            " t JOIN grants g ON g.id = t.grant_id WHERE t.expires_at > "
                            "g.expires_at";
        CHECK(count(here.file(), longer.c_str()) == 0);
    }
}

TEST_CASE("who holds a key ends its grants, one or all, and never another key's", "[grants]") {
    auto s = open(at(":memory:"));
    const auto one = login(s, start, consent("client", "mine"));
    const auto two = login(s, start, consent("client", "mine"));
    const auto three = login(s, start, consent("client", "mine"));
    const auto other = login(s, start, consent("client", "theirs"));
    const auto id = [&](const oauth::token_pair& pair) {
        return s.open_grant(pair.access_token, start)->grant_id;
    };
    CHECK(s.end_grants("mine", id(other), start)->size() == 0);
    CHECK(s.end_grants("", "", start)->size() == 0);
    REQUIRE(opens(s, other.access_token, start));

    const auto gone = id(one);
    CHECK(s.end_grants("mine", gone, start)->size() == 1);
    CHECK(s.end_grants("mine", gone, start)->size() == 0);
    REQUIRE(s.commit().ok());
    CHECK(s.take_ended() == std::vector<std::string>{gone});
    CHECK_FALSE(opens(s, one.access_token, start));
    CHECK(code_of(refresh(s, *one.refresh_token, start)) == errc::invalid_grant);
    CHECK(opens(s, two.access_token, start));

    CHECK(s.end_grants("mine", "", start)->size() == 2);
    REQUIRE(s.commit().ok());
    CHECK(s.take_ended().size() == 2);
    CHECK_FALSE(opens(s, three.access_token, start));
    CHECK(opens(s, other.access_token, start));
}

TEST_CASE("a grant of an older database is listed without knowing its objects", "[grants]") {
    const folder here;
    {
        auto s = open(at(here.file()));
        login(s, start);
    }
    edit(here.file(), "UPDATE grants SET objects = NULL");
    auto s = open(at(here.file()));
    CHECK(listed(s, "fp")[0].objects == std::nullopt);
}
