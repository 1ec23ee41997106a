// /admin/connections: what is told of a connection, how it is found, and how it ends.
#include "tests/web/admin_fixture.hpp"

using namespace endpoint_test;

namespace {

const std::string one_id = "11111111-1111-4111-8111-111111111111";
const std::string two_id = "22222222-2222-4222-8222-222222222222";

struct office : endpoints {
    office() {
        oauth::grant_summary one;
        one.id = one_id;
        one.client_id = "https://claude.ai/oauth/mcp-oauth-client-metadata";
        one.kind = oauth::client_kind::metadata_document;
        one.client_name = "Claude";
        one.redirect_uri = "https://claude.ai/api/mcp/auth_callback";
        one.scope = {true, true, false};
        one.label = "Anna's phone";
        one.workspace_name = "Acme";
        one.objects = "company,person";
        one.created_at = oauth::clock::from_time_t(start_time);
        one.last_used_at = oauth::clock::from_time_t(start_time + 3600);
        one.expires_at = oauth::clock::from_time_t(start_time + 86400);
        one.key_id = "0123456789ab";
        auto two = one;
        two.id = two_id;
        two.kind = oauth::client_kind::registered;
        two.client_id = "a-signed-id";
        two.redirect_uri = "http://127.0.0.1:3334/cb";
        two.scope.write = false;
        two.objects = "";
        actors.everybodys = {one, two};
    }
};

} // namespace

TEST_CASE("a connection is told with all that tells it apart, and with no secret",
          "[admin_connections]") {
    office e;
    const auto one = get(e, "/admin/connections/" + one_id);
    CHECK(one.status == 200);
    CHECK(one.body ==
          R"({"id":"11111111-1111-4111-8111-111111111111","label":"Anna's phone","client":)"
          R"({"name":"Claude","id":"https://claude.ai/oauth/mcp-oauth-client-metadata",)"
          R"("kind":"metadata_document","host":"claude.ai"},"redirect_host":"claude.ai",)"
          R"("workspace":"Acme","mode":"write","objects":["company","person"],)"
          R"("created":"2026-11-18T11:06:40Z","last_used":"2026-11-18T12:06:40Z",)"
          R"("expires":"2026-11-19T11:06:40Z","key":"0123456789ab"})");
    const auto two = body_of(get(e, "/admin/connections/" + two_id));
    CHECK(two.text("mode") == "read");
    CHECK(two.text("objects") == "all");
    CHECK(two.text("redirect_host") == "127.0.0.1:3334");
    CHECK(two.at("client", "host") == nullptr); // a registered client can claim any name
    e.actors.everybodys[1].objects.reset();
    e.actors.everybodys[1].kind.reset();
    const auto old = body_of(get(e, "/admin/connections/" + two_id));
    CHECK(old.text("objects") == "unknown");
    CHECK(old.at("client", "kind") == nullptr);
    CHECK(get(e, "/admin/connections/" + crypto::random_uuid()).status == 404);
    CHECK(get(e, "/admin/connections/not-an-id").status == 400);
}

TEST_CASE("connections are sought by what the query says, page by page", "[admin_connections]") {
    office e;
    const auto all = body_of(get(e, "/admin/connections"));
    CHECK(all.find("connections")->if_array()->size() == 2);
    CHECK(all.text("next_cursor") == "more");
    const auto& plain = e.actors.sought.back();
    CHECK(plain.limit == 50);
    CHECK(plain.filter.client.empty());
    CHECK_FALSE(plain.filter.unused_since);

    const auto last = body_of(get(e, "/admin/connections?client=Claude%20Code&mode=read&object="
                                     "company&key=0123456789ab&unused_since="
                                     "2026-11-18T11:06:40Z&limit=200&cursor=more"));
    CHECK(last.find("next_cursor") == nullptr);
    const auto& full = e.actors.sought.back();
    CHECK(full.limit == 200);
    CHECK(full.after == "more");
    CHECK(full.filter.client == "Claude Code");
    CHECK(full.filter.mode == "read");
    CHECK(full.filter.object == "company");
    CHECK(full.filter.key_id == "0123456789ab");
    CHECK(full.filter.unused_since == oauth::clock::from_time_t(start_time));
    CHECK(get(e, "/admin/connections?cursor=wrong").status == 400);
}

TEST_CASE("a parameter that is unknown, repeated or wrong is refused by its name",
          "[admin_connections]") {
    office e;
    for (const auto& [query, name] : std::vector<std::pair<std::string, std::string>>{
             {"clint=x", "clint"},
             {"client=a&client=b", "client"},
             {"client=", "client"},
             {"mode=admin", "read, write"},
             {"limit=0", "limit"},
             {"limit=201", "1 to 200"},
             {"limit=ten", "limit"},
             {"unused_since=yesterday", "2026-11-22T"},
             {"unused_since=2026-02-30T00:00:00Z", "time"},
             {"unused_since=1969-12-31T23:59:59Z", "time"},
             {"unused_since=9999-12-31T23:59:59Z", "time"}, // past what a clock here can count
             {"unused_since=2026-01-01T24:00:00Z", "time"},
             {"id=" + one_id, "id"}}) {
        INFO(query);
        const auto r = get(e, "/admin/connections?" + query);
        CHECK(r.status == 400);
        CHECK(contains(body_of(r).text("message"), name));
    }
    CHECK(get(e, "/admin/connections?client=%ff").status == 400);
    CHECK(e.actors.sought.empty());
}

TEST_CASE("one connection ends by its id", "[admin_connections]") {
    office e;
    const auto r = e.send(make("DELETE", "/admin/connections/" + one_id, admin()));
    CHECK(r.body == R"({"ended":1})");
    REQUIRE(e.actors.chosen.size() == 1);
    CHECK(e.actors.chosen[0].choice.id == one_id);
    CHECK(e.actors.chosen[0].source == "203.0.113.0/24");
    CHECK(e.send(make("DELETE", "/admin/connections/" + crypto::random_uuid(), admin())).status ==
          404);
    CHECK(e.send(make("DELETE", "/admin/connections/" + one_id, admin(), "{}")).status == 400);
}

TEST_CASE("several connections end only when exactly one choice is named", "[admin_connections]") {
    office e;
    for (const auto* body : {"", "{}", R"({"all":false})", R"({"all":1})", R"({"all":"true"})",
                             R"({"key":""})", R"({"key":7})", R"({"key":"a","client_id":"b"})",
                             R"({"all":true,"key":"a"})", "[]", "true", R"({"client":"x"})",
                             R"({"id":"x"})", R"({"all":true,"all":true})", R"({"all":true)"}) {
        INFO(body);
        CHECK(post_json(e, "/admin/connections/revoke", body).status == 400);
    }
    const auto unknown = post_json(e, "/admin/connections/revoke", R"({"fingerprint":"x"})");
    CHECK(contains(body_of(unknown).text("message"), "fingerprint"));
    CHECK(contains(body_of(unknown).text("message"), "key, client_id, all"));
    CHECK(e.send(make("POST", "/admin/connections/revoke", admin("text/plain"), R"({"all":true})"))
              .status == 415);
    CHECK(e.actors.chosen.empty());

    CHECK(post_json(e, "/admin/connections/revoke", R"({"key":"0123456789ab"})").body ==
          R"({"ended":2})");
    CHECK(e.actors.chosen.back().choice.key_id == "0123456789ab");
    CHECK(post_json(e, "/admin/connections/revoke", R"({"client_id":"a-signed-id"})").status ==
          200);
    CHECK(e.actors.chosen.back().choice.client_id == "a-signed-id");
    CHECK_FALSE(e.actors.chosen.back().choice.all);
    CHECK(post_json(e, "/admin/connections/revoke", R"({"all":true})").status == 200);
    CHECK(e.actors.chosen.back().choice.all);
}
