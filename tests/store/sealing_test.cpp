// What a thief or a writer of the database file can and cannot do.
#include "base/log.hpp"
#include "tests/store/support.hpp"

#include <fcntl.h>
#include <unistd.h>

using namespace store_tests;

TEST_CASE("the files hold no API key, no token, no code and no instance secret", "[sealing]") {
    const folder here;
    auto s = open(at(here.file()));
    const auto code = new_code(s, start);
    const auto pair = *s.redeem_code(exchange_of(code), start);
    const auto next = refreshed(s, *pair.refresh_token, start);
    const auto unused = new_code(s, start);
    REQUIRE(s.open_grant(next.access_token, start).ok());
    std::size_t read = 0;
    for (const auto& file : std::filesystem::directory_iterator(here.path())) {
        const auto bytes = bytes_of(file.path().string());
        read += bytes.size();
        INFO(file.path().string());
        CHECK(bytes.find("planted-api-key") == std::string::npos);
        for (const auto* token : {&code, &unused, &pair.access_token, &*pair.refresh_token,
                                  &next.access_token, &*next.refresh_token})
            CHECK(bytes.find(token->reveal().substr(4)) == std::string::npos);
        CHECK(bytes.find(s.instance_secret().reveal()) == std::string::npos);
        CHECK(bytes.find(key('k').reveal()) == std::string::npos);
    }
    CHECK(read > 10'000); // the log was among them
}

TEST_CASE("a grant that ended leaves nothing of its sealed key in the files", "[sealing]") {
    const folder here;
    std::string sealed;
    auto s = open(at(here.file()));
    const auto pair = login(s, start);
    {
        auto db = store::database::open(here.file());
        auto row = db->query("SELECT props FROM grants");
        REQUIRE(*row->next());
        sealed = row->text(0);
    }
    REQUIRE(sealed.size() >= 512);
    REQUIRE(s.revoke({"client", *pair.refresh_token}, start)->has_value());
    REQUIRE(s.commit().ok());
    REQUIRE(s.sweep(start).ok());
    REQUIRE(s.commit().ok());
    for (const auto& file : std::filesystem::directory_iterator(here.path())) {
        INFO(file.path().string());
        CHECK(bytes_of(file.path().string()).find(sealed.substr(100, 64)) == std::string::npos);
    }
}

TEST_CASE("the length of what is sealed says nothing of the key", "[sealing]") {
    const folder here;
    auto s = open(at(here.file()));
    for (const std::size_t size : {180u, 333u, 511u}) {
        auto grant = consent("client", std::to_string(size));
        grant.props = secret(std::string(size, 'p'));
        (void)new_code(s, start, grant);
    }
    CHECK(count(here.file(), "SELECT count(*) FROM grants") == 3);
    CHECK(count(here.file(), "SELECT count(DISTINCT length(props)) FROM grants") == 1);
}

TEST_CASE("database and token without the server key open nothing", "[sealing]") {
    const folder here;
    const auto pair = [&] {
        auto s = open(at(here.file()));
        return login(s, start);
    }();
    // The thief's own server believes in the stolen rows, with the thief's key.
    edit(here.file(), "DELETE FROM instance");
    auto thief = open(at(here.file(), 't'));
    CHECK_FALSE(opens(thief, pair.access_token, start));
    // Not even under the stolen key's name.
    {
        auto db = store::database::open(here.file());
        REQUIRE(db->script("UPDATE access_tokens SET kid = (SELECT kid FROM instance)").ok());
    }
    CHECK_FALSE(opens(thief, pair.access_token, start));
}

TEST_CASE("rows 98 and 99: an edited row opens nothing", "[sealing][plan-98][plan-99]") {
    for (const char* sql :
         {"UPDATE grants SET scope = 'twenty:read twenty:write'",
          "UPDATE grants SET resource = 'https://other.example/mcp'",
          "UPDATE grants SET client_id = 'other'", "UPDATE grants SET expires_at = expires_at + 1",
          "UPDATE grants SET props = zeroblob(length(props))",
          "UPDATE access_tokens SET scope = 'twenty:read twenty:write'",
          "UPDATE access_tokens SET expires_at = expires_at + 3600",
          "UPDATE access_tokens SET wrap = zeroblob(length(wrap))",
          "UPDATE access_tokens SET kid = x'0102030405060708'"}) {
        INFO(sql);
        const folder here;
        auto s = open(at(here.file()));
        auto grant = consent();
        grant.granted = {true, false, false};
        const auto pair = login(s, start, grant);
        REQUIRE(opens(s, pair.access_token, start));
        edit(here.file(), sql);
        CHECK_FALSE(opens(s, pair.access_token, start));
    }
}

TEST_CASE("what opens nothing is not handed out: its client begins a new login", "[sealing]") {
    for (const char* sql : {"UPDATE grants SET scope = 'twenty:write'",
                            "UPDATE grants SET expires_at = expires_at + 1",
                            "UPDATE grants SET props = zeroblob(length(props))"}) {
        INFO(sql);
        const folder here;
        auto s = open(at(here.file()));
        const auto pair = login(s, start);
        const auto next = refreshed(s, *pair.refresh_token, start);
        const auto code = new_code(s, start);
        REQUIRE(s.commit().ok());
        edit(here.file(), "CREATE TABLE before AS SELECT id, scope, expires_at, props FROM grants");
        edit(here.file(), sql);
        CHECK(code_of(refresh(s, *next.refresh_token, start)) == errc::invalid_grant);
        CHECK(code_of(refresh(s, *pair.refresh_token, start)) == errc::invalid_grant);
        CHECK(code_of(s.redeem_code(exchange_of(code), start)) == errc::invalid_grant);
        REQUIRE(s.commit().ok());
        // Nothing was spent by it.
        edit(here.file(), "UPDATE grants SET (scope, expires_at, props) = (SELECT scope, "
                          "expires_at, props FROM before WHERE before.id = grants.id);"
                          "DROP TABLE before");
        CHECK(refreshed(s, *pair.refresh_token, start).repeated);
        CHECK_FALSE(refreshed(s, *next.refresh_token, start).repeated);
        CHECK(s.redeem_code(exchange_of(code), start).ok());
    }
}

TEST_CASE("row 99: an edited row is told to the log, without what it holds", "[sealing][plan-99]") {
    const folder here;
    auto s = open(at(here.file()));
    auto grant = consent();
    grant.granted = {true, false, false};
    const auto pair = login(s, start, grant);
    edit(here.file(), "UPDATE grants SET scope = 'twenty:read twenty:write'");
    const auto log = here.file("log");
    const int old = ::dup(2);
    const int file = ::open(log.c_str(), O_CREAT | O_RDWR, 0600);
    logging::flush(std::chrono::seconds(5));
    ::dup2(file, 2);
    const bool opened = opens(s, pair.access_token, start);
    REQUIRE(logging::flush(std::chrono::seconds(5)));
    ::dup2(old, 2);
    ::close(old);
    ::close(file);
    CHECK_FALSE(opened);
    const auto text = bytes_of(log);
    INFO(text);
    CHECK(text.find("error sealed_row_refused row=grant") != std::string::npos);
    CHECK(text.find("planted") == std::string::npos);
}

TEST_CASE("sealed values cannot be swapped between two grants", "[sealing]") {
    const std::string copies =
        "CREATE TEMP TABLE g AS SELECT id, props FROM grants;"
        "CREATE TEMP TABLE a AS SELECT id, grant_id, wrap FROM access_tokens;";
    for (const char* sql :
         {"UPDATE grants SET props = (SELECT props FROM g WHERE g.id <> grants.id)",
          "UPDATE access_tokens SET grant_id = (SELECT id FROM g WHERE g.id <> grant_id)",
          "UPDATE access_tokens SET wrap = (SELECT wrap FROM a WHERE a.id <> access_tokens.id)",
          "UPDATE access_tokens SET (grant_id, wrap) = (SELECT grant_id, wrap FROM a WHERE a.id <> "
          "access_tokens.id)"}) {
        INFO(sql);
        const folder here;
        auto s = open(at(here.file()));
        const auto one = login(s, start, consent("client", "one"));
        const auto two = login(s, start, consent("client", "two"));
        edit(here.file(), (copies + sql).c_str());
        CHECK_FALSE(opens(s, one.access_token, start));
        CHECK_FALSE(opens(s, two.access_token, start));
    }
}

TEST_CASE("an edited code or refresh token is invalid, not a fault", "[sealing]") {
    const folder here;
    auto s = open(at(here.file()));
    const auto pair = login(s, start);
    const auto code = new_code(s, start);
    edit(here.file(), "UPDATE refresh_tokens SET expires_at = expires_at + 1;"
                      "UPDATE codes SET expires_at = expires_at + 1;");
    CHECK(code_of(refresh(s, *pair.refresh_token, start)) == errc::invalid_grant);
    CHECK(code_of(s.redeem_code(exchange_of(code), start)) == errc::invalid_grant);
}
