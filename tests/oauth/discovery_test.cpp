#include "base/json.hpp"
#include "oauth/error.hpp"
#include "oauth/identity.hpp"
#include "oauth/metadata.hpp"
#include "oauth/scope.hpp"

#include "tests/oauth/support.hpp"
#include "tests/support/catch.hpp"

#include <set>
#include <string>
#include <vector>

using oauth_test::here;

TEST_CASE("the identity comes from PUBLIC_URL alone and has no trailing slash",
          "[discovery][plan-3]") {
    for (const auto* url : {"https://crm.example.com", "https://crm.example.com/",
                            "HTTPS://CRM.Example.com", "https://crm.example.com:443"}) {
        INFO(url);
        const auto identity = oauth::make_identity(url);
        REQUIRE(identity.ok());
        CHECK(identity->issuer == "https://crm.example.com");
        CHECK(identity->resource == "https://crm.example.com/mcp");
    }
    CHECK(oauth::make_identity("http://localhost:8787")->issuer == "http://localhost:8787");
    for (const auto* url :
         {"", "crm.example.com", "ftp://crm.example.com", "https://", "https://crm.example.com/x",
          "https://crm.example.com?x", "https://crm.example.com#", "https://u@crm.example.com",
          "https://crm.example.com:0", "https://crm .example.com"}) {
        INFO(url);
        CHECK_FALSE(oauth::make_identity(url).ok());
    }
}

TEST_CASE("row 26: every usual spelling of our resource is ours, and nothing else is",
          "[discovery][plan-26]") {
    for (const auto* value :
         {"https://crm.example.com", "https://crm.example.com/", "https://crm.example.com/mcp",
          "https://crm.example.com/mcp/", "https://CRM.example.COM/mcp",
          "https://crm.example.com:443/mcp", "HTTPS://crm.example.com/mcp"}) {
        INFO(value);
        CHECK(oauth::canonical_resource(here(), value) == "https://crm.example.com/mcp");
    }
    for (const auto* value :
         {"", "/mcp", "mcp", "https://other.example.com/mcp", "http://crm.example.com/mcp",
          "https://crm.example.com:8443/mcp", "https://crm.example.com/mcp#",
          "https://crm.example.com/mcp?x=1", "https://crm.example.com/mcpfoo",
          "https://crm.example.com/MCP", "https://crm.example.com//mcp",
          "https://u@crm.example.com/mcp", "https://crm.example.com.evil.com/mcp"}) {
        INFO(value);
        CHECK_FALSE(oauth::canonical_resource(here(), value));
    }
}

TEST_CASE("row 3: the authorization server's document is complete and holds no null",
          "[discovery][plan-3]") {
    const auto text = oauth::authorization_server_metadata(here(), true);
    const auto document = json::parse(text);
    REQUIRE(document.ok());
    CHECK(document->text("issuer") == "https://crm.example.com");
    CHECK(document->text("authorization_endpoint") == "https://crm.example.com/authorize");
    CHECK(document->text("token_endpoint") == "https://crm.example.com/token");
    CHECK(document->text("registration_endpoint") == "https://crm.example.com/register");
    CHECK(document->text("revocation_endpoint") == "https://crm.example.com/revoke");
    CHECK(json::dump(*document->find("scopes_supported")) ==
          R"(["twenty:read","twenty:write","offline_access"])");
    CHECK(json::dump(*document->find("code_challenge_methods_supported")) == R"(["S256"])");
    CHECK(json::dump(*document->find("token_endpoint_auth_methods_supported")) ==
          R"(["none","client_secret_basic","client_secret_post"])");
    CHECK(document->flag("authorization_response_iss_parameter_supported"));
    CHECK(document->flag("client_id_metadata_document_supported"));
    const auto without = json::parse(oauth::authorization_server_metadata(here(), false));
    CHECK_FALSE(without->flag("client_id_metadata_document_supported", true));
    CHECK(text.find("null") == std::string::npos);
}

TEST_CASE("row 1: the resource's document names /mcp and never offline_access", "[discovery]") {
    const auto text = oauth::protected_resource_metadata(here());
    const auto document = json::parse(text);
    REQUIRE(document.ok());
    CHECK(document->text("resource") == "https://crm.example.com/mcp");
    CHECK(json::dump(*document->find("authorization_servers")) == R"(["https://crm.example.com"])");
    CHECK(text.find("offline_access") == std::string::npos);
    const auto slashed = json::parse(oauth::protected_resource_metadata(here(), true));
    REQUIRE(slashed.ok());
    CHECK(slashed->text("resource") == "https://crm.example.com/mcp/");
}

TEST_CASE("row 91: a challenge without a token carries no error, the others do",
          "[discovery][plan-91]") {
    const auto bare = oauth::challenge_header(here(), oauth::challenge::no_token);
    CHECK(bare == "Bearer realm=\"twenty-mcp\", resource_metadata=\"https://crm.example.com/"
                  ".well-known/oauth-protected-resource/mcp\", scope=\"twenty:read twenty:write\"");
    for (const auto& [reason, code] : std::vector<std::pair<oauth::challenge, std::string>>{
             {oauth::challenge::invalid_token, "invalid_token"},
             {oauth::challenge::invalid_request, "invalid_request"},
             {oauth::challenge::insufficient_scope, "insufficient_scope"}}) {
        const auto header = oauth::challenge_header(here(), reason);
        CHECK(header.find("error=\"" + code + "\"") != std::string::npos);
        CHECK(header.find("resource_metadata=\"https://crm") != std::string::npos);
    }
}

TEST_CASE("the challenge of /mcp/ leads to the document whose resource has the slash",
          "[discovery]") {
    const auto header = oauth::challenge_header(here(), oauth::challenge::no_token, true);
    CHECK(header.find("resource_metadata=\"https://crm.example.com/.well-known/"
                      "oauth-protected-resource/mcp/\"") != std::string::npos);
}

TEST_CASE("an origin is written in one way, and what is more than an origin is none",
          "[discovery]") {
    CHECK(oauth::canonical_origin("HTTPS://Crm.Example.com:443/") == "https://crm.example.com");
    CHECK(oauth::canonical_origin("http://localhost:80") == "http://localhost");
    CHECK(oauth::canonical_origin("http://[::1]:8787") == "http://[::1]:8787");
    for (const auto* bad : {"", "crm.example.com", "https://a%2eb", "https://a/b", "https://a?b",
                            "https://a#b", "https://u@a", "https://a:0", "ftp://a"}) {
        INFO(bad);
        CHECK_FALSE(oauth::canonical_origin(bad));
    }
}

TEST_CASE("row 27: what clients send as scope is understood, what is malformed is refused",
          "[discovery]") {
    const auto parse = [](std::string_view text) { return *oauth::parse_scope(text); };
    CHECK(parse(" offline_access") == oauth::scope_set{false, false, true});
    CHECK(parse("claudeai").none());
    CHECK(parse("openid email profile").none());
    CHECK(parse("twenty:read  twenty:write") == oauth::scope_set{true, true, false});
    CHECK(parse("").none());
    for (const auto* text : {"twenty:read\"", "a\\b", "a\tb", "a\nb", "caf\xC3\xA9"}) {
        const auto parsed = oauth::parse_scope(text);
        REQUIRE_FALSE(parsed.ok());
        CHECK(parsed.failure().code == errc::invalid_scope);
    }
    CHECK(oauth::to_string({true, true, true}) == "twenty:read twenty:write offline_access");
}

TEST_CASE("a scope is widened to both permissions only when none was named, and never later",
          "[discovery]") {
    using oauth::scope_set;
    CHECK(oauth::requested_scope({}) == scope_set{true, true, false});
    CHECK(oauth::requested_scope({false, false, true}) == scope_set{true, true, true});
    CHECK(oauth::requested_scope({true, false, false}) == scope_set{true, false, false});
    CHECK(oauth::requested_scope({false, true, false}) == scope_set{true, true, false});

    const scope_set both{true, true, true};
    CHECK(*oauth::granted_scope(both, false) == scope_set{true, false, true});
    CHECK(*oauth::granted_scope(both, true) == both);
    const auto refused = oauth::granted_scope({true, false, false}, true); // row 49
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.failure().code == errc::not_allowed);

    // row 72
    const scope_set read{true, false, false};
    CHECK(oauth::narrowed_scope(both, read) == scope_set{true, false, true});
    CHECK(oauth::narrowed_scope(read, both) == read);
    CHECK(oauth::narrowed_scope(read, scope_set{false, true, false}) == read);
    CHECK(oauth::narrowed_scope(both, scope_set{}) == both);
    CHECK(oauth::narrowed_scope(both, scope_set{false, false, true}) == both);
    CHECK(oauth::narrowed_scope(both, std::nullopt) == both);
}

TEST_CASE("transient failures never look like the end of a login", "[discovery][plan-131]") {
    for (const auto code : {errc::busy, errc::unavailable, errc::internal, errc::rate_limited,
                            errc::upstream_down, errc::upstream_timeout, errc::cancelled}) {
        const auto answer = oauth::error_answer({code, "private words", "detail"});
        CHECK((answer.status == 503 || answer.status == 429));
        CHECK(answer.body.find("temporarily_unavailable") != std::string::npos);
        CHECK(answer.body.find("private words") == std::string::npos);
        REQUIRE(answer.retry_after);
        CHECK(answer.retry_after->count() >= 1);
    }
    auto slow = error{errc::rate_limited, ""};
    slow.retry_after = std::chrono::milliseconds(1500);
    CHECK(oauth::error_answer(slow).retry_after == std::chrono::seconds(2));
}

TEST_CASE("row 58: the Basic challenge is sent exactly when Basic was tried",
          "[discovery][plan-58]") {
    const error failed{errc::invalid_client, "Unknown client"};
    CHECK(oauth::error_answer(failed).status == 401);
    CHECK(oauth::error_answer(failed).www_authenticate.empty());
    CHECK(oauth::error_answer(failed, "bAsIc abc").www_authenticate ==
          "Basic realm=\"twenty-mcp\"");
    CHECK(oauth::error_answer({errc::invalid_grant, "x"}, "Basic abc").www_authenticate.empty());
}

TEST_CASE("an error body holds only the characters that RFC 6749 allows", "[discovery]") {
    CHECK(oauth::error_body("invalid_request", "a\"b\\c\nd\xC3\xA4") ==
          R"({"error":"invalid_request","error_description":"a'b'c'd''"})");
}
