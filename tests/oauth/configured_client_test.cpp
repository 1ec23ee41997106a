#include "oauth/configured_client.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "oauth/client.hpp"
#include "oauth/client_authentication.hpp"

#include "tests/oauth/support.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using oauth_test::key;

namespace {

const std::string planted = "planted-secret-planted-secret-planted";

std::string entry(const std::string& more, const std::string& id = "claude") {
    return R"({"client_id":")" + id + R"(","client_name":"Claude","redirect_uris":)" +
           R"(["https://claude.ai/api/mcp/auth_callback"])" + more + "}";
}

std::string list(const std::string& one, const std::string& two = {}) {
    return "[" + one + (two.empty() ? "" : "," + two) + "]";
}

bool lets_in(const oauth::client& who, const text::fields& form, const std::string& basic = {}) {
    const auto given = oauth::read_credentials(form, basic);
    return given.ok() && oauth::authenticate(who, *given, key()).ok();
}

} // namespace

TEST_CASE("configured clients are read with their names, addresses and secrets",
          "[configured_client]") {
    const auto read = oauth::read_configured_clients(
        list(entry(R"(,"client_secret":")" + planted + '"'), entry("", "public-one")));
    REQUIRE(read.ok());
    REQUIRE(read->size() == 2);
    CHECK((*read)[0].id == "claude");
    CHECK((*read)[0].kind == oauth::client_kind::configured);
    CHECK((*read)[0].name == "Claude");
    CHECK((*read)[0].own_secret.reveal() == planted);
    CHECK((*read)[1].own_secret.empty());
    CHECK((*read)[1].authentication == oauth::auth_method::none);
    CHECK(oauth::read_configured_clients("[]")->empty());
}

TEST_CASE("a bad entry is named by its place, what is wrong is said, and no secret repeated",
          "[configured_client]") {
    const auto secret_of = [](const std::string& text) {
        return entry(",\"client_secret\":\"" + text + "\"");
    };
    struct row {
        std::string document;
        std::string told;
    };
    for (const auto& [document, told] : std::vector<row>{
             {"", "JSON array"},
             {"{}", "JSON array"},
             {entry(""), "JSON array"},
             {list("7"), "entry 1: must be an object"},
             {list(R"({"client_name":"x"})"), "entry 1: client_id"},
             {list(entry("", "two words")), "entry 1: client_id"},
             {list(entry("", std::string(256, 'a'))), "entry 1: client_id"},
             {list(entry("", "twc1.abc.def")), "must not look like"},
             {list(entry("", "https://claude.ai/oauth/mcp-oauth-client-metadata")),
              "must not look like"},
             {list(entry("", "HTTPS://x.example/")), "must not look like"},
             {list(R"({"client_id":"a","redirect_uris":["https://a.example/"]})"),
              "entry 1 (a): client_name"},
             {list(R"({"client_id":"a","client_name":"A"})"), "entry 1 (a): redirect_uris"},
             {list(R"({"client_id":"a","client_name":"A","redirect_uris":["http://a.example/"]})"),
              "entry 1 (a): a redirect URI"},
             {list(entry(""), entry("")), "entry 2 (claude): client_id is there twice"},
             {list(entry(R"(,"client_secrets":"x")")), "entry 1 (claude): has only"},
             {list(secret_of("short-planted")), "at least 32 characters"},
             {list(secret_of(std::string(256, 'p'))), "at most 255"},
             {list(secret_of(planted + " planted")), "visible ASCII"},
             {list(secret_of(planted + "+")), "none of %+:"},
             {list(secret_of(planted + "%41")), "none of %+:"},
             {list(entry("", "a:b")), "none of %+:"},
             {list(entry(R"(,"client_secret":5)")), "must be a string"},
         }) {
        INFO(document);
        const auto read = oauth::read_configured_clients(document);
        REQUIRE_FALSE(read.ok());
        INFO(read.failure().message);
        CHECK(read.failure().message.find(told) != std::string::npos);
        CHECK(read.failure().message.find("planted") == std::string::npos);
        CHECK(read.failure().message.find('\n') == std::string::npos);
    }
}

TEST_CASE("a configured secret opens with Basic or in the body, and nothing else does",
          "[configured_client]") {
    REQUIRE(crypto::start());
    const auto read = oauth::read_configured_clients(
        list(entry(R"(,"client_secret":")" + planted + '"'), entry("", "public-one")));
    REQUIRE(read.ok());
    const auto& keeps_one = (*read)[0];
    const auto& has_none = (*read)[1];
    const auto basic = [](const std::string& id, const std::string& password) {
        return "Basic " + text::base64_encode(id + ":" + password);
    };
    CHECK(lets_in(keeps_one, {}, basic("claude", planted)));
    CHECK(lets_in(keeps_one, {{"client_id", "claude"}, {"client_secret", planted}}));
    CHECK_FALSE(lets_in(keeps_one, {{"client_id", "claude"}}));
    CHECK_FALSE(lets_in(keeps_one, {}, basic("claude", "")));
    CHECK_FALSE(lets_in(keeps_one, {}, basic("claude", planted + "x")));
    CHECK_FALSE(lets_in(keeps_one, {}, basic("claude", planted.substr(1))));
    CHECK_FALSE(lets_in(keeps_one, {{"client_id", "claude"}, {"client_secret", "guess"}}));
    CHECK_FALSE(lets_in(keeps_one, {}, basic("public-one", planted)));
    // Not the one that a registered client of that id would have.
    CHECK_FALSE(
        lets_in(keeps_one,
                {{"client_id", "claude"},
                 {"client_secret", std::string(oauth::client_secret("claude", key()).reveal())}}));

    CHECK(lets_in(has_none, {{"client_id", "public-one"}}));
    CHECK_FALSE(lets_in(has_none, {{"client_id", "public-one"}, {"client_secret", planted}}));
    CHECK(lets_in(has_none, {}, basic("public-one", ""))); // no secret, said in another way
    CHECK_FALSE(lets_in(has_none, {}, basic("public-one", planted)));
}
