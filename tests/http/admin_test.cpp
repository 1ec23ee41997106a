#include "tests/http/endpoint_fixture.hpp"

using namespace endpoint_test;

namespace {

http::headers admin(std::string type = "text/markdown") {
    return {{"authorization", "Bearer " + std::string(admin_token)},
            {"content-type", std::move(type)}};
}

http::response put(endpoints& e, std::string body, std::string type = "text/markdown") {
    return e.send(make("PUT", "/admin/primer", admin(std::move(type)), std::move(body)));
}

} // namespace

TEST_CASE("without ADMIN_TOKEN every admin path is 503") {
    endpoints e;
    e.s.admin_token.reset();
    for (const auto* path : {"/admin/primer", "/admin/unknown", "/admin/"}) {
        INFO(path);
        const auto r = e.send(make("GET", path, admin()));
        CHECK(r.status == 503);
        CHECK(body_of(r).text("error") == "admin_disabled");
    }
}

TEST_CASE("the primer is written, read, matched by its ETag and cleared") {
    endpoints e;
    CHECK(e.send(make("GET", "/admin/primer", admin())).status == 404);

    const auto written = put(e, "# Grüße\r\n\n\tA primer.\n");
    CHECK(written.status == 200);
    CHECK(written.body == R"({"ok":true,"bytes":23})");
    CHECK(header(written, "ETag") == "\"v1\"");

    const auto read = e.send(make("GET", "/admin/primer", admin()));
    CHECK(read.status == 200);
    CHECK(read.body == "# Grüße\r\n\n\tA primer.\n");
    CHECK(header(read, "Content-Type") == "text/markdown; charset=utf-8");

    auto conditional = admin();
    conditional.emplace_back("if-none-match", "\"v1\"");
    const auto unchanged = e.send(make("GET", "/admin/primer", conditional));
    CHECK(unchanged.status == 304);
    CHECK(unchanged.body.empty());

    CHECK(e.send(make("DELETE", "/admin/primer", admin())).status == 200);
    CHECK(e.send(make("GET", "/admin/primer", admin())).status == 404);
}

TEST_CASE("a wrong, missing or repeated admin token changes nothing") {
    endpoints e;
    for (const auto& bad : {std::string(), std::string("Bearer wrong"), std::string("Basic eDp5"),
                            "Bearer " + std::string(admin_token) + "x",
                            "Bearer " + std::string(admin_token.substr(1))}) {
        e.peer = "203.0.113." + std::to_string(bad.size());
        auto headers = admin();
        headers[0].second = bad;
        const auto r = e.send(make("PUT", "/admin/primer", headers, "text"));
        CHECK(r.status == 401);
        CHECK(header(r, "WWW-Authenticate") == "Bearer realm=\"admin\"");
        CHECK_FALSE(contains(r.body, admin_token));
    }
    auto twice = admin();
    twice.push_back(twice[0]);
    CHECK(e.send(make("PUT", "/admin/primer", twice, "text")).status == 400);
    CHECK(e.actors.primer_writes == 0);
}

TEST_CASE("the sixth wrong admin token in five minutes is 429, also for the right one") {
    endpoints e;
    const http::headers wrong{{"authorization", "Bearer wrong"}};
    for (int i = 0; i < 5; ++i)
        CHECK(e.send(make("GET", "/admin/primer", wrong)).status == 401);
    const auto blocked = e.send(make("GET", "/admin/primer", admin()));
    CHECK(blocked.status == 429);
    CHECK(header(blocked, "Retry-After") == "1800");
    e.peer = "203.0.113.99";
    CHECK(e.send(make("GET", "/admin/primer", admin())).status == 404);
}

TEST_CASE("the admin API refuses browsers whatever their token") {
    endpoints e;
    auto scripted = admin();
    scripted.emplace_back("origin", "https://crm.example.com");
    CHECK(e.send(make("PUT", "/admin/primer", scripted, "text")).status == 403);
    auto navigating = admin();
    navigating.emplace_back("sec-fetch-mode", "navigate");
    CHECK(e.send(make("GET", "/admin/primer", navigating)).status == 403);
    CHECK(e.actors.primer_writes == 0);
}

TEST_CASE("a primer that models could not read well is refused with the reason") {
    endpoints e;
    CHECK(put(e, "text", "application/json").status == 415);
    CHECK(put(e, "text", "").status == 415);
    CHECK(put(e, std::string(100'001, 'a')).status == 413);
    CHECK(put(e, "\xC3\x28").status == 400);
    CHECK(put(e, " \n\t ").status == 400);
    CHECK(put(e, "").status == 400);
    CHECK(put(e, std::string("a\0b", 3)).status == 400);
    CHECK(put(e, "a\x1B[31mb").status == 400);
    CHECK(e.actors.primer_writes == 0);
    CHECK(put(e, std::string(100'000, 'a')).status == 200);
    CHECK(put(e, "plain", "text/plain; charset=utf-8").status == 200);
}

TEST_CASE("the token is asked for before the body is judged") {
    endpoints e;
    auto headers = admin("application/json");
    headers[0].second = "Bearer wrong";
    CHECK(e.send(make("PUT", "/admin/primer", headers, std::string(100'001, 'a'))).status == 401);
}
