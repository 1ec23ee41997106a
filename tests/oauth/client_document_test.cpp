// Clients with a metadata document of their own. Numbers are rows of the negative-test plan.
#include "oauth/client_document.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "oauth/client.hpp"
#include "oauth/known_clients.hpp"
#include "oauth/redirect_uri.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;

const std::string url = "https://client.example.com/oauth/client.json";

json::value document() {
    return json::make({{"client_id", url},
                       {"client_name", "An example"},
                       {"redirect_uris", json::list({"https://client.example.com/cb"})}});
}
std::string document_with(std::string_view name, json::value v) {
    auto changed = document();
    changed.if_object()->set(std::string(name), std::move(v));
    return json::dump(changed);
}
std::string without(std::string_view name) {
    auto changed = document();
    changed.if_object()->erase(name);
    return json::dump(changed);
}

} // namespace

TEST_CASE("a client id that is a plain https URL is cut into host and target",
          "[client_document]") {
    struct row {
        std::string id, host, target;
    };
    for (const auto& [id, host, target] : std::vector<row>{
             {url, "client.example.com", "/oauth/client.json"},
             {"https://client.example.com/", "client.example.com", "/"},
             {"https://client.example.com:443/c", "client.example.com", "/c"},
             {"HTTPS://Client.Example.com/C", "client.example.com", "/C"},
             {"https://xn--mnchen-3ya.example/c?v=2", "xn--mnchen-3ya.example", "/c?v=2"},
             {"https://a.example/.well-known/client", "a.example", "/.well-known/client"},
             {"https://a.example/...", "a.example", "/..."},
             {"https://a.example/a%20b", "a.example", "/a%20b"},
         }) {
        INFO(id);
        const auto read = oauth::read_document_url(id);
        REQUIRE(read.ok());
        CHECK(read->url == id);
        CHECK(read->host == host);
        CHECK(read->target == target);
        CHECK(oauth::kind_of(id) == oauth::client_kind::metadata_document);
        CHECK(oauth::document_host(id) == host);
    }
    const auto longest = "https://a.example/" + std::string(512 - 18, 'a');
    CHECK(oauth::read_document_url(longest).ok());
}

// row 118
TEST_CASE("row 118: a client id that could mean another address is refused as the raw string",
          "[client_document][plan-118]") {
    for (const std::string id : {
             "",
             "https://",
             "https:///c",
             "https:client.example.com/c",
             "http://client.example.com/c",
             "https://client.example.com",
             "https://client.example.com?c",
             "https://client.example.com/a/./c",
             "https://client.example.com/a/../c",
             "https://client.example.com/..",
             "https://client.example.com/%2e%2E/c",
             "https://client.example.com/.%2e",
             "https://client.example.com/%2e/c",
             "https://client.example.com/c%",
             "https://client.example.com/c%0",
             "https://client.example.com/c%zz",
             "https://user@client.example.com/c",
             "https://user:pw@client.example.com/c",
             "https://@client.example.com/c",
             "https://client.example.com/c#",
             "https://client.example.com/c#fragment",
             "https://client.example.com:22/c",
             "https://client.example.com:8443/c",
             "https://client.example.com:0443/c",
             "https://client.example.com:/c",
             "https://client.example.com:4430/c",
             "https://127.0.0.1/c",
             "https://10.1.2.3/c",
             "https://8.8.8.8/c",
             "https://0x7f.1/c",
             "https://1.0x7f/c",
             "https://127.1/c",
             "https://2130706433/c",
             "https://[::1]/c",
             "https://[fd00::1]/c",
             "https://[::ffff:127.0.0.1]/c",
             "https://localhost/c",
             "https://localhost./c",
             "https://client.example.com./c",
             "https://.example.com/c",
             "https://a..example.com/c",
             "https://-a.example.com/c",
             "https://a_b.example.com/c",
             "https://*.example.com/c",
             "https://client.example%2ecom/c",
             "https://client.example.com/a b",
             " https://client.example.com/c",
             "https://client.example.com/c\n",
             "https://client.example.com/c\t",
             "https://client.example.com\\@evil.example/c",
             "https://client.example.com/\"c",
             "https://client.example.com/\xC3\xA4",
             "https://b\xC3\xBC"
             "cher.example/c",
         }) {
        INFO(id);
        const auto read = oauth::read_document_url(id);
        REQUIRE_FALSE(read.ok());
        CHECK(read.failure().code == errc::bad_request);
    }
    CHECK_FALSE(oauth::read_document_url("https://a.example/" + std::string(513 - 18, 'a')).ok());
    CHECK_FALSE(oauth::read_document_url(std::string("https://a.example/\0", 19)).ok());
    CHECK_FALSE(oauth::read_document_url("https://" + std::string(64, 'a') + ".example/c").ok());
}

TEST_CASE("a document becomes a public client with its name and redirect URIs",
          "[client_document]") {
    const auto who = oauth::read_client_document(url, json::dump(document()));
    REQUIRE(who.ok());
    CHECK(who->id == url);
    CHECK(who->kind == oauth::client_kind::metadata_document);
    CHECK(who->name == "An example");
    CHECK(who->redirect_uris == std::vector<std::string>{"https://client.example.com/cb"});
    CHECK(who->authentication == oauth::auth_method::none);
    CHECK(who->may_refresh);
    CHECK(who->own_secret.empty());
}

TEST_CASE("the largest document that is taken and the smallest that is not differ by one",
          "[client_document]") {
    const auto padded = [](std::size_t bytes) {
        const auto bare = document_with("x", "").size();
        return document_with("x", std::string(bytes - bare, 'x'));
    };
    REQUIRE(padded(oauth::max_document_bytes).size() == oauth::max_document_bytes);
    CHECK(oauth::read_client_document(url, padded(oauth::max_document_bytes)));
    CHECK_FALSE(oauth::read_client_document(url, padded(oauth::max_document_bytes + 1)));
}

TEST_CASE("what a document holds beyond our needs is passed over", "[client_document]") {
    const auto key = json::make({{"kty", "EC"}, {"crv", "P-256"}, {"x", "AA"}, {"y", "AA"}});
    for (const auto& body :
         {document_with("grant_types", json::list({"authorization_code", "refresh_token",
                                                   "urn:ietf:params:oauth:grant-type:jwt-bearer"})),
          document_with("token_endpoint_auth_method", "none"),
          document_with("token_endpoint_auth_method", nullptr),
          document_with("jwks", json::make({{"keys", json::list({key})}})),
          document_with("jwks", nullptr),
          document_with("logo_uri", "https://client.example.com/logo.png"),
          document_with("application_type", "native"),
          document_with("x-unknown", json::list({1, 2}))}) {
        INFO(body);
        CHECK(oauth::read_client_document(url, body).ok());
    }
    auto prefers = document();
    prefers.if_object()->set("token_endpoint_auth_method", "private_key_jwt");
    prefers.if_object()->set("token_endpoint_auth_methods_supported",
                             json::list({"private_key_jwt", "none"}));
    const auto who = oauth::read_client_document(url, json::dump(prefers));
    REQUIRE(who.ok());
    CHECK(who->authentication == oauth::auth_method::none);

    const auto code_only = oauth::read_client_document(
        url, document_with("grant_types", json::list({"authorization_code"})));
    REQUIRE(code_only.ok());
    CHECK_FALSE(code_only->may_refresh);
}

// row 120, the document's own half
TEST_CASE("row 120: a document that is not its address's own, or not a client's, is refused",
          "[client_document][plan-120]") {
    const auto key_with = [](std::string_view member) {
        const auto key = json::make({{"kty", "oct"}, {member, "AA"}});
        return document_with("jwks", json::make({{"keys", json::list({key})}}));
    };
    std::vector<std::string> bodies{
        "",
        "{",
        "[]",
        "null",
        "\"text\"",
        "[" + json::dump(document()) + "]",
        json::dump(document()) + " {}",
        "{\"client_id\":\"\xFF\"}",
        R"({"client_id":")" + url + R"(",)" + json::dump(document()).substr(1), // twice
        document_with("x", json::parse(std::string(9, '[') + std::string(9, ']')).value()),
        without("client_id"),
        without("client_name"),
        without("redirect_uris"),
        document_with("client_name", ""),
        document_with("client_name", " \u202E "),
        document_with("client_name", 7),
        document_with("client_id", "https://CLIENT.example.com/oauth/client.json"),
        document_with("client_id", "https://client.example.com:443/oauth/client.json"),
        document_with("client_id", "https://client.example.com/oauth/client.json/"),
        document_with("client_id", "https://client.example.com/oauth/%63lient.json"),
        document_with("client_id", json::list({url})),
        document_with("redirect_uris", json::list({})),
        document_with("redirect_uris", "https://client.example.com/cb"),
        document_with("redirect_uris", json::list({"javascript:alert(1)"})),
        document_with("redirect_uris",
                      json::list({"https://client.example.com/cb", "http://evil.example"})),
        document_with("client_secret", "s"),
        document_with("client_secret", nullptr),
        document_with("client_secret_expires_at", 0),
        document_with("token_endpoint_auth_method", "client_secret_basic"),
        document_with("token_endpoint_auth_method", "client_secret_post"),
        document_with("token_endpoint_auth_method", "client_secret_jwt"),
        document_with("token_endpoint_auth_method", "private_key_jwt"),
        document_with("token_endpoint_auth_method", 1),
        document_with("grant_types", json::list({"client_credentials"})),
        document_with("grant_types", "authorization_code"),
        document_with("response_types", json::list({"token"})),
        document_with("jwks", json::list({})),
        document_with("jwks", json::make({{"keys", "none"}})),
        document_with("logo_uri", "http://client.example.com/logo.png"),
        document_with("client_uri", "javascript:alert(1)"),
        document_with("jwks_uri", "http://client.example.com/keys"),
    };
    for (const auto* member : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
        bodies.push_back(key_with(member));
    for (const auto& body : bodies) {
        INFO(body);
        const auto read = oauth::read_client_document(url, body);
        REQUIRE_FALSE(read.ok());
        CHECK(read.failure().code == errc::bad_request);
    }
}

// row 122
TEST_CASE("row 122: a document is kept between five minutes and a day, whatever its host says",
          "[client_document][plan-122]") {
    struct row {
        std::string_view cache_control;
        std::chrono::seconds life;
    };
    for (const auto& [cache_control, life] : std::vector<row>{
             {"", 5min},
             {"no-store", 5min},
             {"max-age=0", 5min},
             {"max-age=299", 5min},
             {"max-age=301", 301s},
             {"public, Max-Age = 3600, must-revalidate", 1h},
             {"max-age=\"3600\"", 1h},
             {"s-maxage=7200", 5min},
             {"max-age=86400", 24h},
             {"max-age=31536000", 24h},
             {"max-age=99999999999999999999999999", 24h},
             {"max-age=-1", 5min},
             {"max-age=1e9", 5min},
             {"max-age", 5min},
             {"max-age=", 5min},
         }) {
        INFO(cache_control);
        CHECK(oauth::document_lifetime(cache_control) == life);
    }
}

TEST_CASE("every document that is known in advance passes the rules for fetched ones",
          "[client_document]") {
    for (const auto& one : oauth::known_documents()) {
        INFO(one.client_id);
        const auto at = oauth::read_document_url(one.client_id);
        REQUIRE(at.ok());
        CHECK(oauth::is_known_host(at->host));
        const auto who = oauth::find_known_document(one.client_id);
        REQUIRE(who);
        CHECK(who->id == one.client_id);
        CHECK_FALSE(who->name.empty());
        for (const auto& uri : who->redirect_uris)
            CHECK(oauth::check_redirect_uri(uri).ok());
    }
    CHECK_FALSE(oauth::find_known_document("https://claude.ai/oauth/other"));
}

TEST_CASE("the policy decides by host: any, the known ones or none", "[client_document]") {
    using oauth::document_policy;
    for (const auto& known : oauth::known_clients()) {
        CHECK(oauth::allows_document_of(document_policy::any, known.host));
        CHECK(oauth::allows_document_of(document_policy::trusted, known.host));
        CHECK_FALSE(oauth::allows_document_of(document_policy::off, known.host));
    }
    CHECK(oauth::allows_document_of(document_policy::any, "client.example.com"));
    CHECK_FALSE(oauth::allows_document_of(document_policy::trusted, "client.example.com"));
    CHECK_FALSE(oauth::allows_document_of(document_policy::trusted, "claude.ai.example.com"));
    CHECK(oauth::document_policy_named("trusted") == document_policy::trusted);
    CHECK_FALSE(oauth::document_policy_named("Any"));
}
