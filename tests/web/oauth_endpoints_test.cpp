#include "http/address_ranges.hpp"
#include "tests/web/endpoint_fixture.hpp"

using namespace endpoint_test;

namespace {

http::response post_token(endpoints& e, const form_fields& fields, http::headers more = form_type) {
    return e.send(make("POST", "/token", std::move(more), encode(fields)));
}

form_fields code_grant(const std::string& client) {
    return {{"grant_type", "authorization_code"},
            {"client_id", client},
            {"code", "twk_THECODE"},
            {"redirect_uri", std::string(callback)},
            {"code_verifier", std::string(verifier)}};
}

form_fields refresh_grant(const std::string& client, const std::string& token) {
    return {{"grant_type", "refresh_token"}, {"client_id", client}, {"refresh_token", token}};
}

oauth::token_pair tokens() {
    oauth::token_pair pair;
    pair.access_token = secret(std::string("twa_ACCESS"));
    pair.refresh_token = secret(std::string("twr_REFRESH"));
    pair.expires_in = std::chrono::seconds(3600);
    pair.scope.read = true;
    pair.scope.offline = true;
    pair.resource = "https://crm.example.com/mcp";
    return pair;
}

std::string error_of(const http::response& r) { return std::string(body_of(r).text("error")); }

} // namespace

TEST_CASE("both protected-resource documents are the same and name the resource exactly",
          "[oauth_endpoints]") {
    endpoints e;
    const auto root = e.send(make("GET", "/.well-known/oauth-protected-resource"));
    const auto path = e.send(make("GET", "/.well-known/oauth-protected-resource/mcp"));
    CHECK(root.status == 200);
    CHECK(root.body == path.body);
    CHECK(header(path, "Content-Type") == "application/json");
    CHECK(header(path, "Cache-Control") == "public, max-age=300");
    CHECK(body_of(path).text("resource") == "https://crm.example.com/mcp");
    CHECK_FALSE(contains(path.body, "offline_access"));
    CHECK_FALSE(contains(path.body, "null"));

    const auto slash = e.send(make("GET", "/.well-known/oauth-protected-resource/mcp/"));
    CHECK(body_of(slash).text("resource") == "https://crm.example.com/mcp/");
}

TEST_CASE("the authorization-server document names the configured issuer and lives in one place",
          "[oauth_endpoints]") {
    endpoints e;
    const auto r = e.send(make("GET", "/.well-known/oauth-authorization-server"));
    CHECK(r.status == 200);
    const auto document = body_of(r);
    CHECK(document.text("issuer") == "https://crm.example.com");
    CHECK(document.text("authorization_endpoint") == "https://crm.example.com/authorize");
    CHECK(document.text("token_endpoint") == "https://crm.example.com/token");
    CHECK(document.text("registration_endpoint") == "https://crm.example.com/register");
    CHECK(document.text("revocation_endpoint") == "https://crm.example.com/revoke");
    CHECK(contains(r.body, R"("code_challenge_methods_supported":["S256"])"));
    CHECK(e.send(make("POST", "/.well-known/oauth-authorization-server")).status == 405);
}

TEST_CASE("registration answers 201 with no-store, and its errors are OAuth's",
          "[oauth_endpoints]") {
    endpoints e;
    const auto id = register_client(e);
    CHECK_FALSE(id.empty());
    const http::headers as_json{{"content-type", "application/json"}};
    const auto bad = e.send(
        make("POST", "/register", as_json, R"~({"redirect_uris":["javascript:alert(1)"]})~"));
    CHECK(bad.status == 400);
    CHECK(error_of(bad) == "invalid_redirect_uri");
    CHECK(header(bad, "Cache-Control") == "no-store");
    CHECK(header(bad, "Pragma") == "no-cache");
    CHECK(e.send(make("POST", "/register", as_json, "{")).status == 400);
}

TEST_CASE("the 31st registration of an hour is 429, but not behind shared egress or elsewhere",
          "[oauth_endpoints][plan-90]") {
    endpoints e;
    for (int i = 0; i < 30; ++i)
        register_client(e);
    const http::headers as_json{{"content-type", "application/json"}};
    const auto r = e.send(make("POST", "/register", as_json, "{}"));
    CHECK(r.status == 429);
    CHECK(has_header(r, "Retry-After"));
    CHECK(error_of(r) == "temporarily_unavailable");
    e.peer = "203.0.113.8";
    register_client(e);
    e.peer = "160.79.104.10";
    for (int i = 0; i < 40; ++i)
        register_client(e);
}

TEST_CASE("a code is redeemed: the exchange reaches the store and the tokens come back",
          "[oauth_endpoints]") {
    endpoints e;
    const auto client = register_client(e);
    e.actors.on_code = [&](const oauth::code_exchange& x) -> result<oauth::token_pair> {
        CHECK(x.client_id == client);
        CHECK(x.code.reveal() == "twk_THECODE");
        CHECK(x.code_verifier == verifier);
        CHECK(x.redirect_uri == std::string(callback));
        return tokens();
    };
    const auto r = post_token(e, code_grant(client));
    CHECK(r.status == 200);
    CHECK(header(r, "Content-Type") == "application/json");
    CHECK(header(r, "Cache-Control") == "no-store");
    CHECK(header(r, "Pragma") == "no-cache");
    const auto document = body_of(r);
    CHECK(document.text("access_token") == "twa_ACCESS");
    CHECK(document.text("refresh_token") == "twr_REFRESH");
    CHECK(document.text("token_type") == "Bearer");
    CHECK(document.find("expires_in")->as_int() == 3600);
    CHECK(document.text("scope") == "twenty:read offline_access");
    CHECK(r.log.empty());
}

TEST_CASE("a refresh token goes to the store as a refresh", "[oauth_endpoints]") {
    endpoints e;
    const auto client = register_client(e);
    e.actors.on_refresh = [&](const oauth::refresh_exchange& x) -> result<oauth::token_pair> {
        CHECK(x.client_id == client);
        CHECK(x.refresh_token.reveal() == "twr_OLD");
        CHECK(x.network == http::address_prefix(e.peer));
        return tokens();
    };
    const form_fields fields{
        {"grant_type", "refresh_token"}, {"client_id", client}, {"refresh_token", "twr_OLD"}};
    CHECK(post_token(e, fields).status == 200);
}

TEST_CASE("token requests that are malformed are refused before the store is asked",
          "[oauth_endpoints]") {
    endpoints e;
    const auto client = register_client(e);
    e.actors.on_code = [](const auto&) -> result<oauth::token_pair> {
        FAIL("the store was asked");
        return tokens();
    };
    const auto repeated = [&] {
        auto f = code_grant(client);
        f.emplace_back("code", "twk_OTHER");
        return f;
    }();
    const auto unknown_grant = form_fields{{"grant_type", "password"}, {"client_id", client}};
    auto no_verifier = code_grant(client);
    no_verifier.pop_back();

    CHECK(e.send(make("GET", "/token")).status == 405);
    CHECK(error_of(post_token(e, code_grant(client), {{"content-type", "application/json"}})) ==
          "invalid_request");
    CHECK(error_of(post_token(
              e, code_grant(client),
              {{"content-type", "application/json, application/x-www-form-urlencoded"}})) ==
          "invalid_request");
    CHECK(error_of(post_token(e, repeated)) == "invalid_request");
    CHECK(error_of(post_token(e, no_verifier)) == "invalid_request");
    CHECK(error_of(post_token(e, unknown_grant)) == "unsupported_grant_type");
    const auto broken = e.send(make("POST", "/token", form_type, "grant_type=%zz"));
    CHECK(broken.status == 400);
}

TEST_CASE("an unknown client is 401, with a Basic challenge only where Basic was tried",
          "[oauth_endpoints]") {
    endpoints e;
    const auto plain = post_token(e, code_grant("twc1.unknown.client"));
    CHECK(plain.status == 401);
    CHECK(error_of(plain) == "invalid_client");
    CHECK_FALSE(has_header(plain, "WWW-Authenticate"));

    auto headers = form_type;
    headers.emplace_back("authorization", "Basic " + text::base64_encode("nobody:secret"));
    const auto basic = post_token(e, {{"grant_type", "authorization_code"}}, headers);
    CHECK(basic.status == 401);
    CHECK(text::starts_with_ci(header(basic, "WWW-Authenticate"), "Basic"));
}

TEST_CASE("what the store says becomes the OAuth error that clients act upon",
          "[oauth_endpoints][plan-82]") {
    endpoints e;
    const auto client = register_client(e);
    struct row {
        errc from;
        int status;
        const char* code;
    };
    for (const auto& [from, status, code] : {row{errc::invalid_grant, 400, "invalid_grant"},
                                             row{errc::invalid_target, 400, "invalid_target"},
                                             row{errc::invalid_scope, 400, "invalid_scope"},
                                             row{errc::unavailable, 503, "temporarily_unavailable"},
                                             row{errc::busy, 503, "temporarily_unavailable"},
                                             row{errc::internal, 503, "temporarily_unavailable"}}) {
        e.actors.on_code = [from = from](const auto&) -> result<oauth::token_pair> {
            return error{from, "public words", "private words"};
        };
        INFO(code);
        const auto r = post_token(e, code_grant(client));
        CHECK(r.status == status);
        CHECK(error_of(r) == code);
        CHECK(has_header(r, "Retry-After") == (status == 503));
        CHECK_FALSE(contains(r.body, "private words"));
    }
}

TEST_CASE("twenty wrong codes block one client at one address and nobody else",
          "[oauth_endpoints][plan-132]") {
    endpoints e;
    const auto client = register_client(e);
    e.actors.on_code = [](const auto&) -> result<oauth::token_pair> {
        return error{errc::invalid_grant, "unknown code"};
    };
    for (int i = 0; i < 20; ++i)
        CHECK(post_token(e, code_grant(client)).status == 400);
    const auto blocked = post_token(e, code_grant(client));
    CHECK(blocked.status == 429);
    CHECK(has_header(blocked, "Retry-After"));

    const auto other_client = register_client(e, "Other");
    CHECK(post_token(e, code_grant(other_client)).status == 400);
    e.peer = "203.0.113.200";
    CHECK(post_token(e, code_grant(client)).status == 400);
}

TEST_CASE("a stale token in a fleet does not keep the others of its client from theirs",
          "[oauth_endpoints]") {
    endpoints e;
    const auto client = register_client(e);
    e.actors.on_refresh = [&](const oauth::refresh_exchange& x) -> result<oauth::token_pair> {
        if (x.refresh_token.reveal() == "twr_STALE") return error{errc::invalid_grant, "unknown"};
        return tokens();
    };
    for (int i = 0; i < 20; ++i)
        CHECK(post_token(e, refresh_grant(client, "twr_STALE")).status == 400);
    for (int i = 0; i < 100; ++i)
        CHECK(post_token(e, refresh_grant(client, "twr_STALE")).status == 429);
    for (int i = 0; i < 60; ++i)
        CHECK(post_token(e, refresh_grant(client, "twr_GOOD")).status == 200);
}

// row 75
TEST_CASE("a thousand repeats of one refresh cost nothing, and what is new waits its turn",
          "[oauth_endpoints][plan-75]") {
    endpoints e;
    const auto client = register_client(e);
    int only_repeats = 0;
    e.actors.on_refresh = [&](const oauth::refresh_exchange& x) -> result<oauth::token_pair> {
        only_repeats += x.only_repeat;
        auto pair = tokens();
        pair.repeated = x.refresh_token.reveal() == "twr_ROTATED";
        if (!pair.repeated && x.only_repeat) return error{errc::rate_limited, "later"};
        return pair;
    };
    const auto send = [&](const char* token) {
        return post_token(e, refresh_grant(client, token));
    };
    for (int i = 0; i < 1000; ++i)
        CHECK(send("twr_ROTATED").status == 200);
    CHECK(only_repeats == 0);
    for (int i = 0; i < 60; ++i)
        CHECK(send("twr_NEW").status == 200);
    const auto limited = send("twr_NEW");
    CHECK(limited.status == 429);
    CHECK(error_of(limited) == "temporarily_unavailable");
    CHECK(has_header(limited, "Retry-After"));
    CHECK(send("twr_ROTATED").status == 200);
    CHECK(only_repeats == 2);
    // The connectors of many people come from one address, under one client id.
    e.peer = "160.79.104.10";
    for (int i = 0; i < 300; ++i)
        CHECK(send("twr_NEW").status == 200);
}

TEST_CASE("a stale client id is invalid_client however often it comes, and keeps nobody out",
          "[oauth_endpoints][plan-131]") {
    endpoints e;
    const auto client = register_client(e);
    e.actors.on_code = [](const auto&) -> result<oauth::token_pair> { return tokens(); };
    for (int i = 0; i < 40; ++i) {
        const auto r = post_token(e, code_grant("twc1.stale." + std::to_string(i)));
        CHECK(r.status == 401);
        CHECK(error_of(r) == "invalid_client");
    }
    CHECK(post_token(e, code_grant(client)).status == 200);
}

TEST_CASE("guessing the secret of a client is limited", "[oauth_endpoints][plan-132]") {
    endpoints e;
    const auto body = json::dump(json::make({{"redirect_uris", json::list({callback})}}));
    const auto made =
        body_of(e.send(make("POST", "/register", {{"content-type", "application/json"}}, body)));
    const auto guess = [&](const std::string& id, const std::string& with = "guess") {
        auto headers = form_type;
        headers.emplace_back("authorization",
                             "Basic " + text::base64_encode(text::percent_encode(id) + ":" + with));
        return post_token(e, {{"grant_type", "authorization_code"}}, headers).status;
    };
    for (int i = 0; i < 20; ++i)
        CHECK(guess(std::string(made.text("client_id"))) == 401);
    CHECK(guess(std::string(made.text("client_id"))) == 429);
    CHECK(guess("twc1.unknown") == 401);
    // The right one waits as well: otherwise the limit would not slow a guesser down.
    const std::string right(made.text("client_secret"));
    CHECK(guess(std::string(made.text("client_id")), right) == 429);
}

TEST_CASE("few wrong secrets from egress that many people share lock nobody out there",
          "[oauth_endpoints]") {
    endpoints e;
    e.peer = "160.79.104.10";
    const auto body =
        json::dump(json::make({{"redirect_uris", json::list({callback})},
                               {"token_endpoint_auth_method", "client_secret_post"}}));
    const auto made =
        body_of(e.send(make("POST", "/register", {{"content-type", "application/json"}}, body)));
    const auto send = [&](std::string_view with) {
        return post_token(e, {{"grant_type", "refresh_token"},
                              {"refresh_token", "twr_GOOD"},
                              {"client_id", std::string(made.text("client_id"))},
                              {"client_secret", std::string(with)}})
            .status;
    };
    e.actors.on_refresh = [](const auto&) -> result<oauth::token_pair> { return tokens(); };
    for (int i = 0; i < 599; ++i)
        CHECK(send("guess") == 401);
    CHECK(send(made.text("client_secret")) == 200);
    CHECK(send("guess") == 401);
    CHECK(send("guess") == 429);
    CHECK(send(made.text("client_secret")) == 429);
}

TEST_CASE("revocation is 200 and empty whatever the token, and 503 when the store is down",
          "[oauth_endpoints]") {
    endpoints e;
    const auto client = register_client(e);
    const auto revoke = [&](const form_fields& fields) {
        return e.send(make("POST", "/revoke", form_type, encode(fields)));
    };
    const auto ok = revoke({{"client_id", client}, {"token", "twr_x"}, {"token_type_hint", "?"}});
    CHECK(ok.status == 200);
    CHECK(ok.body.empty());
    CHECK(header(ok, "Access-Control-Allow-Origin") == "*");
    CHECK(e.actors.revocations == 1);

    const auto missing = revoke({{"client_id", client}});
    CHECK(missing.status == 400);
    CHECK(error_of(missing) == "invalid_request");
    CHECK(revoke({{"client_id", "nobody"}, {"token", "twr_x"}}).status == 401);
    CHECK(e.actors.revocations == 1);

    e.actors.revocation = error{errc::unavailable, "closing"};
    const auto down = revoke({{"client_id", client}, {"token", "twr_x"}});
    CHECK(down.status == 503);
    CHECK(has_header(down, "Retry-After"));
}
