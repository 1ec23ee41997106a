// Consent forms that must not become a grant, and what their answers carry. Row numbers are
// those of tests/security/plan.txt.
#include "tests/web/endpoint_fixture.hpp"

using namespace endpoint_test;

namespace {

struct visit {
    explicit visit(std::vector<std::string> redirects = {std::string(callback)},
                   std::string name = "Claude")
        : client(register_client(e, std::move(name), redirects)), redirect(redirects.front()) {}

    open_page open(std::string cookie = {}) {
        e.time += 2; // never limited
        return open_consent(e, authorize_target(client, redirect), std::move(cookie));
    }
    http::response post(const open_page& page, form_fields fields) {
        e.time += pause;
        return e.send(consent_post(e, page, std::move(fields)));
    }

    endpoints e;
    std::string client;
    std::string redirect;
    int pause = 60; // between two forms, so that none is one too many
};

} // namespace

TEST_CASE("row 40: a hostile client name is text on the page, cleaned and cut, and nothing else",
          "[consent_negative][plan-40]") {
    struct row {
        std::string name, shown;
    };
    std::string flood = "n";
    for (int i = 1; i < 10'000; ++i)
        flood += 'n';
    const row rows[] = {
        {"\"><script>alert(1)</script>", "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"</title><h1>Twenty", "&lt;/title&gt;&lt;h1&gt;Twenty"},
        {"</strong><a href=\"https://evil.example\">", "&lt;/strong&gt;&lt;a href="
                                                       "&quot;https://evil.example&quot;&gt;"},
        {"Clau\u202Ede", "Claude"},
        {"Clau\u2066de\u2069\u200F", "Claude"},
        {std::string("Cla\0ude", 7), "Claude"},
        {"Cla\r\nSet-Cookie: x=1", "ClaSet-Cookie: x=1"},
        {"名前 🚀", "名前 🚀"},
        {flood, std::string(127, 'n') + "\u2026"},
    };
    for (const auto& [name, shown] : rows) {
        INFO(name.substr(0, 100));
        visit v({std::string(callback)}, name);
        const auto page = v.open().page;
        check_page_headers(page);
        CHECK(contains(page.body, "<strong>" + shown + "</strong>"));
        CHECK_FALSE(contains(page.body, "evil.example\""));
        CHECK(page.body.find("<h1>") == page.body.rfind("<h1>"));
        CHECK(page.body.find('\0') == std::string::npos);
    }
}

TEST_CASE("row 41: every page of the login, whatever its status, carries the same protections",
          "[consent_negative][plan-41]") {
    visit v;
    std::vector<std::pair<int, http::response>> pages;
    const auto add = [&](int status, http::response r) {
        INFO(r.body);
        CHECK(r.status == status);
        pages.emplace_back(status, std::move(r));
    };
    add(200, v.open().page);
    add(200, v.post(v.open(), {{"api_key", api_key()}, {"action", "check"}}));
    add(400, v.e.send(make("GET", "/authorize")));
    add(400, v.e.send(make("POST", "/authorize")));
    add(403, v.e.send(make("POST", "/authorize", {{"origin", "https://evil.example.net"}})));
    add(422, v.post(v.open(), approval("no key")));
    add(422,
        v.post(v.open(), {{"api_key", api_key()}, {"objects", "nothing"}, {"action", "approve"}}));
    v.e.actors.on_key = []() -> result<actors::checked_key> {
        return error{errc::upstream_down, "down"};
    };
    add(503, v.post(v.open(), approval()));
    v.e.actors.on_key = []() -> result<actors::checked_key> {
        return error{errc::upstream_auth, "refused"};
    };
    v.pause = 0;
    for (int i = 0; i < 5; ++i)
        add(422, v.post(v.open(), approval()));
    add(429, v.post(v.open(), approval()));
    visit other({"https://unknown.example.net/cb"});
    add(200, other.post(other.open(), {{"action", "deny"}})); // the link that nobody follows
    add(400, other.e.send(make("GET", authorize_target(other.client, other.redirect) +
                                          "&response_mode=fragment")));
    visit scheme({"cursor://anysphere.cursor-mcp/oauth/callback"});
    add(200, scheme.post(scheme.open(), approval())); // the way to the application
    add(200, v.e.send(make("GET", "/connections")));
    for (const auto& [status, r] : pages) {
        INFO(status << ' ' << r.body.substr(0, 300));
        check_page_headers(r);
        CHECK_FALSE(contains(r.body, "PLANTED"));
        CHECK((status == 429 || status == 503) == has_header(r, "Retry-After"));
    }
}

TEST_CASE("row 47: no answer of the consent form repeats a form, and none holds the key",
          "[consent_negative][plan-47]") {
    visit v;
    const auto answers = [&](const form_fields& fields) {
        const auto r = v.post(v.open(), fields);
        for (const int resending : {301, 302, 307, 308})
            CHECK(r.status != resending);
        CHECK_FALSE(contains(r.body, "PLANTED"));
        for (const auto& [name, value] : r.headers)
            CHECK_FALSE(contains(value, "PLANTED"));
        return r;
    };
    const auto success = answers(approval());
    CHECK(success.status == 303);
    CHECK(header(success, "Referrer-Policy") == "no-referrer");
    CHECK(header(success, "Content-Security-Policy") ==
          "default-src 'none'; frame-ancestors 'none'");
    CHECK(answers({{"action", "deny"}}).status == 303);
    CHECK(answers({{"api_key", api_key()}, {"action", "check"}}).status == 200);
    CHECK(answers(approval("PLANTED")).status == 422);
}

TEST_CASE("rows 33 to 36: a form without its own browser and request is worth nothing",
          "[consent_negative][plan-33][plan-34][plan-35][plan-36]") {
    visit v;
    const auto page = v.open();
    const auto sent = [&](std::string txn, std::string cookie) {
        return v.post({{}, std::move(txn), std::move(cookie)}, approval());
    };
    const auto own = v.open(page.cookie);
    CHECK(own.cookie == page.cookie);
    const auto elsewhere = v.open();
    REQUIRE(elsewhere.cookie != page.cookie);
    CHECK(sent(page.txn, "").status == 400);                   // 33
    CHECK(sent(page.txn, elsewhere.cookie).status == 403);     // 34
    for (std::size_t at = 0; at < page.txn.size(); at += 11) { // 36
        auto bent = page.txn;
        bent[at] = bent[at] == 'A' ? 'B' : 'A';
        CHECK(sent(bent, page.cookie).status == 400);
    }
    CHECK(sent("", page.cookie).status == 400);
    CHECK(v.e.actors.key_checks == 0);
    const auto late = v.open(page.cookie); // 35
    v.e.time += 16 * 60;
    CHECK(sent(late.txn, late.cookie).status == 400);
    CHECK(v.e.actors.key_checks == 0);
    CHECK(v.e.actors.grants.empty());
}

TEST_CASE("row 31: parameters of the request count for nothing beside or instead of the sealed one",
          "[consent_negative][plan-31]") {
    visit v;
    const form_fields direct{{"client_id", v.client},
                             {"redirect_uri", "https://evil.example.net/cb"},
                             {"response_type", "code"},
                             {"code_challenge", std::string(challenge)},
                             {"code_challenge_method", "S256"},
                             {"scope", "twenty:write"},
                             {"state", "theirs"}};
    auto alone = approval();
    alone.insert(alone.end(), direct.begin(), direct.end());
    auto page = v.open();
    const auto txn = std::exchange(page.txn, "");
    CHECK(v.post(page, alone).status == 400);
    page.txn = txn;
    const auto beside = v.post(page, alone);
    CHECK(beside.status == 303);
    CHECK(header(beside, "Location").starts_with(std::string(callback) + "?code="));
    CHECK(contains(header(beside, "Location"), "state=st%2Fa%2Bte%3D1"));
    const auto in_query = v.e.send(make("POST", "/authorize?" + encode(direct)));
    CHECK(in_query.status == 400);
    CHECK(v.e.actors.grants.size() == 1);
}

TEST_CASE("row 46: who claims another address in a header is still counted by its own",
          "[consent_negative][plan-46]") {
    visit v;
    v.e.actors.on_key = []() -> result<actors::checked_key> {
        return error{errc::upstream_auth, "refused"};
    };
    const auto attempt = [&](int n) {
        auto r = consent_post(v.e, v.open(), approval());
        const auto claimed = "198.51.100." + std::to_string(n);
        for (const auto* name :
             {"x-forwarded-for", "x-real-ip", "true-client-ip", "cf-connecting-ip"})
            r.headers.emplace_back(name, claimed);
        r.headers.emplace_back("forwarded", "for=" + claimed);
        return v.e.send(std::move(r)).status;
    };
    for (int i = 0; i < 5; ++i)
        CHECK(attempt(i) == 422);
    CHECK(attempt(6) == 429);
    v.e.peer = "203.0.113.99";
    CHECK(attempt(7) == 422);
}

TEST_CASE("rows 49 to 51: choices that the request or the workspace does not have make no grant",
          "[consent_negative][plan-49][plan-50][plan-51]") {
    visit v;
    const auto refused = [&](const char* name, std::string value) {
        auto fields = approval();
        std::erase_if(fields, [&](const auto& f) { return f.first == name; });
        fields.emplace_back(name, std::move(value));
        return v.post(v.open(), fields).status == 422;
    };
    CHECK(refused("mode", "admin"));
    CHECK(refused("mode", "WRITE"));
    CHECK(refused("objects", "nothing"));
    CHECK(refused("objects", "company,nothing"));
    CHECK(refused("objects", "people/../companies"));
    CHECK(refused("label", std::string(65, 'x')));
    CHECK(v.e.actors.grants.empty());
    auto labelled = approval();
    labelled.emplace_back("label", "\u202E De\x07sk\u200B\n");
    CHECK(v.post(v.open(), labelled).status == 303);
    CHECK(v.e.actors.grants.at(0).label == "Desk");

    const auto read_only =
        open_consent(v.e, authorize_target(v.client, callback, {{"scope", "twenty:read"}}));
    auto greedy = approval();
    greedy[1].second = "write";
    CHECK(v.post(read_only, greedy).status == 422);
    CHECK(v.e.actors.grants.size() == 1);
}

TEST_CASE("what was asked for is granted or less: offline_access too, and never more",
          "[consent_negative][plan-127]") {
    struct row {
        const char* asked;
        const char* mode;
        oauth::scope_set granted;
    };
    for (const auto& [asked, mode, granted] :
         {row{"twenty:read twenty:write offline_access", "write", {true, true, true}},
          row{"twenty:read twenty:write offline_access", "read", {true, false, true}},
          row{"twenty:read twenty:write", "write", {true, true, false}},
          row{"twenty:read offline_access", "read", {true, false, true}},
          row{"offline_access", "write", {true, true, true}},
          row{"claudeai", "write", {true, true, false}},
          row{"twenty:write", "read", {true, false, false}}}) {
        INFO(asked << ' ' << mode);
        visit v;
        auto fields = approval();
        fields[1].second = mode;
        const auto page =
            open_consent(v.e, authorize_target(v.client, callback, {{"scope", asked}}));
        CHECK(v.post(page, fields).status == 303);
        REQUIRE(v.e.actors.grants.size() == 1);
        CHECK(v.e.actors.grants[0].granted == granted);
    }
}
