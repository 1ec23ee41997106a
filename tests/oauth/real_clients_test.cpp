// How the clients that people use introduce themselves, and where they then want to return to:
// each shape as that client sends it.
#include "base/crypto.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "oauth/authorize.hpp"
#include "oauth/client.hpp"
#include "oauth/client_document.hpp"
#include "oauth/known_clients.hpp"

#include "tests/oauth/support.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using oauth_test::key;

namespace {

struct real_client {
    std::string name;
    std::string metadata;                // a registration, or a document with its client_id
    std::vector<std::string> returns_to; // in authorization requests
};

const std::vector<real_client>& real_clients() {
    static const std::vector<real_client> table{
        {"Claude, registered",
         R"({"client_name":"Claude","redirect_uris":["https://claude.ai/api/mcp/auth_callback"],
            "grant_types":["authorization_code","refresh_token"],"response_types":["code"],
            "token_endpoint_auth_method":"client_secret_post","scope":"claudeai"})",
         {"https://claude.ai/api/mcp/auth_callback"}},
        {"Claude, by its document",
         R"({"client_id":"https://claude.ai/oauth/mcp-oauth-client-metadata","client_name":"Claude",
            "redirect_uris":["https://claude.ai/api/mcp/auth_callback",
                             "https://claude.com/api/mcp/auth_callback"],
            "grant_types":["authorization_code","refresh_token",
                           "urn:ietf:params:oauth:grant-type:jwt-bearer"],
            "token_endpoint_auth_method":"none"})",
         {"https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"}},
        {"Claude Code, registered",
         R"({"client_name":"Claude Code (my twenty) 2","redirect_uris":["http://localhost:51812/callback"],
            "grant_types":["authorization_code","refresh_token"],"response_types":["code"],
            "token_endpoint_auth_method":"none","application_type":"native"})",
         {"http://localhost:51812/callback", "http://localhost:60001/callback"}},
        {"Claude Code, by its document",
         R"({"client_id":"https://claude.ai/oauth/claude-code-client-metadata",
            "client_name":"Claude Code","grant_types":["authorization_code","refresh_token"],
            "redirect_uris":["http://localhost/callback","http://127.0.0.1/callback"],
            "token_endpoint_auth_method":"none"})",
         {"http://localhost:51812/callback", "http://127.0.0.1:49152/callback"}},
        {"ChatGPT, by its document",
         R"({"client_id":"https://chatgpt.com/oauth/abc123/client.json","client_name":"ChatGPT",
            "redirect_uris":["https://chatgpt.com/connector/oauth/abc123"],
            "grant_types":["authorization_code","refresh_token"],
            "token_endpoint_auth_method":"private_key_jwt",
            "token_endpoint_auth_methods_supported":["private_key_jwt","none"],
            "jwks_uri":"https://chatgpt.com/oauth/jwks.json","response_types":["code"]})",
         {"https://chatgpt.com/connector/oauth/abc123"}},
        {"ChatGPT, registered",
         R"({"client_name":"ChatGPT","redirect_uris":["https://chatgpt.com/connector/oauth/abc123",
            "https://chatgpt.com/connector_platform_oauth_redirect"],
            "token_endpoint_auth_method":"none"})",
         {"https://chatgpt.com/connector/oauth/abc123",
          "https://chatgpt.com/connector_platform_oauth_redirect"}},
        {"Codex",
         R"({"client_name":"Codex","redirect_uris":["http://127.0.0.1:1455/callback/abc123"],
            "token_endpoint_auth_method":"none"})",
         {"http://127.0.0.1:1455/callback/abc123", "http://127.0.0.1:40001/callback/abc123"}},
        {"Cursor",
         R"({"client_name":"Cursor","token_endpoint_auth_method":"none","redirect_uris":[
            "cursor://anysphere.cursor-mcp/oauth/callback",
            "https://www.cursor.com/agents/mcp/oauth/callback",
            "http://localhost:8787/callback"]})",
         {"cursor://anysphere.cursor-mcp/oauth/callback",
          "https://www.cursor.com/agents/mcp/oauth/callback", "http://localhost:8787/callback"}},
        {"VS Code",
         R"({"client_name":"Visual Studio Code","token_endpoint_auth_method":"none",
            "grant_types":["authorization_code","refresh_token"],"response_types":["code"],
            "redirect_uris":["https://vscode.dev/redirect","https://insiders.vscode.dev/redirect",
            "http://127.0.0.1/","http://127.0.0.1:33418/"]})",
         {"https://vscode.dev/redirect", "https://insiders.vscode.dev/redirect",
          "http://127.0.0.1:33418/", "http://127.0.0.1:33418", "http://127.0.0.1:50505/"}},
        {"MCP Inspector, web",
         R"({"client_name":"MCP Inspector","token_endpoint_auth_method":"none","redirect_uris":[
            "http://localhost:6274/oauth/callback"]})",
         {"http://localhost:6274/oauth/callback"}},
        {"MCP Inspector, command line",
         R"({"client_name":"MCP Inspector","token_endpoint_auth_method":"none","redirect_uris":[
            "http://127.0.0.1:6276/oauth/callback"]})",
         {"http://127.0.0.1:6276/oauth/callback"}},
        {"mcp-remote",
         R"({"client_name":"MCP CLI Proxy","redirect_uris":["http://localhost:3334/oauth/callback"],
            "token_endpoint_auth_method":"none","grant_types":["authorization_code","refresh_token"],
            "response_types":["code"],"software_id":"2e6dc280","software_version":"0.1"})",
         {"http://localhost:3334/oauth/callback", "http://localhost:9117/oauth/callback"}},
        {"Gemini CLI",
         R"({"client_name":"Gemini CLI MCP Client","token_endpoint_auth_method":"none",
            "redirect_uris":["http://localhost:7777/oauth/callback"]})",
         {"http://localhost:7777/oauth/callback"}},
        {"opencode",
         R"({"client_name":"OpenCode","token_endpoint_auth_method":"none","redirect_uris":[
            "http://127.0.0.1:19876/mcp/oauth/callback"]})",
         {"http://127.0.0.1:19876/mcp/oauth/callback"}},
        {"the official SDK with offline access",
         R"({"client_name":"SDK","redirect_uris":["http://localhost:8090/callback"],
            "token_endpoint_auth_method":"client_secret_post",
            "grant_types":["authorization_code","refresh_token"],"response_types":["code"],
            "scope":"twenty:read twenty:write offline_access"})",
         {"http://localhost:8090/callback"}},
    };
    return table;
}

// As the endpoints come to the client.
oauth::client introduce(const real_client& row) {
    const auto metadata = json::parse(row.metadata);
    REQUIRE(metadata.ok());
    const std::string id(metadata->text("client_id"));
    if (!id.empty()) {
        REQUIRE(oauth::read_document_url(id).ok());
        auto who = oauth::read_client_document(id, row.metadata);
        if (!who) FAIL(who.failure().message);
        return *std::move(who);
    }
    const auto answer = oauth::register_client("application/json", row.metadata, key(), {});
    INFO(answer.body);
    REQUIRE(answer.status == 201);
    auto who = oauth::find_client(json::parse(answer.body).value().text("client_id"), key());
    REQUIRE(who.ok());
    return *std::move(who);
}

} // namespace

TEST_CASE("every real client is known and may return to each address that it really uses",
          "[real_clients]") {
    REQUIRE(crypto::start());
    const auto here = oauth::make_identity("https://crm.example.com").value();
    for (const auto& row : real_clients()) {
        INFO(row.name);
        const auto who = introduce(row);
        CHECK(who.may_refresh);
        for (const auto& target : row.returns_to) {
            INFO(target);
            const auto query = oauth::read_authorize_query(
                "response_type=code&client_id=" + text::percent_encode(who.id) +
                "&redirect_uri=" + text::percent_encode(target) +
                "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
                "&code_challenge_method=S256&prompt=consent&scope=%20offline_access"
                "&resource=https%3A%2F%2Fcrm.example.com%2Fmcp");
            REQUIRE(query.ok());
            const auto outcome = oauth::check_authorize(*query, who, here);
            const auto* asked = std::get_if<oauth::authorization_request>(&outcome);
            REQUIRE(asked);
            CHECK(asked->redirect_uri == target);
            CHECK(asked->kind == who.kind);
        }
    }
}

TEST_CASE("the copies that are known in advance return to the same places as the documents",
          "[real_clients]") {
    for (const auto& row : real_clients()) {
        const std::string id(json::parse(row.metadata).value().text("client_id"));
        const auto pinned = oauth::find_known_document(id);
        if (!pinned) continue;
        INFO(row.name);
        CHECK(pinned->redirect_uris == introduce(row).redirect_uris);
        CHECK(pinned->name == introduce(row).name);
    }
}
