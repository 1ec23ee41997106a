// /admin/writes: whose writes an administrator pauses, and how it is said.
#include "tests/web/admin_fixture.hpp"

using namespace endpoint_test;

namespace {

constexpr std::string_view id = "11111111-1111-4111-8111-111111111111";

http::response pause(endpoints& e, const std::string& body) {
    return post_json(e, "/admin/writes/pause", body);
}

} // namespace

TEST_CASE("a pause names exactly one of a connection, a key and everybody", "[admin_writes]") {
    endpoints e;
    for (const auto* wrong : {"{}", R"({"reason":"x"})", R"({"all":true,"key":"0123456789ab"})",
                              R"({"all":false})", R"({"connection":"me"})", R"({"who":"all"})"}) {
        INFO(wrong);
        CHECK(pause(e, wrong).status == 400);
        CHECK(post_json(e, "/admin/writes/resume", wrong).status == 400);
    }
    CHECK(e.actors.pauses.empty());
    CHECK(pause(e, R"({"all":true})").status == 200);
    CHECK(pause(e, R"({"connection":")" + std::string(id) + R"("})").status == 200);
    CHECK(pause(e, R"({"key":"0123456789ab"})").status == 200);
    CHECK(e.actors.pauses.size() == 3);
}

TEST_CASE("all pauses are listed with what they are of, since when and why", "[admin_writes]") {
    endpoints e;
    (void)pause(e, R"({"all":true})");
    (void)pause(e, R"({"key":"0123456789ab","reason":"  Key was in a mail\u200b  "})");
    CHECK(get(e, "/admin/writes").body ==
          R"({"pauses":[{"of":"all","since":"1970-01-01T00:00:00Z"},{"of":"key",)"
          R"("key":"0123456789ab","since":"1970-01-01T00:00:00Z",)"
          R"("reason":"Key was in a mail"}]})");
    const auto left = post_json(e, "/admin/writes/resume", R"({"all":true})");
    CHECK(left.status == 200);
    CHECK(body_of(left).at("pauses", "0", "of") == nullptr);
    CHECK(left.body.find(R"("of":"all")") == std::string::npos);
}

TEST_CASE("what nobody has is told as not found", "[admin_writes]") {
    endpoints e;
    e.actors.pausing = error(errc::not_found, "No connection has this id.");
    CHECK(pause(e, R"({"connection":")" + std::string(id) + R"("})").status == 404);
}

TEST_CASE("whoever comes over the socket needs no token, and finds the administrator's paths alone",
          "[admin_writes]") {
    endpoints e;
    auto local = make("POST", "/admin/writes/pause", {{"content-type", "application/json"}},
                      R"({"all":true})");
    local.local = true;
    local.peer = "uid 0";
    CHECK(e.send(local).status == 200);
    REQUIRE_FALSE(e.actors.notes.empty());
    CHECK(e.actors.notes.back().source == "uid 0");
    for (const auto& row : web::routes()) {
        if (row.whole) continue;
        auto other = make("GET", std::string(row.path), {});
        other.local = true;
        other.peer = "uid 0";
        INFO(row.path);
        CHECK((e.send(other).status == 404) == !row.at_socket);
    }
}

TEST_CASE("the status says what is so, without a secret", "[admin_writes]") {
    endpoints e;
    e.actors.health = actors::status{true, {}, true, 4, 1};
    const auto all = body_of(get(e, "/admin/status"));
    CHECK(all.text("version") == TWENTY_MCP_VERSION);
    CHECK(all.text("twenty") == "reachable");
    CHECK(all.at("sessions")->as_int() == 4);
    CHECK(all.at("pauses")->as_int() == 1);
    CHECK(all.at("connections")->as_int() == 0);
    CHECK(all.text("started") == oauth::iso_time(e.s.for_admin.started));
    e.actors.health = actors::status{false, "The disk is full.", {}, 0, 0};
    const auto ill = get(e, "/admin/status");
    CHECK(ill.status == 200);
    CHECK(body_of(ill).text("why") == "The disk is full.");
}
