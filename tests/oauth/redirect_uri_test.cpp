// Numbers in the tables are rows of tests/security/plan.txt; the matching rules are RFC 8252
// §7.3 and OAuth 2.1 §2.3.1.
#include "oauth/redirect_uri.hpp"

#include "base/uri.hpp"
#include "oauth/known_clients.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using oauth::delivery;

TEST_CASE("every redirect URI that real clients register is accepted", "[redirect_uri]") {
    const std::vector<std::string> accepted{
        "https://claude.ai/api/mcp/auth_callback",
        "https://claude.com/api/mcp/auth_callback",
        "https://chatgpt.com/connector/oauth/abc123",
        // row 87: Cursor
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "https://www.cursor.com/agents/mcp/oauth/callback",
        "http://localhost:8787/callback",
        // row 88: VS Code
        "https://vscode.dev/redirect",
        "https://insiders.vscode.dev/redirect",
        "http://127.0.0.1/",
        "http://127.0.0.1:33418/",
        // others
        "http://localhost:6274/oauth/callback",
        "http://[::1]:3334/oauth/callback",
        "http://127.0.0.2/cb",
        "http://localhost/callback?client=a",
        "com.example.app:/oauth",
        "vscode://ms.extension/callback",
    };
    for (const auto& uri : accepted) {
        INFO(uri);
        CHECK(oauth::check_redirect_uri(uri).ok());
    }
}

TEST_CASE("a redirect URI that could run code, leak or mislead is refused",
          "[redirect_uri][plan-17][plan-18]") {
    const std::vector<std::string> refused{
        "",
        "/callback",
        "//evil.example/cb",
        "callback",
        "https:",
        "https://",
        "https:///cb",
        "https:host/cb",
        // row 17: fragment, user info
        "https://good.example/cb#",
        "https://good.example/cb#x",
        "https://user@good.example/cb",
        "https://user:pw@good.example/cb",
        "https://a@b@good.example/cb",
        "http://user@localhost/cb",
        // row 18: plain http elsewhere
        "http://good.example/cb",
        "http://10.0.0.1/cb",
        "http://localhost.evil.com/cb",
        "http://127.0.0.1.evil.com/cb",
        "http://[::ffff:127.0.0.1]/cb",
        "http://127.000.000.001/cb",
        "http://127.0.0.256/cb",
        "http://127.1/cb",
        "http://2130706433/cb",
        // row 19
        "https://evil.com\\@good/",
        "https://good.example/a b",
        "https://good.example/\xC3\xA4",
        "https://*.example/cb",
        "https://good.example:0/cb",
        "https://good.example:65536/cb",
        "https://good.example:80x/cb",
        "https://[::1/cb",
        "https://[::1]x/cb",
        // unknown or dangerous schemes
        "myapp://callback",
        "ms-settings:x",
        "chrome-extension://abc/cb",
        "moz-extension://abc/cb",
        "intent://x#Intent;end",
        "view-source:https://good.example",
        "ws://localhost/cb",
        "ftp://good.example/",
        "1scheme:/x",
        // a dot makes none of the forbidden families good
        "chrome.app:/cb",
        "moz-extension.app:/cb",
        "ms-word.app:/cb",
        "shell.app:/cb",
        "https://good.example/a\\b",
        "com.example.app:/a\\b",
        "https://good.example/" + std::string(512, 'a'),
    };
    for (const auto& uri : refused) {
        INFO(uri);
        const auto checked = oauth::check_redirect_uri(uri);
        REQUIRE_FALSE(checked.ok());
        CHECK(checked.failure().code == errc::bad_request);
        CHECK_FALSE(checked.failure().message.empty());
    }
}

TEST_CASE("a scheme counts in any case, for good and for ill", "[redirect_uri]") {
    for (const auto* good : {"HTTPS://good.example/cb", "Http://localhost/cb", "Cursor://a/cb"}) {
        INFO(good);
        CHECK(oauth::check_redirect_uri(good).ok());
    }
    for (const auto* bad : {"HTTP://good.example/cb", "HTTPS://user@good.example/cb",
                            "Shell.app:/cb", "MS-word.app:/cb", "chroME.app:/cb"}) {
        INFO(bad);
        CHECK_FALSE(oauth::check_redirect_uri(bad).ok());
    }
}

TEST_CASE("a redirect URI has 512 bytes at most", "[redirect_uri]") {
    const std::string start = "https://good.example/";
    const std::string most = start + std::string(512 - start.size(), 'a');
    CHECK(oauth::check_redirect_uri(most).ok());
    CHECK_FALSE(oauth::check_redirect_uri(most + "a").ok());
}

TEST_CASE("row 16: no spelling of a scripting scheme passes registration",
          "[redirect_uri][plan-16]") {
    for (const std::string scheme :
         {"javascript", "data", "vbscript", "file", "mailto", "blob", "about"}) {
        auto mixed = scheme;
        mixed[0] = static_cast<char>(mixed[0] - 32);
        mixed[2] = static_cast<char>(mixed[2] - 32);
        auto tab = scheme;
        tab.insert(2, 1, '\t');
        auto nul = scheme;
        nul.insert(2, 1, '\0');
        for (const auto& spelling : {scheme, mixed, " " + scheme, "\t" + scheme, "\n" + scheme,
                                     std::string(1, '\0') + scheme, tab, nul}) {
            INFO(spelling);
            CHECK_FALSE(oauth::check_redirect_uri(spelling + ":alert(1)").ok());
            CHECK_FALSE(oauth::check_redirect_uri(spelling + "://localhost/x").ok());
        }
    }
}

TEST_CASE("rows 20 and 21: a requested URI matches by bytes, and only a loopback port may differ",
          "[redirect_uri][plan-20]") {
    struct row {
        std::string registered, requested;
        bool match;
    };
    const std::vector<row> table{
        {"https://claude.ai/cb", "https://claude.ai/cb", true},
        {"https://claude.ai/cb", "https://claude.ai/cb/", false},
        {"https://claude.ai/cb", "https://claude.ai/cb?x=1", false},
        {"https://claude.ai/cb", "https://claude.ai:443/cb", false},
        {"https://claude.ai/cb", "https://CLAUDE.AI/cb", false},
        {"https://claude.ai/cb", "HTTPS://claude.ai/cb", false},
        {"https://claude.ai/cb", "https://claude.ai/x/../cb", false},
        {"https://claude.ai:8443/cb", "https://claude.ai:8444/cb", false},
        {"http://localhost/callback", "http://localhost:51234/callback", true},
        {"http://localhost:3334/cb", "http://localhost:9/cb", true},
        {"http://localhost:3334/cb", "http://localhost/cb", true},
        {"http://127.0.0.1/cb", "http://127.0.0.1:1/cb", true},
        {"http://127.0.0.1/cb", "http://127.0.0.1:65535/cb", true},
        {"http://127.0.0.1/cb", "http://127.0.0.1:65536/cb", false},
        {"http://127.0.0.1/cb", "http://127.0.0.1:0/cb", false},
        {"http://127.0.0.1/cb", "http://127.0.0.1:/cb", false},
        {"http://[::1]/cb", "http://[::1]:8000/cb", true},
        {"http://127.0.0.1:33418/", "http://127.0.0.1:5", true},
        {"http://127.0.0.1", "http://127.0.0.1:5/", true},
        {"http://localhost/cb?a=1", "http://localhost:5/cb?a=1", true},
        {"http://localhost/cb?a=1", "http://localhost:5/cb?a=2", false},
        {"http://localhost/cb", "http://localhost:5/cb?", false},
        {"http://localhost/cb", "http://localhost:5/other", false},
        {"http://localhost/cb", "http://localhost:5/x/../cb", false},
        {"http://localhost/cb", "http://localhost:5/%63b", false},
        {"http://localhost/cb", "https://localhost:5/cb", false},
        {"http://localhost/cb", "HTTP://localhost:5/cb", false},
        {"http://localhost/cb", "http://LOCALHOST:5/cb", false},
        {"http://localhost/cb", "http://127.0.0.1:5/cb", false},
        {"http://127.0.0.1/cb", "http://127.000.000.001:5/cb", false},
        {"http://127.0.0.1/cb", "http://[::ffff:127.0.0.1]:5/cb", false},
        {"http://localhost/cb", "http://localhost.evil.com/cb", false},
        {"http://127.0.0.1/cb", "http://127.0.0.1.evil.com/cb", false},
        {"http://localhost/cb", "http://user@localhost:5/cb", false},
        {"http://localhost/cb", "http://localhost:5@evil.com/cb", false},
        {"http://localhost/cb", "http://localhost:5/cb#f", false},
        {"http://localhost/cb", "http://localhost:5\\@evil.com/cb", false},
        {"cursor://a/cb", "cursor://a/cb", true},
        {"cursor://a/cb", "cursor://a:5/cb", false},
    };
    for (const auto& [registered, requested, match] : table) {
        INFO(registered << " <- " << requested);
        CHECK(oauth::redirect_uri_matches(registered, requested) == match);
    }
}

TEST_CASE("loopback is localhost, [::1] and 127.0.0.0/8 in plain form, and no other name",
          "[redirect_uri]") {
    for (const auto* good : {"localhost", "[::1]", "127.0.0.1", "127.255.0.9"})
        CHECK(uri::is_loopback_host(good));
    for (const auto* bad : {"", "127.evil.com", "127.0.0.1.evil.com", "127.0.0", "127.0.0.01",
                            "127.0.0.256", "0177.0.0.1", "localhost.", "::1", "128.0.0.1"}) {
        INFO(bad);
        CHECK_FALSE(uri::is_loopback_host(bad));
    }
}

TEST_CASE("every hosted client that is known gets its errors without a click", "[redirect_uri]") {
    for (const auto& known : oauth::known_clients())
        CHECK(oauth::error_delivery("https://" + std::string(known.host) + "/cb") ==
              oauth::delivery::redirect);
    CHECK(oauth::error_delivery("https://claude.ai.evil.example/cb") == oauth::delivery::link);
    const std::vector<std::string> trusted{"chat.example.com"};
    CHECK(oauth::error_delivery("https://chat.example.com/cb", trusted) == delivery::redirect);
    CHECK(oauth::error_delivery("https://chat.example.com:444/cb", trusted) == delivery::link);
    CHECK(oauth::error_delivery("http://chat.example.com/cb", trusted) == delivery::link);
}

TEST_CASE("an answer travels by itself only where that is safe", "[redirect_uri]") {
    CHECK(oauth::success_delivery("https://unknown.example/cb") == delivery::redirect);
    CHECK(oauth::success_delivery("http://localhost:1/cb") == delivery::redirect);
    CHECK(oauth::success_delivery("cursor://a/cb") == delivery::interstitial);
    CHECK(oauth::success_delivery("com.example.app:/cb") == delivery::interstitial);

    CHECK(oauth::error_delivery("https://claude.ai/cb") == delivery::redirect);
    CHECK(oauth::error_delivery("http://127.0.0.1:9/cb") == delivery::redirect);
    // row 29
    for (const auto* uri :
         {"https://unknown.example/cb", "https://claude.ai.evil.com/cb", "https://evilclaude.ai/cb",
          "https://claude.ai:8443/cb", "https://claude.ai@evil.com/cb", "http://claude.ai/cb",
          "cursor://claude.ai/cb"}) {
        INFO(uri);
        CHECK(oauth::error_delivery(uri) == delivery::link);
    }
}

TEST_CASE("people are shown where a redirect URI leads", "[redirect_uri]") {
    CHECK(uri::display_host("https://claude.ai/api/cb") == "claude.ai");
    CHECK(uri::display_host("http://localhost:6274/oauth") == "localhost:6274");
    CHECK(uri::display_host("cursor://anysphere.cursor-mcp/x") == "cursor://anysphere.cursor-mcp");
    CHECK(uri::display_host("com.example.app:/oauth") == "com.example.app:");
}
