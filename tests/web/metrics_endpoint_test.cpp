#include "metrics/metrics.hpp"
#include "tests/web/admin_fixture.hpp"
#include "web/metrics_endpoint.hpp"

using namespace endpoint_test;

TEST_CASE("the metrics are for whoever has the admin token, under any host name",
          "[metrics_endpoint]") {
    endpoints e;
    CHECK(e.send(make("GET", "/metrics")).status == 401);
    CHECK(e.send(make("GET", "/metrics", {{"authorization", "Bearer wrong"}})).status == 401);
    auto elsewhere = admin();
    elsewhere.emplace_back("host", "10.0.0.7:8787");
    const auto r = e.send(make("GET", "/metrics", elsewhere));
    CHECK(r.status == 200);
    CHECK(header(r, "Content-Type") == metrics::content_type);
    CHECK(header(r, "Cache-Control") == "no-store");
    CHECK(contains(r.body, "# TYPE "));
    CHECK(e.send(make("POST", "/metrics", admin())).status == 405);
    e.s.admin_token.reset();
    CHECK(e.send(make("GET", "/metrics", admin())).status == 503);
}

TEST_CASE("a limit that refuses names itself in the log and is counted", "[metrics_endpoint]") {
    endpoints e;
    const auto before = metrics::value(metrics::id::limited, {"failed_admin"});
    http::response last;
    for (int i = 0; i < 8; ++i)
        last = e.send(make("GET", "/admin", {{"authorization", "Bearer wrong"}}));
    REQUIRE(last.status == 429);
    CHECK(std::ranges::any_of(last.log, [](const logging::pair& p) {
        return p.key == "limit" && p.value == "failed_admin";
    }));
    CHECK(metrics::value(metrics::id::limited, {"failed_admin"}) > before);
}

TEST_CASE("each answer says whose route it is, for the metrics", "[metrics_endpoint]") {
    endpoints e;
    CHECK(e.send(make("GET", "/healthz")).route == "/healthz");
    CHECK(e.send(make("GET", "/admin/connections", admin())).route == "/admin");
    CHECK(e.send(make("PATCH", "/token")).route == "/token");
    CHECK(e.send(make("GET", "/made/up")).route.empty());
}
