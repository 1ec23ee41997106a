// /admin/schema, /admin/keys, /admin/audit.
#include "tests/web/admin_fixture.hpp"

using namespace endpoint_test;

TEST_CASE("the data models of all workspaces, or of one, are dropped on demand", "[admin_server]") {
    endpoints e;
    CHECK(e.send(make("POST", "/admin/schema/refresh", admin())).body == R"({"dropped":3})");
    const std::string workspace = "20202020-1c25-4d02-bf25-6aeccf7ea419";
    CHECK(post_json(e, "/admin/schema/refresh", R"({"workspace":")" + workspace + "\"}").status ==
          200);
    CHECK(e.actors.dropped == std::vector<std::string>{"", workspace});
    CHECK(std::ranges::count(e.actors.notes, stored::audit_kind::schema_refreshed,
                             &stored::audit_note::kind) == 2);
    CHECK(e.actors.notes.back().detail == workspace);
    CHECK(post_json(e, "/admin/schema/refresh", R"({"workspace":"acme"})").status == 400);
    CHECK(post_json(e, "/admin/schema/refresh", R"({"workspaces":[]})").status == 400);
    CHECK(e.actors.dropped.size() == 2);
}

// row 83
TEST_CASE("the keys tell when nothing needs an old one", "[admin_server]") {
    endpoints e;
    using age = stored::key_use::age;
    e.actors.keys = {{"aaaaaaaaaaaaaaaa", age::current, {{"instance", 1}, {"access_tokens", 4}}},
                     {"bbbbbbbbbbbbbbbb", age::previous, {{"refresh_tokens", 2}}}};
    CHECK(get(e, "/admin/keys").body ==
          R"({"keys":[{"id":"aaaaaaaaaaaaaaaa","state":"current","rows":{"instance":1,)"
          R"("access_tokens":4}},{"id":"bbbbbbbbbbbbbbbb","state":"previous","rows":)"
          R"({"refresh_tokens":2}}],"done":false})");
    e.actors.keys[1].rows.clear();
    CHECK(body_of(get(e, "/admin/keys")).flag("done"));
    // What nobody can open any more does not keep a key.
    e.actors.keys.push_back({"cccccccccccccccc", age::unknown, {{"refresh_tokens", 1}}});
    CHECK(body_of(get(e, "/admin/keys")).flag("done"));
    CHECK(contains(get(e, "/admin/keys").body, "unknown"));
}

TEST_CASE("the log is told as it was asked for, with where to go on", "[admin_server]") {
    endpoints e;
    const auto at = oauth::clock::from_time_t(start_time);
    stored::audit_row one;
    one.id = 7;
    one.at = at;
    one.last_at = at + std::chrono::seconds(5);
    one.times = 3;
    one.kind = "wrong_admin_token";
    one.source = "192.0.2.1";
    stored::audit_row two;
    two.id = 6;
    two.at = two.last_at = at;
    two.kind = "connection_made";
    two.grant_id = "11111111-1111-4111-8111-111111111111";
    two.detail = "Claude";
    e.actors.audit = {one, two};
    CHECK(get(e, "/admin/audit?limit=2").body ==
          R"({"events":[{"id":7,"time":"2026-11-18T11:06:40Z","kind":"wrong_admin_token",)"
          R"("times":3,"last":"2026-11-18T11:06:45Z","source":"192.0.2.1"},{"id":6,)"
          R"("time":"2026-11-18T11:06:40Z","kind":"connection_made",)"
          R"("connection":"11111111-1111-4111-8111-111111111111","detail":"Claude"}],)"
          R"("next_before":6})");
    CHECK(e.actors.audit_query.limit == 2);
    CHECK(body_of(get(e, "/admin/audit")).find("next_before") == nullptr);
    CHECK(e.actors.audit_query.limit == 100);
    for (const auto& rule : stored::audit_rules()) {
        CHECK(get(e,
                  "/admin/audit?since=2026-11-18T11:06:40Z&before=9&kind=" + std::string(rule.name))
                  .status == 200);
        CHECK(e.actors.audit_query.kind == rule.kind);
        CHECK(e.actors.audit_query.since == at);
        CHECK(e.actors.audit_query.before == 9);
    }
    for (const auto* wrong :
         {"kind=nothing", "limit=1001", "since=2026-11-18", "before=0", "page=2"}) {
        INFO(wrong);
        CHECK(get(e, std::string("/admin/audit?") + wrong).status == 400);
    }
}

TEST_CASE("the log's level is read and changed while the server runs", "[admin_server]") {
    endpoints e;
    const auto before = logging::least_level();
    const auto put = [&](std::string body) {
        return e.send(make("PUT", "/admin/log-level", admin("application/json"), std::move(body)));
    };
    CHECK(put(R"({"level":"debug"})").body == R"({"level":"debug"})");
    CHECK(logging::wanted(logging::level::debug));
    CHECK(get(e, "/admin/log-level").body == R"({"level":"debug"})");
    CHECK(put(R"({"level":"loud"})").status == 400);
    CHECK(put("{}").status == 400);
    CHECK(logging::wanted(logging::level::debug));
    put(R"({"level":"error"})");
    CHECK_FALSE(logging::wanted(logging::level::warning));
    logging::set_level(before);
}
