#include "tests/web/endpoint_fixture.hpp"

using namespace endpoint_test;

TEST_CASE("an unknown path is a JSON 404 and a wrong method a 405 that names the right ones",
          "[router]") {
    endpoints e;
    const auto missing = e.send(make("GET", "/nothing/here"));
    CHECK(missing.status == 404);
    CHECK(missing.body == R"({"error":"not_found"})");
    CHECK(header(missing, "Content-Type") == "application/json");

    for (const auto& place : web::routes()) {
        if (place.whole) continue; // it has a table of its own
        INFO(place.path);
        const auto wrong = e.send(make("PATCH", std::string(place.path)));
        CHECK(wrong.status == 405);
        for (const auto& row : place.methods)
            if (row.answer) CHECK(contains(header(wrong, "Allow"), row.method));
    }
}

TEST_CASE("no path has aliases: suffixes, prefixes and other discovery documents are 404",
          "[router]") {
    endpoints e;
    for (const auto* path :
         {"/mcpfoo", "/token/", "/.well-known/oauth-protected-resource/other",
          "/.well-known/oauth-authorization-server/mcp", "/.well-known/openid-configuration",
          "/.well-known/openid-configuration/mcp", "/mcp/.well-known/openid-configuration",
          "/introspect", "/administration"}) {
        INFO(path);
        CHECK(e.send(make("GET", path)).status == 404);
    }
}

TEST_CASE("a preflight is answered before any authentication, with the headers of its row",
          "[router]") {
    endpoints e;
    struct row {
        const char* path;
        std::string_view methods;
        std::string_view origin;
    };
    for (const auto& [path, methods, origin] :
         {row{"/mcp", "POST, GET, HEAD, DELETE, OPTIONS", "https://claude.ai"},
          row{"/token", "POST, OPTIONS", "*"}, row{"/register", "POST, OPTIONS", "*"},
          row{"/revoke", "POST, OPTIONS", "*"},
          row{"/.well-known/oauth-protected-resource", "GET, HEAD, OPTIONS", "*"},
          row{"/.well-known/oauth-protected-resource/mcp", "GET, HEAD, OPTIONS", "*"},
          row{"/.well-known/oauth-authorization-server", "GET, HEAD, OPTIONS", "*"}}) {
        INFO(path);
        const auto r = e.send(make("OPTIONS", path,
                                   {{"origin", "https://claude.ai"},
                                    {"access-control-request-method", "POST"},
                                    {"access-control-request-headers", "mcp-protocol-version"}}));
        CHECK(r.status == 204);
        CHECK(r.body.empty());
        CHECK(header(r, "Access-Control-Allow-Origin") == origin);
        CHECK(header(r, "Access-Control-Allow-Methods") == methods);
        CHECK(contains(header(r, "Access-Control-Allow-Headers"), "Authorization"));
        CHECK(contains(header(r, "Access-Control-Allow-Headers"), "MCP-Protocol-Version"));
        CHECK(header(r, "Access-Control-Max-Age") == "7200");
        CHECK_FALSE(has_header(r, "Access-Control-Allow-Credentials"));
    }
}

TEST_CASE("scripts can read the answers of the shared endpoints, refusals included", "[router]") {
    endpoints e;
    const auto token = e.send(make("POST", "/token", {{"origin", "https://anything.example"}}));
    CHECK(token.status == 400);
    CHECK(header(token, "Access-Control-Allow-Origin") == "*");
    CHECK(header(token, "Access-Control-Expose-Headers") == "WWW-Authenticate, Retry-After");
    CHECK(header(token, "Cache-Control") == "no-store");

    const auto wrong = e.send(make("GET", "/token", {{"origin", "https://anything.example"}}));
    CHECK(wrong.status == 405);
    CHECK(header(wrong, "Access-Control-Allow-Origin") == "*");

    const auto mcp = e.send(make("POST", "/mcp", {{"origin", "https://claude.ai"}}));
    CHECK(mcp.status == 401);
    CHECK(header(mcp, "Access-Control-Allow-Origin") == "https://claude.ai");
    CHECK(header(mcp, "Vary") == "Origin");
    CHECK(contains(header(mcp, "Access-Control-Expose-Headers"), "WWW-Authenticate"));
    CHECK(contains(header(mcp, "Access-Control-Expose-Headers"), "Mcp-Session-Id"));
}

TEST_CASE("pages and the admin API never carry a CORS header", "[router][plan-8]") {
    endpoints e;
    for (const auto* path :
         {"/authorize", "/", "/healthz", "/readyz", "/admin/primer", "/static/consent.css"})
        for (const auto* method : {"GET", "POST", "OPTIONS"}) {
            INFO(method << ' ' << path);
            const auto r = e.send(make(method, path, {{"origin", "https://claude.ai"}}));
            for (const auto& [name, value] : r.headers)
                CHECK_FALSE(text::starts_with_ci(name, "access-control"));
        }
}

TEST_CASE("only our own host names are answered, and no document repeats the Host header",
          "[router][plan-10]") {
    endpoints e;
    for (const auto& place : web::routes()) {
        INFO(place.path);
        const auto r =
            e.send(make("GET", std::string(place.path),
                        {{"host", "evil.example.net"}, {"x-forwarded-host", "evil.example.net"}}));
        if (place.path == "/metrics")
            CHECK(r.status ==
                  401); // whoever scrapes it comes by an address of its own, with a token
        else
            CHECK(r.status == (place.any_host ? 200 : 421));
        CHECK_FALSE(contains(r.body, "evil"));
    }
    for (const auto* good : {"crm.example.com", "CRM.example.com:443", "crm.example.com:8443"})
        CHECK(e.send(make("GET", "/", {{"host", good}})).status == 200);
    for (const auto* bad : {"crm.example.com.evil.net", "localhost", "[::1]:80", ""})
        CHECK(e.send(make("GET", "/", {{"host", bad}})).status == 421);

    endpoints local("http://localhost:8787");
    for (const auto* good : {"localhost:8787", "127.0.0.1:8787", "127.0.0.2", "[::1]:8787"})
        CHECK(local.send(make("GET", "/", {{"host", good}})).status == 200);
    CHECK(local.send(make("GET", "/", {{"host", "evil.example.net:8787"}})).status == 421);
    CHECK(local.send(make("GET", "/", {{"host", "127.evil.example.net"}})).status == 421);
}

TEST_CASE("the log says which host came to a strange name, and which would do", "[router]") {
    endpoints e;
    const auto logged = [&](const std::string& host) {
        const auto r = e.send(make("GET", "/", {{"host", host}}));
        REQUIRE(r.status == 421);
        CHECK(r.body.find("crm.example.com") == std::string::npos);
        std::string out;
        for (const auto& [name, value, is_number] : r.log)
            out += std::string(name) + "=" + value + " ";
        return out;
    };
    CHECK(logged("other.example:8443") == "host=other.example:8443 expected=crm.example.com ");
    CHECK(logged("") == "host= expected=crm.example.com ");
    CHECK(logged("a\u202Eb" + std::string(500, 'x')).size() < 150);
    CHECK(logged("a\u202Eb").find("\u202E") == std::string::npos);
}

TEST_CASE("two Authorization headers are refused on every path before any endpoint sees them",
          "[router][plan-128]") {
    endpoints e;
    const http::headers two{{"authorization", "Bearer " + std::string(admin_token)},
                            {"authorization", "Bearer b"}};
    for (const auto& place : web::routes())
        for (const auto& row : place.methods) {
            if (!row.answer) continue;
            INFO(row.method << ' ' << place.path);
            const auto r = e.send(make(std::string(row.method), std::string(place.path), two));
            CHECK(r.status == 400);
            CHECK(has_header(r, "WWW-Authenticate") == (place.sharing == web::sharing::mcp));
        }
}

TEST_CASE("/mcp refuses a foreign Origin before it looks at the credentials",
          "[router][plan-100]") {
    endpoints e;
    e.s.origins.push_back("https://tools.example.org");
    for (const auto* bad : {"https://evil.example.net", "null", "", "https://claude.ai.evil.net",
                            "http://localhost.evil.net", "http://user@localhost:1",
                            "https://claude.ai:444", "file://localhost"}) {
        INFO(bad);
        const auto r = e.send(make("POST", "/mcp", {{"origin", bad}}));
        CHECK(r.status == 403);
        CHECK_FALSE(has_header(r, "WWW-Authenticate"));
        CHECK_FALSE(has_header(r, "Access-Control-Allow-Origin"));
        CHECK(e.send(make("OPTIONS", "/mcp", {{"origin", bad}})).status == 403);
    }
    for (const auto* good :
         {"https://crm.example.com", "https://claude.ai", "https://chatgpt.com",
          "http://localhost:6274", "http://127.0.0.1:1", "https://tools.example.org"}) {
        INFO(good);
        CHECK(e.send(make("POST", "/mcp", {{"origin", good}})).status == 401);
    }
    CHECK(e.send(make("POST", "/mcp")).status == 401); // no browser: no Origin
}

TEST_CASE("every answer is nosniff and says how long it may be kept", "[router]") {
    endpoints e;
    for (const auto& place : web::routes()) {
        INFO(place.path);
        const auto r = e.send(make("GET", std::string(place.path)));
        CHECK(header(r, "X-Content-Type-Options") == "nosniff");
        CHECK(has_header(r, "Cache-Control"));
    }
}

TEST_CASE("the start page names the connector, health needs nothing, readiness asks the store",
          "[router]") {
    endpoints e;
    const auto start = e.send(make("GET", "/"));
    CHECK(start.status == 200);
    CHECK(contains(start.body, "https://crm.example.com/mcp"));

    CHECK(e.send(make("GET", "/healthz")).body == "ok\n");
    CHECK(e.send(make("HEAD", "/healthz")).status == 200);

    CHECK(e.send(make("GET", "/readyz")).body ==
          R"({"ready":true,"twenty":"reachable","sessions":0})");
    // Twenty decides nothing: a restart of ours does not mend it.
    e.actors.health->twenty = false;
    CHECK(e.send(make("GET", "/readyz")).status == 200);
    CHECK(contains(e.send(make("GET", "/readyz")).body, R"("twenty":"unreachable")"));
    e.actors.health = actors::status{};
    e.actors.health->why = "the disk of the data directory is nearly full";
    const auto broken = e.send(make("GET", "/readyz"));
    CHECK(broken.status == 503);
    CHECK(contains(broken.body, R"("why":"the disk of the data directory is nearly full")"));
    CHECK(contains(broken.body, R"("twenty":"not asked yet")"));
    CHECK(has_header(broken, "Retry-After"));
    e.actors.health = error{errc::unavailable, "closing", "the store thread is gone"};
    const auto closing = e.send(make("GET", "/readyz"));
    CHECK(closing.status == 503);
    CHECK_FALSE(contains(closing.body, "thread"));
}

TEST_CASE("each path has its own body limit, and unknown paths a small one", "[router]") {
    const endpoints e;
    const auto limit = web::make_body_limit(e.s);
    CHECK(limit(make("POST", "/mcp")) == 1024 * 1024);
    CHECK(limit(make("POST", "/token")) == 16 * 1024);
    CHECK(limit(make("POST", "/authorize")) == 64 * 1024);
    const http::headers admin{{"authorization", "Bearer " + std::string(admin_token)}};
    CHECK(limit(make("PUT", "/admin/primer", admin)) == 100'000);
    CHECK(limit(make("POST", "/admin/primer/rollback", admin)) == 16 * 1024);
    CHECK(limit(make("PUT", "/admin/primer")) == std::nullopt); // it is not read at all
    // Room for an initialize message, so that the answer is 405 and not 413.
    for (const auto* path : {"/", "/healthz", "/.well-known/oauth-protected-resource"})
        CHECK(limit(make("POST", path)) == 16 * 1024);
    CHECK(limit(make("POST", "/nothing")) == 16 * 1024);
}

TEST_CASE("a question that the actors cannot answer becomes a status that says whether to wait",
          "[router]") {
    endpoints e;
    const std::pair<errc, int> expected[] = {
        {errc::busy, 503}, {errc::unavailable, 503}, {errc::internal, 500}, {errc::too_large, 413}};
    for (const auto& [code, status] : expected) {
        e.actors.on_call = [code = code](const auto&) {
            return error{code, "try again", "private words"};
        };
        const auto r =
            e.send(make("POST", "/mcp",
                        {{"authorization", "Bearer twa_x"}, {"content-type", "application/json"}},
                        R"({"jsonrpc":"2.0","id":1,"method":"ping"})"));
        CHECK(r.status == status);
        CHECK(has_header(r, "Retry-After") == (status == 503));
        CHECK_FALSE(contains(r.body, "private words"));
    }
}
