#include "tests/web/endpoint_fixture.hpp"

#include "twenty/connection.hpp"
#include "web/page.hpp"

#include <embedded/web_pages_connections_mustache.hpp>
#include <embedded/web_pages_consent_css.hpp>
#include <embedded/web_pages_consent_mustache.hpp>
#include <embedded/web_pages_notice_mustache.hpp>

using namespace endpoint_test;

namespace {

// A page of ours, with nothing that sends the browser away.
void check_local(const http::response& r, int status) {
    INFO(r.body);
    CHECK(r.status == status);
    CHECK_FALSE(has_header(r, "Location"));
    CHECK_FALSE(has_header(r, "Refresh"));
    check_page_headers(r);
}

open_page open_for(endpoints& e, std::string_view redirect = callback,
                   std::string scope = "twenty:read twenty:write") {
    const auto client = register_client(e, "Claude", {std::string(redirect)});
    return open_consent(e, authorize_target(client, redirect, {{"scope", scope}, {"state", "s1"}}));
}

form_fields with(form_fields fields, std::string name, std::string value) {
    for (auto& field : fields)
        if (field.first == name) {
            field.second = std::move(value);
            return fields;
        }
    fields.emplace_back(std::move(name), std::move(value));
    return fields;
}

int occurrences(std::string_view text, std::string_view part) {
    int n = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
        ++n;
    return n;
}

} // namespace

// -- GET ------------------------------------------------------------------------------------------

TEST_CASE("the consent page names the client, where it returns to and the workspace's address",
          "[consent]") {
    endpoints e;
    const auto page = open_for(e).page;
    check_local(page, 200);
    CHECK(contains(page.body, "<strong>Claude</strong>"));
    CHECK(contains(page.body, "self-declared name, not verified"));
    CHECK(contains(page.body, "<strong class=\"host\">claude.ai</strong>"));
    CHECK(contains(page.body, "twenty.example.org"));
    CHECK(contains(page.body, "name of this key"));
    CHECK_FALSE(contains(page.body, "Any program on this computer"));
    CHECK_FALSE(contains(page.body, "<script"));
    CHECK_FALSE(contains(page.body, "style="));
    CHECK(contains(page.body, "type=\"password\" id=\"api_key\" name=\"api_key\""));
    CHECK(contains(page.body, "name=\"action\" value=\"check\""));
    CHECK(contains(page.body, "href=\"/connections\""));
    CHECK_FALSE(contains(page.body, "name=\"mode\"")); // the choices come after the key
}

TEST_CASE("a loopback or private return address comes with a warning", "[consent]") {
    endpoints e;
    const auto loopback = open_for(e, "http://localhost:6274/oauth/callback").page;
    CHECK(contains(loopback.body, "localhost:6274"));
    CHECK(contains(loopback.body, "Any program on this computer"));
    const auto scheme = open_for(e, "cursor://anysphere.cursor-mcp/oauth/callback").page;
    CHECK(contains(scheme.body, "cursor://anysphere.cursor-mcp/oauth/callback"));
    CHECK(contains(scheme.body, "Any program on this computer"));
}

TEST_CASE("write access can't be chosen when only reading was asked for", "[consent]") {
    endpoints e;
    const auto page = open_for(e, callback, "twenty:read");
    const auto choices =
        e.send(consent_post(e, page, {{"api_key", api_key()}, {"action", "check"}}));
    check_local(choices, 200);
    CHECK(contains(choices.body, "value=\"write\" disabled"));
    CHECK(contains(choices.body, "asked for read access only"));
    const auto forced = e.send(consent_post(e, page, with(approval(), "mode", "write")));
    check_local(forced, 422);
    CHECK(e.actors.grants.empty());
}

TEST_CASE("the browser cookie is bound to the host over https, plain on loopback, and kept",
          "[consent]") {
    endpoints e;
    const auto first = open_for(e);
    const auto cookie = header(first.page, "Set-Cookie");
    CHECK(text::starts_with_ci(cookie, "__Host-tmcp_b="));
    CHECK(contains(cookie, "; Path=/; HttpOnly; Secure; SameSite=Lax"));
    const auto client = register_client(e);
    const auto second = open_consent(e, authorize_target(client), first.cookie);
    CHECK_FALSE(has_header(second.page, "Set-Cookie"));
    const auto forged = open_consent(e, authorize_target(client), "__Host-tmcp_b=short");
    CHECK(has_header(forged.page, "Set-Cookie"));

    endpoints local("http://localhost:8787");
    const auto plain = header(open_for(local).page, "Set-Cookie");
    CHECK(text::starts_with_ci(plain, "tmcp_b="));
    CHECK_FALSE(contains(plain, "Secure"));
}

TEST_CASE("a request whose client or return address is not known never leaves this server",
          "[consent]") {
    endpoints e;
    const auto client = register_client(e);
    check_local(e.send(make("GET", "/authorize")), 400);
    check_local(e.send(make("GET", authorize_target("twc1.unknown.client"))), 400);
    check_local(e.send(make("GET", authorize_target(client + "x"))), 400);
    check_local(e.send(make("GET", authorize_target(client, "https://evil.example.net/cb"))), 400);
    check_local(e.send(make("GET", authorize_target(client) + "&client_id=again")), 400);
    check_local(e.send(make("GET", "/authorize?state=" + std::string(9000, 'a'))), 400);
    check_local(e.send(make("GET", "/authorize?client_id=%ff")), 400);
}

TEST_CASE("a fault of a trusted client goes back to it with state and issuer", "[consent]") {
    endpoints e;
    const auto client = register_client(e);
    const auto r = e.send(make("GET", authorize_target(client) + "&scope=twice"));
    CHECK(r.status == 303);
    const auto to = header(r, "Location");
    CHECK(text::starts_with_ci(to, std::string(callback) + "?error=invalid_request"));
    CHECK(occurrences(to, "iss=https%3A%2F%2Fcrm.example.com") == 1);
    CHECK(contains(to, "state=st%2Fa%2Bte%3D1"));
}

TEST_CASE("a fault of an untrusted client is a page with a link that nobody follows by itself",
          "[consent][plan-29]") {
    endpoints e;
    const std::string elsewhere = "https://unknown.example.net/cb";
    const auto client = register_client(e, "X", {elsewhere});
    const auto r = e.send(make("GET", authorize_target(client, elsewhere, {{"scope", "\""}})));
    check_local(r, 400);
    CHECK(contains(r.body, "href=\"https://unknown.example.net/cb?error=invalid_scope"));
}

TEST_CASE("hostile client names appear as text and nothing else", "[consent]") {
    endpoints e;
    const std::pair<std::string, std::string> names[] = {
        {"\"><script>alert(1)</script>", "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"</title><h1>Twenty", "&lt;/title&gt;&lt;h1&gt;Twenty"},
        {"' onmouseover='x", "&#39; onmouseover=&#39;x"},
        {"{{sealed}} {{{sealed}}}", "{{sealed}} {{{sealed}}}"},
        {"Clau\u202Ede\u200B", "Claude"},
        {"名前 🚀", "名前 🚀"},
    };
    for (const auto& [name, shown] : names) {
        INFO(name);
        const auto client = register_client(e, name);
        const auto page = open_consent(e, authorize_target(client)).page;
        CHECK(contains(page.body, "<strong>" + shown + "</strong>"));
        CHECK(occurrences(page.body, "<h1>") == 1);
        CHECK(occurrences(page.body, "<script") == 0);
        CHECK(occurrences(page.body, "\u202E") == 0);
    }
    const auto long_name = register_client(e, std::string(500, 'n'));
    const auto page = open_consent(e, authorize_target(long_name)).page;
    CHECK_FALSE(contains(page.body, std::string(200, 'n')));
    const auto unnamed = register_client(e, "");
    CHECK(contains(open_consent(e, authorize_target(unnamed)).page.body, "An unnamed application"));
}

TEST_CASE("no template has an unescaped tag, a script or an inline style", "[consent][plan-40]") {
    for (const auto page :
         {embedded::web_pages_consent_mustache, embedded::web_pages_connections_mustache,
          embedded::web_pages_notice_mustache}) {
        CHECK_FALSE(contains(page, "{{{"));
        CHECK_FALSE(contains(page, "{{&"));
        CHECK_FALSE(contains(page, "{{>"));
        CHECK_FALSE(contains(page, "<script"));
        CHECK_FALSE(contains(page, "style="));
        CHECK_FALSE(contains(page, "=\"javascript"));
        CHECK_FALSE(contains(page, "={{")); // an attribute without quotes
    }
}

TEST_CASE("the stylesheet's address changes with its content, so it may be kept for ever",
          "[consent]") {
    endpoints e;
    const auto page = open_for(e).page;
    CHECK(contains(page.body, "href=\"" + web::stylesheet_address() + "\""));
    const auto css = e.send(make("GET", web::stylesheet_address()));
    CHECK(css.status == 200);
    CHECK(css.body == embedded::web_pages_consent_css);
    CHECK(header(css, "Content-Type") == "text/css; charset=utf-8");
    CHECK(contains(header(css, "Cache-Control"), "immutable"));
}

TEST_CASE("the 61st authorization request of a minute is 429", "[consent]") {
    endpoints e;
    const auto client = register_client(e);
    for (int i = 0; i < 60; ++i)
        (void)open_consent(e, authorize_target(client));
    const auto r = e.send(make("GET", authorize_target(client)));
    check_local(r, 429);
    CHECK(has_header(r, "Retry-After"));
}

// -- POST: approval
// --------------------------------------------------------------------------------

TEST_CASE("an approved request is a grant and a 303 with code, state and issuer, each once",
          "[consent]") {
    endpoints e;
    const auto page = open_for(e);
    auto fields = with(approval(api_key(1'830'000'000)), "mode", "write");
    fields = with(fields, "label", "  Work \u202Elaptop ");
    fields = with(fields, "objects", "People, Company");
    const auto r = e.send(consent_post(e, page, fields));
    INFO(r.body);
    CHECK(r.status == 303);
    const auto to = header(r, "Location");
    CHECK(to ==
          std::string(callback) + "?code=twk_THECODE&state=s1&iss=https%3A%2F%2Fcrm.example.com");
    CHECK(header(r, "Cache-Control") == "no-store");
    CHECK(header(r, "Referrer-Policy") == "no-referrer");
    CHECK_FALSE(contains(r.body, "PLANTED"));

    REQUIRE(e.actors.grants.size() == 1);
    const auto& grant = e.actors.grants[0];
    CHECK(grant.granted.read);
    CHECK(grant.granted.write);
    CHECK(grant.label == "Work laptop");
    CHECK(grant.workspace_name == "Acme");
    CHECK(grant.request.code_challenge == challenge);
    CHECK(grant.request.redirect_uri == callback);
    CHECK(grant.fingerprint.size() == 32);
    CHECK_FALSE(contains(api_key(), grant.fingerprint));
    const auto connection = twenty::from_props(grant.props);
    REQUIRE(connection);
    CHECK(connection->api_key.reveal() == api_key(1'830'000'000));
    CHECK(connection->mode == twenty::mode::write);
    CHECK(connection->label == "Work laptop");
    CHECK(connection->objects == std::set<std::string>{"company", "person"});
    CHECK(connection->workspace.id == "20202020-1c25-4d02-bf25-6aeccf7ea419");
    CHECK(connection->key_expires_at == 1'830'000'000);
}

TEST_CASE("read is the default, and no object list means all objects", "[consent]") {
    endpoints e;
    const auto page = open_for(e);
    const form_fields fields{{"api_key", "\r\n " + api_key() + " \n"}, {"action", "approve"}};
    CHECK(e.send(consent_post(e, page, fields)).status == 303);
    REQUIRE(e.actors.grants.size() == 1);
    const auto connection = twenty::from_props(e.actors.grants[0].props);
    REQUIRE(connection);
    CHECK(connection->mode == twenty::mode::read);
    CHECK_FALSE(connection->objects);
    CHECK(connection->api_key.reveal() == api_key());
    CHECK_FALSE(e.actors.grants[0].granted.write);
}

TEST_CASE("objects may come as repeated fields, as one list, under either name", "[consent]") {
    for (const auto& fields :
         {form_fields{{"objects", "people"}, {"objects", "companies"}},
          form_fields{{"objects", "companies, people,,"}},
          form_fields{{"allowed_objects", "Person,company"}},
          form_fields{{"objects", "person"}, {"allowed_objects", "company"}}}) {
        endpoints e;
        auto all = approval();
        all.insert(all.end(), fields.begin(), fields.end());
        CHECK(e.send(consent_post(e, open_for(e), all)).status == 303);
        REQUIRE(e.actors.grants.size() == 1);
        const auto connection = twenty::from_props(e.actors.grants[0].props);
        REQUIRE(connection);
        CHECK(connection->objects == std::set<std::string>{"company", "person"});
    }
}

TEST_CASE("a list that names no object never opens everything, wherever it stands in the form",
          "[consent]") {
    for (const auto& fields :
         {form_fields{{"objects", ","}}, form_fields{{"allowed_objects", " , ,"}},
          form_fields{{"objects", ","}, {"reach", ""}},
          form_fields{{"reach", ""}, {"objects", ","}},
          form_fields{{"objects", " "}, {"reach", "all"}},
          form_fields{{"reach", "all"}, {"allowed_objects", " "}}}) {
        endpoints e;
        auto all = approval();
        all.insert(all.end(), fields.begin(), fields.end());
        const auto answer = e.send(consent_post(e, open_for(e), all));
        CHECK(answer.status == 422);
        CHECK(contains(answer.body, "Tick at least one object"));
        CHECK(e.actors.grants.empty());
    }
}

TEST_CASE("a private scheme is reached from a page of its own, never by a redirect",
          "[consent][plan-48]") {
    endpoints e;
    const auto page = open_for(e, "cursor://anysphere.cursor-mcp/oauth/callback");
    const auto r = e.send(consent_post(e, page, approval()));
    CHECK(r.status == 200);
    CHECK_FALSE(has_header(r, "Location"));
    check_page_headers(r);
    const std::string target = "cursor://anysphere.cursor-mcp/oauth/callback?code=twk_THECODE";
    CHECK(text::starts_with_ci(header(r, "Refresh"), "0; url=" + target));
    CHECK(contains(r.body, "href=\"" + target + "&amp;state=s1"));
    CHECK_FALSE(contains(r.body, "PLANTED"));
}

TEST_CASE("a refusal tells a trusted client at once and another by a link, without any limit",
          "[consent]") {
    endpoints e;
    const form_fields deny{{"action", "deny"}};
    const auto trusted = e.send(consent_post(e, open_for(e), deny));
    CHECK(trusted.status == 303);
    CHECK(contains(header(trusted, "Location"), "error=access_denied"));
    CHECK(contains(header(trusted, "Location"), "state=s1"));
    CHECK(contains(header(trusted, "Location"), "iss="));

    const auto other = e.send(consent_post(e, open_for(e, "https://unknown.example.net/cb"), deny));
    check_local(other, 200);
    CHECK(contains(other.body, "href=\"https://unknown.example.net/cb?error=access_denied"));
    for (int i = 0; i < 25; ++i)
        CHECK(e.send(consent_post(e, open_for(e), deny)).status == 303);
    CHECK(e.actors.key_checks == 0);
    CHECK(e.actors.grants.empty());
}

// -- POST: whose form is it?
// -----------------------------------------------------------------------

TEST_CASE("a form of another site, another browser or nobody is refused before the key is used",
          "[consent][plan-39]") {
    endpoints e;
    const auto page = open_for(e);
    const auto altered = [&](const char* name, const char* value) {
        auto r = consent_post(e, page, approval());
        std::erase_if(r.headers, [&](const auto& h) { return h.first == name; });
        if (*value) r.headers.emplace_back(name, value);
        return e.send(std::move(r));
    };
    check_local(altered("origin", "https://evil.example.net"), 403);
    check_local(altered("origin", "null"), 403);
    check_local(altered("origin", "https://crm.example.com:444"), 403);
    check_local(altered("sec-fetch-site", "cross-site"), 403);
    check_local(altered("sec-fetch-site", "same-site"), 403);
    check_local(altered("sec-fetch-site", "none"), 403);
    check_local(altered("cookie", ""), 400);
    check_local(altered("cookie", "tmcp_b=x; other=y"), 400);
    const auto foreign = "__Host-tmcp_b=" + text::base64url_encode(std::string(32, 'z'));
    check_local(altered("cookie", foreign.c_str()), 403);
    CHECK(e.actors.key_checks == 0);
    CHECK(e.actors.grants.empty());
    // Browsers that send neither header are served: the cookie binds the form.
    auto quiet = consent_post(e, page, approval());
    std::erase_if(quiet.headers,
                  [](const auto& h) { return h.first == "origin" || h.first == "sec-fetch-site"; });
    CHECK(e.send(std::move(quiet)).status == 303);
}

TEST_CASE("an altered, expired or missing request starts again; no parameter replaces it",
          "[consent]") {
    endpoints e;
    const auto client = register_client(e);
    const auto page = open_consent(e, authorize_target(client));
    for (std::size_t at = 0; at < page.txn.size(); at += 37) {
        auto bent = page;
        bent.txn[at] = bent.txn[at] == 'A' ? 'B' : 'A';
        check_local(e.send(consent_post(e, bent, approval())), 400);
    }
    auto gone = page;
    gone.txn.clear();
    auto direct = approval();
    direct.emplace_back("client_id", client);
    direct.emplace_back("redirect_uri", std::string(callback));
    check_local(e.send(consent_post(e, gone, direct)), 400);
    e.time += 901;
    check_local(e.send(consent_post(e, page, approval())), 400);
    CHECK(e.actors.key_checks == 0);
}

TEST_CASE("a form counts once, and two tabs of one browser both succeed", "[consent][plan-38]") {
    endpoints e;
    const auto client = register_client(e);
    const auto first = open_consent(e, authorize_target(client));
    const auto second = open_consent(e, authorize_target(client), first.cookie);
    CHECK(e.send(consent_post(e, second, approval())).status == 303);
    CHECK(e.send(consent_post(e, first, approval())).status == 303);
    check_local(e.send(consent_post(e, first, with(approval(), "mode", "write"))), 400);
    check_local(e.send(consent_post(e, second, {{"action", "deny"}})), 400);
    CHECK(e.actors.grants.size() == 2);
}

TEST_CASE("who clicks twice gets one grant, and the answer that the browser dropped",
          "[consent][plan-37]") {
    endpoints e;
    const auto page = open_for(e);
    e.actors.key_takes = std::chrono::milliseconds(5);
    int codes = 0;
    e.actors.on_grant = [&](const auto&) { return secret("twk_" + std::to_string(++codes)); };
    std::vector<http::request> clicks;
    for (int i = 0; i < 4; ++i)
        clicks.push_back(consent_post(e, page, approval()));
    for (const auto& r : e.send_together(std::move(clicks))) {
        CHECK(r.status == 303);
        CHECK(contains(header(r, "Location"), "code=twk_1&"));
    }
    // A reload, after the answer was lost on the way.
    const auto later = e.send(consent_post(e, page, approval()));
    CHECK(contains(header(later, "Location"), "code=twk_1&"));
    CHECK(e.actors.grants.size() == 1);
    CHECK(e.actors.key_checks == 1);
    // Another key, another choice or another browser is not the same form.
    check_local(e.send(consent_post(e, page, approval(api_key(1'830'000'000)))), 400);
    check_local(e.send(consent_post(e, page, with(approval(), "label", "x"))), 400);
    auto foreign = page;
    foreign.cookie = "__Host-tmcp_b=" + text::base64url_encode(std::string(32, 'z'));
    check_local(e.send(consent_post(e, foreign, approval())), 403);
    // Once the code has expired nobody is given it any more.
    e.time += 300;
    check_local(e.send(consent_post(e, page, approval())), 400);
    CHECK(e.actors.grants.size() == 1);
}

TEST_CASE("a click that waited for one that failed is worked on itself", "[consent]") {
    endpoints e;
    const auto page = open_for(e);
    e.actors.key_takes = std::chrono::milliseconds(5);
    int asked = 0;
    const auto good = e.actors.on_key;
    e.actors.on_key = [&]() -> result<actors::checked_key> {
        if (++asked == 1) return error{errc::upstream_timeout, "slow"};
        return good();
    };
    std::vector<http::request> clicks;
    clicks.push_back(consent_post(e, page, approval()));
    clicks.push_back(consent_post(e, page, approval()));
    const auto answers = e.send_together(std::move(clicks));
    check_local(answers[0], 503);
    CHECK(answers[1].status == 303);
    CHECK(e.actors.grants.size() == 1);
}

TEST_CASE("a refusal that comes while the key is checked does not undo the connection",
          "[consent]") {
    endpoints e;
    const auto page = open_for(e);
    e.actors.key_takes = std::chrono::milliseconds(5);
    std::vector<http::request> clicks;
    clicks.push_back(consent_post(e, page, approval()));
    clicks.push_back(consent_post(e, page, {{"action", "deny"}}));
    const auto answers = e.send_together(std::move(clicks));
    CHECK(answers[0].status == 303);
    check_local(answers[1], 400);

    const auto other = open_for(e);
    const auto denied = e.send(consent_post(e, other, {{"action", "deny"}}));
    CHECK(header(e.send(consent_post(e, other, {{"action", "deny"}})), "Location") ==
          header(denied, "Location"));
    check_local(e.send(consent_post(e, other, approval())), 400);
    CHECK(e.actors.grants.size() == 1);
}

TEST_CASE("a page that can't be used says once how to go on, in whole sentences", "[consent]") {
    endpoints e;
    const auto page = open_for(e);
    auto gone = page;
    gone.txn = "x";
    const auto expired = e.send(consent_post(e, gone, approval()));
    CHECK(occurrences(expired.body, "Start the connection again") == 1);
    auto foreign = page;
    foreign.cookie = "__Host-tmcp_b=" + text::base64url_encode(std::string(32, 'z'));
    const auto other = e.send(consent_post(e, foreign, approval()));
    CHECK(occurrences(other.body, "Start the connection again") == 1);
    const auto broken = e.send(make("GET", "/authorize?client_id=%zz"));
    CHECK(contains(broken.body, "A form field has a bad % escape. Start the connection again"));
}

TEST_CASE("the workspace's address is shown only where it was set for people", "[consent]") {
    endpoints e;
    e.s.twenty_url.clear();
    const auto page = open_for(e).page;
    CHECK_FALSE(contains(page.body, "Workspace at"));
    CHECK(contains(page.body, "Open your Twenty and sign in."));
    CHECK_FALSE(contains(e.send(make("GET", "/")).body, "Twenty: "));
    e.s.twenty_url = "https://twenty.example.org";
    CHECK(contains(open_for(e).page.body, "href=\"https://twenty.example.org\""));
    CHECK(contains(e.send(make("GET", "/")).body, "Twenty:        https://twenty.example.org\n"));
}

TEST_CASE("a previous server key still opens forms, a foreign one does not", "[consent]") {
    endpoints before;
    const auto client = register_client(before);
    const auto page = open_consent(before, authorize_target(client));
    endpoints after;
    after.s.request_keys.insert(after.s.request_keys.begin(), secret(std::string(32, 'n')));
    CHECK(after.send(consent_post(after, page, approval())).status == 303);
    endpoints other;
    other.s.request_keys = {secret(std::string(32, 'n'))};
    check_local(other.send(consent_post(other, page, approval())), 400);
}

TEST_CASE("what is not our form is 400", "[consent]") {
    endpoints e;
    const auto page = open_for(e);
    auto as_json = consent_post(e, page, approval());
    as_json.headers[0].second = "application/json";
    check_local(e.send(std::move(as_json)), 400);
    auto twice = approval();
    twice.emplace_back("api_key", "again");
    check_local(e.send(consent_post(e, page, twice)), 400);
    check_local(e.send(consent_post(e, page, {{"api_key", api_key()}})), 400);
    check_local(e.send(consent_post(e, page, {{"action", "maybe"}})), 400);
    CHECK(e.actors.key_checks == 0);
}

// -- POST: what can be wrong with the form
// ------------------------------------------------------------

TEST_CASE("a key that can't be one is refused without asking Twenty, and says why",
          "[consent][plan-42]") {
    endpoints e;
    const auto page = open_for(e);
    const auto sent = [&](std::string key) {
        auto r = e.send(consent_post(
            e, page, with(with(approval(key), "label", "Desk"), "objects", "people, company")));
        check_local(r, 422);
        CHECK(contains(r.body, "aria-invalid=\"true\""));
        CHECK(contains(r.body, "role=\"alert\""));
        CHECK(contains(r.body, "value=\"Desk\""));
        CHECK(contains(r.body, "value=\"people, company\""));
        if (!key.empty()) CHECK_FALSE(contains(r.body, key));
        return r.body;
    };
    (void)sent("");
    (void)sent("not-a-key");
    CHECK(contains(sent(api_key(std::nullopt, "ACCESS")), "session"));
    CHECK(contains(sent(api_key(1'700'000'000)), "2023-11-14"));
    CHECK(e.actors.key_checks == 0);
    CHECK(e.send(consent_post(e, page, approval())).status == 303); // the form is still good
}

TEST_CASE("label and mode are checked", "[consent][plan-51]") {
    endpoints e;
    const auto page = open_for(e);
    std::string label;
    for (int i = 0; i < 64; ++i)
        label += "ü";
    check_local(e.send(consent_post(e, page, with(approval(), "label", label + "x"))), 422);
    check_local(e.send(consent_post(e, page, with(approval(), "mode", "admin"))), 422);
    CHECK(e.actors.key_checks == 0);
    CHECK(e.send(consent_post(e, page, with(approval(), "label", label))).status == 303);
}

TEST_CASE("an unknown object is named with its near misses, and the key's workspace is shown",
          "[consent][plan-50]") {
    endpoints e;
    const auto page = open_for(e);
    const auto r =
        e.send(consent_post(e, page, with(approval(), "objects", "poeple, company, <b>x</b>")));
    check_local(r, 422);
    CHECK(contains(r.body, "“poeple”. Did you mean people"));
    CHECK(contains(r.body, "&lt;b&gt;x&lt;/b&gt;"));
    CHECK_FALSE(contains(r.body, "<b>x"));
    CHECK(contains(r.body, "<strong>Acme</strong>"));
    CHECK(contains(r.body, "expires on <strong>2027-12-28</strong>"));
    CHECK(contains(r.body, "value=\"company\" checked"));
    CHECK_FALSE(contains(r.body, "value=\"person\" checked"));
    CHECK(e.actors.grants.empty());
}

TEST_CASE("what Twenty says of the key becomes words for the person, never Twenty's own",
          "[consent][plan-43][plan-44]") {
    endpoints e;
    const auto page = open_for(e);
    struct row {
        errc code;
        int status;
        const char* words;
    };
    for (const auto& [code, status, words] :
         {row{errc::upstream_auth, 422, "This key was revoked."},
          row{errc::upstream_timeout, 503, "did not answer in time"},
          row{errc::upstream_down, 503, "can&#39;t be reached"},
          row{errc::upstream_refused, 503, "can&#39;t be reached"},
          row{errc::rate_limited, 429, "too many requests"},
          row{errc::busy, 503, "too many requests"},
          row{errc::internal, 503, "could not be checked"}}) {
        INFO(words);
        e.actors.on_key = [code = code]() -> result<actors::checked_key> {
            return error{code, "This key was revoked.", "<html>stack trace of Twenty"};
        };
        const auto r = e.send(consent_post(e, page, with(approval(), "label", "Desk")));
        check_local(r, status);
        CHECK(contains(r.body, words));
        CHECK(contains(r.body, "value=\"Desk\""));
        CHECK_FALSE(contains(r.body, "stack trace"));
        CHECK_FALSE(contains(r.body, "PLANTED"));
        CHECK(has_header(r, "Retry-After") == (status != 422));
    }
    CHECK(e.actors.grants.empty());
}

TEST_CASE("a store that can't keep the grant leaves the form usable", "[consent]") {
    endpoints e;
    const auto page = open_for(e);
    e.actors.on_grant = [](const auto&) { return error{errc::unavailable, "closing"}; };
    const auto r = e.send(consent_post(e, page, approval()));
    check_local(r, 503);
    e.actors.on_grant = [](const auto&) { return secret(std::string("twk_LATER")); };
    const auto again = e.send(consent_post(e, page, approval()));
    CHECK(again.status == 303);
    CHECK(contains(header(again, "Location"), "code=twk_LATER"));
}

TEST_CASE("five refused keys block an address for a quarter of an hour, and only that one",
          "[consent][plan-46]") {
    endpoints e;
    e.actors.on_key = []() -> result<actors::checked_key> {
        return error{errc::upstream_auth, "Twenty refuses this key."};
    };
    const auto page = open_for(e);
    for (int i = 0; i < 5; ++i)
        CHECK(e.send(consent_post(e, page, approval())).status == 422);
    const auto blocked = e.send(consent_post(e, page, approval()));
    check_local(blocked, 429);
    CHECK(header(blocked, "Retry-After") == "900");
    CHECK(e.actors.key_checks == 5);
    e.peer = "203.0.113.77";
    CHECK(e.send(consent_post(e, page, approval())).status == 422);
}

TEST_CASE("at most twelve questions about keys are under way at once", "[consent]") {
    endpoints e;
    e.actors.key_takes = std::chrono::milliseconds(50);
    std::vector<http::request> together;
    for (int network = 0; network < 16; ++network) {
        auto post = consent_post(e, open_for(e), approval());
        post.peer = "198.51." + std::to_string(network) + ".1";
        together.push_back(std::move(post));
    }
    const auto answers = e.send_together(std::move(together));
    for (std::size_t i = 0; i < answers.size(); ++i) {
        CHECK(answers[i].status == (i < 12 ? 303 : 503));
        CHECK(has_header(answers[i], "Retry-After") == (i >= 12));
    }
    CHECK(e.actors.key_checks == 12);
    CHECK(e.s.keys.under_way() == 0);
    CHECK(e.send(consent_post(e, open_for(e), approval())).status == 303);
}

TEST_CASE("no answer and no log field of a whole login holds the key or a token",
          "[consent][plan-43]") {
    endpoints e;
    const auto page = open_for(e);
    std::vector<http::response> answers{page.page};
    const auto post = [&](const form_fields& f) {
        answers.push_back(e.send(consent_post(e, page, f)));
    };
    post(with(approval(), "label", std::string(65, 'x')));
    post(with(approval(), "objects", "nothing"));
    e.actors.on_key = []() -> result<actors::checked_key> {
        return error{errc::upstream_auth, "Twenty refuses this key.", "401"};
    };
    post(approval());
    e.actors.on_key = [] {
        actors::checked_key key;
        key.schema = small_schema();
        return key;
    };
    post(approval());
    CHECK(answers.back().status == 303);
    for (const auto& r : answers) {
        CHECK_FALSE(contains(r.body, "PLANTED"));
        for (const auto& [name, value] : r.headers)
            CHECK_FALSE(contains(value, "PLANTED"));
        for (const auto& [name, value, is_number] : r.log) {
            CHECK_FALSE(contains(value, "PLANTED"));
            CHECK_FALSE(contains(value, "twk_"));
        }
    }
}
