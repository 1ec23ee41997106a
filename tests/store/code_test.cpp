// Authorization codes and access tokens. Row numbers are those of tests/security/plan.txt.
#include "tests/store/support.hpp"

using namespace store_tests;

TEST_CASE("a login opens the grant with exactly what the person consented to", "[code][plan-127]") {
    auto s = open(at(":memory:"));
    const auto pair = login(s, start);
    CHECK(pair.access_token.reveal().starts_with("twa_"));
    CHECK(pair.access_token.size() == 47);
    REQUIRE(pair.refresh_token);
    CHECK(pair.refresh_token->reveal().starts_with("twr_"));
    CHECK(pair.expires_in == 3600s);
    CHECK(pair.resource == resource);
    const auto opened = s.open_grant(pair.access_token, start);
    REQUIRE(opened.ok());
    CHECK(opened->props.reveal() == props);
    CHECK(opened->client_id == "client");
    CHECK(opened->client_name == "Test client");
    CHECK(opened->scope == oauth::scope_set{true, true, false});
    CHECK(opened->resource == resource);
    CHECK(opened->expires_at == start + 3600s);
    CHECK(text::is_uuid(opened->grant_id));
}

TEST_CASE("props of any length come back unchanged", "[code]") {
    auto s = open(at(":memory:"));
    for (const std::size_t size : {0u, 1u, 511u, 512u, 513u, 5000u}) {
        auto grant = consent("client", std::to_string(size));
        grant.props = secret(std::string(size, 'p'));
        const auto opened = s.open_grant(login(s, start, grant).access_token, start);
        REQUIRE(opened.ok());
        CHECK(opened->props.size() == size);
    }
}

TEST_CASE("row 97: an access token ends on the second", "[code][plan-97]") {
    auto s = open(at(":memory:"));
    const auto pair = login(s, start);
    CHECK(opens(s, pair.access_token, start + 3599s));
    CHECK_FALSE(opens(s, pair.access_token, start + 3600s));
    CHECK_FALSE(opens(s, pair.access_token, start + 3601s));
}

TEST_CASE("rows 95 and 96: only an access token is an access token", "[code][plan-95][plan-96]") {
    auto s = open(at(":memory:"));
    const auto code = new_code(s, start);
    CHECK_FALSE(opens(s, code, start));
    const auto pair = *s.redeem_code(exchange_of(code), start);
    CHECK_FALSE(opens(s, *pair.refresh_token, start));
    CHECK_FALSE(opens(s, secret(planted), start));
    CHECK_FALSE(opens(s, secret(), start));
    CHECK(code_of(refresh(s, pair.access_token, start)) == errc::invalid_grant);
    CHECK(code_of(s.redeem_code(exchange_of(*pair.refresh_token), start)) == errc::invalid_grant);
}

TEST_CASE("row 68: a code ends on the second", "[code][plan-68]") {
    auto s = open(at(":memory:"));
    CHECK(s.redeem_code(exchange_of(new_code(s, start)), start + 299s).ok());
    CHECK(code_of(s.redeem_code(exchange_of(new_code(s, start)), start + 300s)) ==
          errc::invalid_grant);
}

TEST_CASE("rows 63, 66, 67 and 71: a failed attempt does not use the code up",
          "[code][plan-63][plan-66][plan-67][plan-71]") {
    auto s = open(at(":memory:"));
    const auto code = new_code(s, start);
    const auto refused = [&](auto change) {
        auto exchange = exchange_of(code);
        change(exchange);
        return code_of(s.redeem_code(exchange, start));
    };
    CHECK(refused([](auto& e) { e.code_verifier = std::string(43, 'w'); }) == errc::invalid_grant);
    CHECK(refused([](auto& e) { e.client_id = "other"; }) == errc::invalid_grant);
    CHECK(refused([](auto& e) { e.redirect_uri = "https://claude.com/cb"; }) ==
          errc::invalid_grant);
    CHECK(refused([](auto& e) { e.resource = "https://other.example/mcp"; }) ==
          errc::invalid_target);
    CHECK_FALSE(s.dirty());
    auto right = exchange_of(code);
    right.redirect_uri = "https://claude.ai/cb";
    right.resource = resource;
    CHECK(s.redeem_code(right, start).ok());
}

TEST_CASE("row 69: a valid replay ends the grant, an invalid one does not", "[code][plan-69]") {
    auto s = open(at(":memory:"));
    const auto code = new_code(s, start);
    const auto pair = *s.redeem_code(exchange_of(code), start);
    REQUIRE(s.commit().ok());

    auto wrong = exchange_of(code);
    wrong.code_verifier = std::string(43, 'w');
    CHECK(code_of(s.redeem_code(wrong, start + 1s)) == errc::invalid_grant);
    wrong = exchange_of(code, "other");
    CHECK(code_of(s.redeem_code(wrong, start + 1s)) == errc::invalid_grant);
    CHECK(opens(s, pair.access_token, start + 1s));
    CHECK(s.take_ended().empty());

    const auto grant_id = s.open_grant(pair.access_token, start + 1s)->grant_id;
    CHECK(code_of(s.redeem_code(exchange_of(code), start + 400s)) == errc::invalid_grant);
    CHECK(s.dirty());
    CHECK(s.take_ended().empty()); // not before it is durable
    REQUIRE(s.commit().ok());
    CHECK_FALSE(opens(s, pair.access_token, start + 401s));
    CHECK(code_of(refresh(s, *pair.refresh_token, start + 401s)) == errc::invalid_grant);
    CHECK(s.take_ended() == std::vector<std::string>{grant_id});
    CHECK(s.take_ended().empty());
}

TEST_CASE("a grant of another resource is nobody's: neither its tokens nor its code are good",
          "[code][plan-98]") {
    const folder here;
    std::optional<oauth::token_pair> pair;
    std::optional<secret> code;
    {
        auto s = open(at(here.file()));
        pair = login(s, start);
        code = new_code(s, start);
    }
    auto moved = at(here.file());
    moved.resource = "https://elsewhere.example.com/mcp";
    {
        auto s = open(moved);
        CHECK_FALSE(opens(s, pair->access_token, start));
        CHECK(code_of(refresh(s, *pair->refresh_token, start)) == errc::invalid_grant);
        CHECK(code_of(s.redeem_code(exchange_of(*code), start)) == errc::invalid_grant);
    }
    auto back = open(at(here.file())); // nothing was lost by it
    CHECK(opens(back, pair->access_token, start));
    CHECK(refresh(back, *pair->refresh_token, start).ok());
    CHECK(back.redeem_code(exchange_of(*code), start).ok());
    moved.resource.clear();
    CHECK(opening_fault(moved).find("resource") != std::string::npos);
}

TEST_CASE("row 70: of many redemptions of one code exactly one wins", "[code][plan-70]") {
    auto s = open(at(":memory:"));
    const auto code = new_code(s, start);
    int winners = 0;
    for (int i = 0; i < 50; ++i)
        winners += s.redeem_code(exchange_of(code), start).ok();
    CHECK(winners == 1);
}

TEST_CASE("row 72: the token endpoint narrows a scope and never widens it", "[code][plan-72]") {
    auto s = open(at(":memory:"));
    auto exchange = exchange_of(new_code(s, start));
    exchange.scope = oauth::scope_set{true, false, false};
    const auto narrow = s.redeem_code(exchange, start);
    REQUIRE(narrow.ok());
    CHECK(narrow->scope == oauth::scope_set{true, false, false});
    CHECK(s.open_grant(narrow->access_token, start)->scope == narrow->scope);
    // The refresh token keeps the whole grant.
    CHECK(refreshed(s, *narrow->refresh_token, start).scope == oauth::scope_set{true, true, false});

    auto reading = consent();
    reading.granted = {true, false, true};
    auto greedy = exchange_of(new_code(s, start, reading));
    greedy.scope = oauth::scope_set{true, true, false};
    const auto kept = s.redeem_code(greedy, start);
    REQUIRE(kept.ok());
    CHECK(kept->scope == oauth::scope_set{true, false, true});
}

TEST_CASE("a client that did not register for refreshing gets no refresh token",
          "[code][plan-127]") {
    auto s = open(at(":memory:"));
    auto exchange = exchange_of(new_code(s, start));
    exchange.may_refresh = false;
    const auto pair = s.redeem_code(exchange, start);
    REQUIRE(pair.ok());
    CHECK_FALSE(pair->refresh_token);
    CHECK(opens(s, pair->access_token, start));
}

TEST_CASE("rows 84 and 85: only the owner revokes, an access token alone or the whole grant",
          "[code][plan-84]") {
    auto s = open(at(":memory:"));
    const auto pair = login(s, start);
    const auto revoke = [&](const std::string& client, const secret& token) {
        auto outcome = s.revoke({client, token}, start);
        REQUIRE(outcome.ok());
        REQUIRE(s.commit().ok());
        return *outcome;
    };
    CHECK_FALSE(revoke("other", pair.access_token));
    CHECK_FALSE(revoke("other", *pair.refresh_token));
    CHECK_FALSE(revoke("client", secret(std::string("garbage"))));
    CHECK(opens(s, pair.access_token, start));

    CHECK_FALSE(revoke("client", pair.access_token));
    CHECK_FALSE(opens(s, pair.access_token, start));
    const auto next = refreshed(s, *pair.refresh_token, start);
    const auto grant_id = s.open_grant(next.access_token, start)->grant_id;
    // An earlier token of the chain is as good for this as the current one.
    CHECK(revoke("client", *pair.refresh_token) == grant_id);
    CHECK_FALSE(opens(s, next.access_token, start));
    CHECK(code_of(refresh(s, *next.refresh_token, start)) == errc::invalid_grant);
}

TEST_CASE("ending a grant ends every token of it and of no other", "[code]") {
    auto s = open(at(":memory:"));
    const auto one = login(s, start), two = login(s, start);
    const auto id = s.open_grant(one.access_token, start)->grant_id;
    REQUIRE(s.end_dead_grant(id, start).ok());
    REQUIRE(s.end_dead_grant(id, start).ok());
    CHECK_FALSE(opens(s, one.access_token, start));
    CHECK(opens(s, two.access_token, start));
}

TEST_CASE("one key and client hold at most 20 grants, and the longest unused gives way", "[code]") {
    auto s = open(at(":memory:"));
    std::vector<oauth::token_pair> pairs;
    for (int i = 0; i < 20; ++i)
        pairs.push_back(login(s, start + std::chrono::seconds(i)));
    const auto other_key = login(s, start, consent("client", "other"));
    const auto other_client = login(s, start, consent("other", "fp"));
    pairs[0] = refreshed(s, *pairs[0].refresh_token, start + 30s); // now the freshest
    const auto extra = login(s, start + 31s);
    CHECK_FALSE(opens(s, pairs[1].access_token, start + 31s));
    CHECK(opens(s, pairs[0].access_token, start + 31s));
    CHECK(opens(s, pairs[2].access_token, start + 31s));
    CHECK(opens(s, extra.access_token, start + 31s));
    CHECK(opens(s, other_key.access_token, start + 31s));
    CHECK(opens(s, other_client.access_token, start + 31s));
    CHECK(s.take_ended().size() == 1);
}
