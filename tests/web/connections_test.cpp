// /connections: what a person sees and ends, and what nobody else can.
#include "tests/web/endpoint_fixture.hpp"

using namespace endpoint_test;

namespace {

const std::string cookie = "__Host-tmcp_b=" + text::base64url_encode(std::string(32, 'c'));
const std::string other_cookie = "__Host-tmcp_b=" + text::base64url_encode(std::string(32, 'o'));
const std::string mine = api_key();
const std::string theirs = api_key(1'830'000'000);

oauth::grant_summary made(std::string id, std::string label) {
    oauth::grant_summary out;
    out.id = std::move(id);
    out.client_name = "Claude <b>";
    out.redirect_uri = "https://claude.ai/api/mcp/auth_callback";
    out.scope = {true, true, false};
    out.label = std::move(label);
    out.workspace_name = "Acme";
    out.objects = "company,person";
    out.created_at = oauth::clock::from_time_t(start_time);
    out.last_used_at = oauth::clock::from_time_t(start_time + 3600);
    out.expires_at = oauth::clock::from_time_t(start_time + 86400);
    return out;
}

struct connections : endpoints {
    connections() {
        actors.connections[s.keys.fingerprint(secret(mine))] = {made("id-1", "Work laptop"),
                                                                made("id-2", "Phone")};
        actors.connections[s.keys.fingerprint(secret(theirs))] = {made("id-3", "Not yours")};
    }
    http::request form(const form_fields& fields, const std::string& browser = cookie) {
        return make("POST", "/connections",
                    {{"content-type", "application/x-www-form-urlencoded"},
                     {"origin", origin},
                     {"sec-fetch-site", "same-origin"},
                     {"cookie", browser}},
                    encode(fields));
    }
    http::response post(const form_fields& fields) { return send(form(fields)); }
    std::string ticket() {
        const auto page = post({{"api_key", mine}}).body;
        const std::string mark = "name=\"ticket\" value=\"";
        const auto from = page.find(mark) + mark.size();
        return page.substr(from, page.find('"', from) - from);
    }
    std::size_t left(const std::string& key) {
        return actors.connections[s.keys.fingerprint(secret(key))].size();
    }
};

} // namespace

TEST_CASE("each connection says how its application made itself known", "[connections]") {
    connections e;
    auto& mine_all = e.actors.connections[e.s.keys.fingerprint(secret(mine))];
    mine_all = {made("id-1", "one"), made("id-2", "two"), made("id-3", "three")};
    mine_all[0].client_id = "https://claude.ai/oauth/claude-code-client-metadata";
    mine_all[1].client_id = "twc1.abc.def";
    mine_all[2].client_id = "from-the-configuration";
    const auto page = e.post({{"api_key", mine}}).body;
    CHECK(contains(page, "verified: claude.ai, returns to claude.ai"));
    CHECK(contains(page, "self-declared name, returns to claude.ai"));
    CHECK(contains(page, "set up by the administrator, returns to claude.ai"));
}

TEST_CASE("the connections page asks for the key, with the protections of the consent page",
          "[connections]") {
    connections e;
    const auto page = e.send(make("GET", "/connections"));
    CHECK(page.status == 200);
    CHECK(contains(page.body, "type=\"password\""));
    CHECK(contains(header(page, "Set-Cookie"), "HttpOnly; Secure; SameSite=Lax"));
    CHECK(header(page, "Cache-Control") == "no-store");
    CHECK(header(page, "X-Frame-Options") == "DENY");
    CHECK(contains(header(page, "Content-Security-Policy"), "default-src 'none'"));
    CHECK(contains(e.send(make("GET", "/")).body, "https://crm.example.com/connections"));
}

TEST_CASE("who pastes a key sees its connections, and nobody else's", "[connections]") {
    connections e;
    const auto r = e.post({{"api_key", " " + mine + "\n"}});
    CHECK(r.status == 200);
    for (const auto* shown : {"Work laptop", "Phone", "Claude &lt;b&gt;", "claude.ai", "Acme",
                              "read and write", "only company, person", "2026-11-"})
        CHECK(contains(r.body, shown));
    CHECK_FALSE(contains(r.body, "Not yours"));
    CHECK_FALSE(contains(r.body, "id-3"));
    CHECK_FALSE(contains(r.body, "PLANTED"));
    CHECK_FALSE(contains(r.body, e.s.keys.fingerprint(secret(mine))));
    CHECK(e.actors.key_checks == 0); // also of a key that Twenty has forgotten
    const auto nothing = e.post({{"api_key", api_key(1'840'000'000)}});
    CHECK(contains(nothing.body, "No application is connected with this key."));
    CHECK(e.post({{"api_key", api_key(1'700'000'000)}}).status == 200); // expired: clear it away
    CHECK(e.post({{"api_key", "not a key"}}).status == 422);
    CHECK(e.post({}).status == 422);
}

TEST_CASE("connections end one by one or all at once, and only one's own", "[connections]") {
    connections e;
    const auto ticket = e.ticket();
    CHECK(contains(e.post({{"ticket", ticket}, {"end", "id-3"}}).body, "had ended already"));
    CHECK(e.left(theirs) == 1);
    const auto one = e.post({{"ticket", ticket}, {"end", "id-1"}});
    CHECK(contains(one.body, "role=\"status\""));
    CHECK(contains(one.body, "The connection has ended."));
    CHECK_FALSE(contains(one.body, "Work laptop"));
    CHECK(contains(one.body, "Phone"));
    CHECK(e.left(mine) == 1);
    (void)e.post({{"ticket", ticket}, {"end", "all"}});
    CHECK(e.left(mine) == 0);
    CHECK(e.left(theirs) == 1);
}

TEST_CASE("nothing ends without a ticket of this browser, and a ticket does not last",
          "[connections]") {
    connections e;
    const auto ticket = e.ticket();
    (void)e.post({{"api_key", mine}, {"end", "all"}});
    CHECK(e.send(e.form({{"ticket", ticket}, {"end", "all"}}, other_cookie)).status == 422);
    CHECK(e.send(e.form({{"ticket", ticket}, {"end", "all"}}, "")).status == 400);
    auto bent = ticket;
    bent[30] = bent[30] == 'A' ? 'B' : 'A';
    CHECK(e.post({{"ticket", bent}, {"end", "all"}}).status == 422);
    auto foreign = e.form({{"ticket", ticket}, {"end", "all"}});
    foreign.headers[1].second = "https://evil.example.net";
    CHECK(e.send(std::move(foreign)).status == 403);
    auto cross = e.form({{"ticket", ticket}, {"end", "all"}});
    cross.headers[2].second = "cross-site";
    CHECK(e.send(std::move(cross)).status == 403);
    CHECK(e.post({{"ticket", ticket}, {"ticket", ticket}, {"end", "all"}}).status == 400);
    CHECK(e.left(mine) == 2);
    e.time += 901;
    CHECK(e.post({{"ticket", ticket}, {"end", "all"}}).status == 422);
    CHECK(e.left(mine) == 2);
}

TEST_CASE("a person pauses the writes of their own connection and lets them go on",
          "[connections]") {
    connections e;
    const auto ticket = e.ticket();
    const auto paused = e.post({{"ticket", ticket}, {"pause", "id-1"}});
    CHECK(contains(paused.body, "Its writes are paused."));
    CHECK(contains(paused.body, "You have paused its writes."));
    REQUIRE(e.actors.pauses.size() == 1);
    CHECK(e.actors.pauses[0].of == stored::pause_target{stored::pause_scope::person, "id-1"});
    // Neither another person's connection nor without a ticket, and no administrator's pause.
    (void)e.post({{"ticket", ticket}, {"pause", "id-3"}});
    (void)e.post({{"api_key", mine}, {"pause", "id-2"}});
    (void)e.send(e.form({{"ticket", ticket}, {"pause", "id-2"}}, other_cookie));
    CHECK(e.actors.pauses.size() == 1);
    e.actors.pauses.push_back({{stored::pause_scope::connection, "id-1"}, "", {}});
    const auto resumed = e.post({{"ticket", ticket}, {"resume", "id-1"}});
    CHECK(contains(resumed.body, "It may write again."));
    REQUIRE(e.actors.pauses.size() == 1);
    CHECK(e.actors.pauses[0].of.scope == stored::pause_scope::connection);
}

TEST_CASE("questions that wait are shown with their connection, and nobody else's",
          "[connections]") {
    connections e;
    e.actors.waiting = {{"question-1", "id-1", "Delete 3 <b>"},
                        {"question-3", "id-3", "Somebody else's"}};
    const auto page = e.post({{"api_key", mine}}).body;
    CHECK(contains(page, "href=\"/approve/question-1\""));
    CHECK(contains(page, "Delete 3 &lt;b&gt;"));
    CHECK_FALSE(contains(page, "question-3"));
}

TEST_CASE("the second step of consent leads to the connections of its key", "[connections]") {
    connections e;
    const auto client = register_client(e);
    const auto page = open_consent(e, authorize_target(client), cookie);
    const auto choices =
        e.send(consent_post(e, page, {{"api_key", mine}, {"action", "check"}})).body;
    const std::string mark = "name=\"ticket\" value=\"";
    const auto from = choices.find(mark) + mark.size();
    const auto ticket = choices.substr(from, choices.find('"', from) - from);
    CHECK(contains(e.post({{"ticket", ticket}}).body, "Work laptop"));
}

TEST_CASE("the 61st look of ten minutes is 429", "[connections]") {
    connections e;
    for (int i = 0; i < 60; ++i)
        CHECK(e.send(make("GET", "/connections")).status == 200);
    const auto r = e.send(make("GET", "/connections"));
    CHECK(r.status == 429);
    CHECK(has_header(r, "Retry-After"));
}
