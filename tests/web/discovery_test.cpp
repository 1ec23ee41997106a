// The documents that clients find this server by. Row numbers are those of
// tests/security/plan.txt.
#include "tests/web/endpoint_fixture.hpp"

using namespace endpoint_test;

namespace {

constexpr const char* resource_documents[] = {"/.well-known/oauth-protected-resource",
                                              "/.well-known/oauth-protected-resource/mcp"};
constexpr const char* server_document = "/.well-known/oauth-authorization-server";

} // namespace

TEST_CASE("row 1: the resource's two documents are one, end with /mcp, and offer no offline_access",
          "[discovery][plan-1]") {
    endpoints e;
    std::vector<std::string> bodies;
    for (const auto* path : resource_documents) {
        const auto r = e.send(make("GET", path));
        CHECK(r.status == 200);
        CHECK(header(r, "Content-Type") == "application/json");
        CHECK(body_of(r).text("resource") == "https://crm.example.com/mcp");
        CHECK(json::dump(*body_of(r).find("authorization_servers")) ==
              R"(["https://crm.example.com"])");
        CHECK_FALSE(contains(r.body, "offline_access"));
        bodies.push_back(r.body);
    }
    CHECK(bodies[0] == bodies[1]);
}

TEST_CASE("rows 2 and 4: every other place where a client may look is a 404 in JSON",
          "[discovery][plan-2][plan-4]") {
    endpoints e;
    for (const auto* path :
         {"/.well-known/oauth-protected-resource/other", "/.well-known/oauth-protected-resource/",
          "/.well-known/oauth-protected-resource/mcp/x",
          "/.well-known/oauth-authorization-server/mcp", "/.well-known/oauth-authorization-server/",
          "/.well-known/openid-configuration", "/.well-known/openid-configuration/mcp",
          "/mcp/.well-known/openid-configuration", "/mcp/.well-known/oauth-protected-resource",
          "/introspect", "/jwks", "/userinfo"})
        for (const auto* method : {"GET", "HEAD", "POST"}) {
            INFO(method << ' ' << path);
            const auto r = e.send(make(method, path));
            CHECK(r.status == 404);
            CHECK(header(r, "Content-Type") == "application/json");
            CHECK(body_of(r).text("error") == "not_found");
        }
}

TEST_CASE("row 3: the issuer is the public URL to the letter, and no member is null",
          "[discovery][plan-3]") {
    for (const auto* url : {"https://crm.example.com", "https://crm.example.com/"}) {
        endpoints e(url);
        e.host = "crm.example.com";
        const auto r = e.send(make("GET", server_document));
        CHECK(r.status == 200);
        CHECK(body_of(r).text("issuer") == "https://crm.example.com");
        CHECK_FALSE(contains(r.body, "null"));
        const auto document = body_of(r);
        for (const auto& [name, value] : *document.if_object())
            if (name.ends_with("_endpoint"))
                CHECK(value.if_string()->starts_with("https://crm.example.com/"));
    }
}

TEST_CASE("row 9: documents are read and nothing else, and the refusal says so",
          "[discovery][plan-9]") {
    endpoints e;
    for (const auto* path : {resource_documents[0], resource_documents[1], server_document})
        for (const auto* method : {"POST", "PUT", "DELETE", "PATCH"}) {
            const auto r = e.send(make(method, path));
            CHECK(r.status == 405);
            CHECK(header(r, "Allow") == "GET, HEAD, OPTIONS");
        }
}

TEST_CASE("row 10: no document or challenge says what a request claims its host to be",
          "[discovery][plan-10]") {
    endpoints e;
    const http::headers claims{{"x-forwarded-host", "evil.example.net"},
                               {"x-forwarded-proto", "http"},
                               {"x-forwarded-prefix", "/evil"},
                               {"x-original-host", "evil.example.net"},
                               {"forwarded", "host=evil.example.net;proto=http"}};
    for (const auto* path : {resource_documents[0], resource_documents[1], server_document}) {
        const auto plain = e.send(make("GET", path));
        CHECK(e.send(make("GET", path, claims)).body == plain.body);
        for (const auto* host : {"evil.example.net", "crm.example.com.evil.net", "evil.net:443",
                                 "crm.example.com@evil.net"}) {
            auto headers = claims;
            headers.emplace_back("host", host);
            const auto r = e.send(make("GET", path, headers));
            CHECK(r.status == 421);
            CHECK_FALSE(contains(r.body, "evil"));
        }
    }
    const auto challenge = e.send(make("POST", "/mcp", claims));
    CHECK(challenge.status == 401);
    for (const auto& [name, value] : challenge.headers)
        CHECK_FALSE(contains(value, "evil"));
    const auto page = e.send(make("GET", authorize_target(register_client(e)), claims));
    CHECK(page.status == 200);
    CHECK_FALSE(contains(page.body, "evil"));
}

TEST_CASE("offline_access is offered by the authorization server's document alone",
          "[discovery][plan-127]") {
    endpoints e;
    CHECK(contains(
        json::dump(*body_of(e.send(make("GET", server_document))).find("scopes_supported")),
        "\"offline_access\""));
    CHECK_FALSE(
        contains(header(e.send(make("POST", "/mcp")), "WWW-Authenticate"), "offline_access"));
}
