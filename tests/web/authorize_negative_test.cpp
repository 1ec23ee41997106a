// Requests to GET /authorize that must not reach a consent page, sent through the real router.
// Row numbers are those of tests/security/plan.txt.
#include "tests/web/endpoint_fixture.hpp"

#include <array>

using namespace endpoint_test;

namespace {

const std::string elsewhere = "https://unknown.example.net/cb";

// A good query for the one client; `changes` replaces parameters, "-" removes one. `extra` is
// appended as it is.
struct authorization {
    explicit authorization(std::vector<std::string> redirects = {std::string(callback)})
        : client(register_client(e, "Claude", redirects)), redirect(redirects.front()) {}

    http::response get(const std::map<std::string, std::string>& changes,
                       const std::string& extra = {}, const char* method = "GET") {
        std::map<std::string, std::string> parameters{{"client_id", client},
                                                      {"redirect_uri", redirect},
                                                      {"response_type", "code"},
                                                      {"code_challenge", std::string(challenge)},
                                                      {"code_challenge_method", "S256"},
                                                      {"state", "xyz"}};
        for (const auto& [name, value] : changes)
            parameters[name] = value;
        form_fields fields;
        for (const auto& [name, value] : parameters)
            if (value != "-") fields.emplace_back(name, value);
        e.time += 2; // never limited
        return e.send(make(method, "/authorize?" + encode(fields) + extra));
    }

    endpoints e;
    std::string client;
    std::string redirect;
};

// A page of ours that sends the browser nowhere.
void check_page(const http::response& r, int status = 400) {
    INFO(r.body);
    CHECK(r.status == status);
    CHECK(header(r, "Content-Type") == "text/html; charset=utf-8");
    CHECK_FALSE(has_header(r, "Location"));
    CHECK_FALSE(has_header(r, "Refresh"));
    CHECK_FALSE(has_header(r, "Set-Cookie"));
    CHECK_FALSE(contains(r.body, "http-equiv"));
    CHECK_FALSE(contains(r.body, "name=\"txn\""));
}

// Each parameter of the address that the browser is sent to, which must be the client's own.
std::map<std::string, std::string> sent_to(const http::response& r, const std::string& redirect) {
    const auto to = header(r, "Location");
    INFO(to);
    CHECK(r.status == 303);
    REQUIRE(to.starts_with(redirect + "?"));
    const auto fields = text::parse_form(to.substr(redirect.size() + 1));
    REQUIRE(fields.ok());
    std::map<std::string, std::string> out;
    for (const auto& [name, value] : *fields) {
        CHECK_FALSE(out.contains(name)); // each once
        out[name] = value;
    }
    return out;
}

} // namespace

TEST_CASE("rows 11 to 13: a client that is missing, unknown or altered gets a page, no redirect",
          "[authorize_negative][plan-11][plan-12][plan-13]") {
    authorization a;
    check_page(a.get({{"client_id", "-"}}));
    check_page(a.get({{"client_id", ""}}));
    check_page(a.get({{"client_id", "somebody"}}));
    check_page(a.get({{"client_id", "twc1.unknown.client"}}));
    check_page(a.get({{"client_id", a.client + "x"}}));
    // One character of each part: the prefix, both dots, the metadata, the signature.
    const auto last_dot = a.client.rfind('.');
    for (const std::size_t at :
         {std::size_t{0}, std::size_t{3}, std::size_t{4}, std::size_t{5}, last_dot / 2,
          last_dot - 1, last_dot, last_dot + 1, a.client.size() - 2})
        for (const char other : {'A', 'z', '7', '_', '.', ' '}) {
            auto altered = a.client;
            if (altered[at] == other) continue;
            altered[at] = other;
            INFO(altered);
            check_page(a.get({{"client_id", altered}}));
        }
    endpoints stranger; // an id that another server signed
    stranger.s.client_key = secret(std::string(32, 'o'));
    check_page(a.get({{"client_id", register_client(stranger)}}));
}

TEST_CASE("rows 14 and 15: a return address that was not registered, or not chosen, gets a page",
          "[authorize_negative][plan-14][plan-15]") {
    authorization a;
    const auto evil = a.get({{"redirect_uri", "https://evil.example.net/cb"}});
    check_page(evil);
    CHECK(contains(evil.body, "evil.example.net")); // said as text, so that it can be mended
    CHECK_FALSE(contains(evil.body, "href=\"https://evil"));
    const auto markup = a.get({{"redirect_uri", "https://<b>x\"'&/"}});
    check_page(markup);
    CHECK_FALSE(contains(markup.body, "<b>x"));
    for (const auto* other :
         {"https://claude.ai/api/mcp/auth_callback/", "https://claude.ai/api/mcp/auth_callback?x=1",
          "javascript:alert(1)", "//claude.ai/api/mcp/auth_callback", "/api/mcp/auth_callback"})
        check_page(a.get({{"redirect_uri", other}}));

    CHECK(a.get({{"redirect_uri", "-"}}).status == 200); // the only one is meant
    authorization two({std::string(callback), elsewhere});
    check_page(two.get({{"redirect_uri", "-"}}));
    check_page(two.get({{"redirect_uri", ""}}));
    CHECK(two.get({{"redirect_uri", elsewhere}}).status == 200);
}

TEST_CASE("row 20: a loopback address may come with another port and in no other way different",
          "[authorize_negative][plan-20]") {
    authorization named({"http://localhost:3334/cb"});
    authorization number({"http://127.0.0.1/cb"});
    for (const auto* good :
         {"http://localhost:3334/cb", "http://localhost:1/cb", "http://localhost/cb"})
        CHECK(named.get({{"redirect_uri", good}}).status == 200);
    for (const auto* good : {"http://127.0.0.1/cb", "http://127.0.0.1:65535/cb"})
        CHECK(number.get({{"redirect_uri", good}}).status == 200);
    for (const auto* bad :
         {"http://localhost:3334/other", "http://localhost:3334/cb?x=1", "http://localhost:3334/",
          "https://localhost:3334/cb", "http://127.0.0.1:3334/cb", "http://[::1]:3334/cb",
          "http://LOCALHOST:3334/cb", "HTTP://localhost:3334/cb", "http://localhost:3334/x/../cb",
          "http://localhost.evil.com:3334/cb", "http://localhost:3334@evil.com/cb",
          "http://user@localhost:3334/cb", "http://localhost:3334/cb#", "http://localhost:0/cb",
          "http://localhost:65536/cb", "http://localhost:/cb"}) {
        INFO(bad);
        check_page(named.get({{"redirect_uri", bad}}));
    }
    for (const auto* bad :
         {"http://127.000.000.001/cb", "http://127.0.0.1.evil.com/cb", "http://127.0.0.2/cb",
          "http://[::ffff:127.0.0.1]/cb", "http://2130706433/cb", "http://0x7f.0.0.1/cb"}) {
        INFO(bad);
        check_page(number.get({{"redirect_uri", bad}}));
    }
}

TEST_CASE("row 21: on the web a named default port or other case is another address",
          "[authorize_negative][plan-21]") {
    authorization a;
    for (const auto* bad :
         {"https://claude.ai:443/api/mcp/auth_callback", "https://CLAUDE.ai/api/mcp/auth_callback",
          "HTTPS://claude.ai/api/mcp/auth_callback", "https://claude.ai/api/mcp/Auth_callback",
          "https://claude.ai/api/mcp/%61uth_callback"})
        check_page(a.get({{"redirect_uri", bad}}));
    authorization with_port({"https://claude.ai:8443/cb"});
    check_page(with_port.get({{"redirect_uri", "https://claude.ai:8444/cb"}}));
    check_page(with_port.get({{"redirect_uri", "https://claude.ai/cb"}}));
}

TEST_CASE("rows 22 to 27: each later fault goes back to the client with its own code",
          "[authorize_negative][plan-22][plan-23][plan-24][plan-25][plan-26][plan-27][plan-29]") {
    struct row {
        std::map<std::string, std::string> changes;
        std::string extra;
        const char* code;
    };
    const std::string base64url(43, 'c');
    const row rows[] = {
        {{{"response_type", "-"}}, "", "invalid_request"}, // 22
        {{{"response_type", "token"}}, "", "unsupported_response_type"},
        {{{"response_type", "code token"}}, "", "unsupported_response_type"},
        {{{"response_type", "none"}}, "", "unsupported_response_type"},
        {{}, "&response_mode=fragment", "invalid_request"}, // 23
        {{}, "&response_mode=form_post", "invalid_request"},
        {{{"code_challenge", "-"}}, "", "invalid_request"}, // 24
        {{{"code_challenge", ""}}, "", "invalid_request"},
        {{{"code_challenge_method", "-"}}, "", "invalid_request"},
        {{{"code_challenge_method", "plain"}}, "", "invalid_request"},
        {{{"code_challenge_method", "S512"}}, "", "invalid_request"},
        {{{"code_challenge_method", "s256"}}, "", "invalid_request"},
        {{{"code_challenge", base64url.substr(1)}}, "", "invalid_request"},
        {{{"code_challenge", base64url + "c"}}, "", "invalid_request"},
        {{{"code_challenge", std::string(129, 'c')}}, "", "invalid_request"},
        {{{"code_challenge", base64url.substr(1) + "="}}, "", "invalid_request"},
        {{{"code_challenge", base64url.substr(1) + "+"}}, "", "invalid_request"},
        {{}, "&scope=twenty:read&scope=twenty:read", "invalid_request"}, // 25
        {{}, "&response_type=code", "invalid_request"},
        {{}, "&code_challenge=" + base64url, "invalid_request"},
        {{}, "&prompt=consent&prompt=none", "invalid_request"},
        {{{"resource", "https://other.example/mcp"}}, "", "invalid_target"}, // 26
        {{{"resource", "https://crm.example.com/mcp#x"}}, "", "invalid_target"},
        {{{"resource", "https://crm.example.com/other"}}, "", "invalid_target"},
        {{{"resource", "/mcp"}}, "", "invalid_target"},
        {{{"resource", "https://crm.example.com/mcp"}},
         "&resource=https://other.example/mcp",
         "invalid_target"},
        {{{"scope", "twenty:read \""}}, "", "invalid_scope"}, // 27
        {{{"scope", "twenty\\read"}}, "", "invalid_scope"},
        {{{"scope", "caf\xC3\xA9"}}, "", "invalid_scope"},
    };
    authorization trusted;
    authorization other({elsewhere});
    for (const auto& [changes, extra, code] : rows) {
        const auto r = trusted.get(changes, extra);
        INFO(code << ' ' << extra << ' ' << header(r, "Location"));
        const auto sent = sent_to(r, trusted.redirect);
        CHECK(sent.at("error") == code);
        CHECK(sent.at("state") == "xyz");
        CHECK(sent.at("iss") == public_url);
        CHECK_FALSE(sent.contains("code"));
        CHECK(header(r, "Cache-Control") == "no-store");
        CHECK_FALSE(has_header(r, "Set-Cookie"));
        // Row 29: to a host that nobody knows the same error is a link on a page.
        const auto page = other.get(changes, extra);
        check_page(page);
        CHECK(contains(page.body, "Return to unknown.example.net"));
        CHECK(contains(page.body, "href=\"" + elsewhere + "?error=" + std::string(code) + "&amp;"));
    }
}

TEST_CASE("row 25: a client or return address that comes twice is nobody's, and gets a page",
          "[authorize_negative][plan-25]") {
    authorization a;
    check_page(a.get({}, "&client_id=" + a.client));
    check_page(a.get({}, "&client_id="));
    check_page(a.get({}, "&redirect_uri=" + text::percent_encode(callback)));
    check_page(a.get({}, "&redirect_uri=https://evil.example.net/"));
}

TEST_CASE("rows 26 and 27: what real clients send as resource and scope leads to the page",
          "[authorize_negative][plan-26][plan-27]") {
    authorization a;
    for (const auto* resource :
         {"https://crm.example.com/mcp", "https://crm.example.com/mcp/", "https://crm.example.com",
          "https://CRM.Example.com/mcp", "https://crm.example.com:443/mcp", "-"})
        CHECK(a.get({{"resource", resource}}).status == 200);
    CHECK(a.get({{"resource", "https://crm.example.com/mcp"}},
                "&resource=https://crm.example.com/mcp")
              .status == 200);
    for (const auto* scope : {" offline_access", "claudeai", "openid email profile",
                              "twenty:read  twenty:write", "  ", "-"})
        CHECK(a.get({{"scope", scope}}).status == 200);
}

TEST_CASE("row 28: a state that is not sound is not given back, by any answer",
          "[authorize_negative][plan-25][plan-28]") {
    authorization a;
    const std::pair<std::map<std::string, std::string>, std::string> bad[] = {
        {{{"state", "line\nfeed"}}, ""},
        {{{"state", "caf\xC3\xA9"}}, ""},
        {{{"state", "tab\there"}}, ""},
        {{{"state", std::string(4097, 's')}}, ""},
        {{}, "&state=xyz"}, // 25: it comes twice
    };
    for (const auto& [changes, extra] : bad) {
        const auto sent = sent_to(a.get(changes, extra), a.redirect);
        CHECK(sent.at("error") == "invalid_request");
        CHECK_FALSE(sent.contains("state"));
        CHECK(sent.at("iss") == public_url);
    }
    check_page(a.get({{"state", std::string(9000, 's')}})); // longer than a request may be
}

TEST_CASE("row 28: 4,096 odd characters of state come back byte for byte, whatever the answer",
          "[authorize_negative][plan-28]") {
    std::string state;
    while (state.size() < 4096)
        for (char c = 0x20; c < 0x7F && state.size() < 4096; ++c)
            state += c;
    REQUIRE(contains(state, "%&'()*+,-./"));
    authorization a;
    const std::string redirect(callback);
    const auto target = authorize_target(a.client, callback, {{"state", state}});
    const auto approved = a.e.send(consent_post(a.e, open_consent(a.e, target), approval()));
    CHECK(sent_to(approved, redirect).at("state") == state);
    const auto denied =
        a.e.send(consent_post(a.e, open_consent(a.e, target), {{"action", "deny"}}));
    CHECK(sent_to(denied, redirect).at("state") == state);
    const auto refused = a.get({{"state", state}, {"response_type", "token"}});
    CHECK(sent_to(refused, redirect).at("state") == state);
}

TEST_CASE("row 30: the issuer is in every answer to the client, once and as published",
          "[authorize_negative][plan-30]") {
    authorization a;
    const std::string redirect(callback);
    const auto metadata = a.e.send(make("GET", "/.well-known/oauth-authorization-server"));
    const auto issuer = std::string(body_of(metadata).text("issuer"));
    const auto page = [&] { return open_consent(a.e, authorize_target(a.client)); };
    const auto success = sent_to(a.e.send(consent_post(a.e, page(), approval())), redirect);
    CHECK(success.at("iss") == issuer);
    CHECK(success.at("code") == "twk_THECODE");
    const auto denied =
        sent_to(a.e.send(consent_post(a.e, page(), {{"action", "deny"}})), redirect);
    CHECK(denied.at("iss") == issuer);
    CHECK(denied.at("error") == "access_denied");
    CHECK(sent_to(a.get({{"response_type", "token"}}), redirect).at("iss") == issuer);

    // A return address with a query of its own keeps it, and gains each parameter once.
    authorization own({"https://claude.ai/cb?tenant=1"});
    const auto kept = own.e.send(consent_post(
        own.e, open_consent(own.e, authorize_target(own.client, own.redirect)), approval()));
    CHECK(header(kept, "Location") ==
          own.redirect +
              "&code=twk_THECODE&state=st%2Fa%2Bte%3D1&iss=https%3A%2F%2Fcrm.example.com");
}

TEST_CASE("row 32: HEAD looks without a cookie, asks nobody and keeps nothing",
          "[authorize_negative][plan-32]") {
    authorization a;
    const auto r = a.get({}, {}, "HEAD");
    CHECK(r.status == 200);
    CHECK(a.e.actors.key_checks == 0);
    CHECK(a.e.actors.grants.empty());
    CHECK(a.get({{"redirect_uri", elsewhere}}, {}, "HEAD").status == 400);
    CHECK(a.get({{"response_type", "token"}}, {}, "HEAD").status == 303);
}

TEST_CASE("a request that no browser would send is refused before its client matters",
          "[authorize_negative]") {
    authorization a;
    for (const auto* broken : {"&x=%zz", "&x=%", "&x=%00", "&x=%ff", "&x=%C3"})
        check_page(a.get({}, broken));
    // Unknown parameters are nobody's business (RFC 6749 §3.1).
    CHECK(a.get({}, "&nonce=n&login_hint=a%40b.c&access_type=offline&api_key=x").status == 200);
}
