#include "config.hpp"

#include "actors/settings.hpp"
#include "base/text.hpp"
#include "http/https_client.hpp"
#include "http/server.hpp"
#include "http/span_exporter.hpp"
#include "stored/options.hpp"
#include "tests/support/catch.hpp"
#include "web/document_fetch.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

namespace {

using environment = std::map<std::string, std::string>;

const std::string key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

environment good() {
    return {{"TWENTY_BASE_URL", "https://crm.example.com"}, {"COOKIE_ENCRYPTION_KEY", key}};
}

result<config> read(const environment& env, const environment& files = {}) {
    std::vector<std::string> names;
    for (const auto& [name, value] : env)
        names.push_back(name);
    return read_config(
        [&](std::string_view name) -> std::optional<std::string> {
            const auto found = env.find(std::string(name));
            if (found == env.end()) return std::nullopt;
            return found->second;
        },
        names,
        [&](const std::string& path) -> result<std::string> {
            const auto found = files.find(path);
            if (found == files.end()) return error{errc::not_found, "no such file"};
            return found->second;
        });
}

struct bad_value {
    const char* name;
    const char* value;
};
const bad_value bad_values[] = {
    {"TWENTY_BASE_URL", ""},
    {"TWENTY_BASE_URL", "crm.example.com"},
    {"TWENTY_BASE_URL", "ftp://crm.example.com"},
    {"TWENTY_BASE_URL", "https://user@crm.example.com"},
    {"TWENTY_BASE_URL", "https://crm.example.com?x=1"},
    {"TWENTY_BASE_URL", "https://crm.example.com:0"},
    {"TWENTY_BASE_URL", "https://crm.example.com:99999"},
    {"TWENTY_BASE_URL", "https:///x"},
    {"TWENTY_BASE_URL", "https://crm.example.com/graphql"},
    {"TWENTY_BASE_URL", "https://crm.example.com/metadata/"},
    {"TWENTY_BASE_URL", "https://crm.example.com/rest/people"},
    {"TWENTY_BASE_URL", "https://crm.example.com/below/mcp"},
    {"COOKIE_ENCRYPTION_KEY", ""},
    {"COOKIE_ENCRYPTION_KEY", "short"},
    {"COOKIE_ENCRYPTION_KEY", "zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"},
    {"COOKIE_ENCRYPTION_KEY", "0000000000000000000000000000000000000000000000000000000000000000"},
    {"COOKIE_ENCRYPTION_KEY_PREVIOUS", "abc"},
    {"COOKIE_ENCRYPTION_KEY_PREVIOUS",
     "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff"},
    {"ADMIN_TOKEN", "short"},
    {"PUBLIC_URL", "http://twenty-mcp.example.com"},
    {"PUBLIC_URL", "https://twenty-mcp.example.com/path"},
    {"PUBLIC_URL", "nonsense"},
    {"PUBLIC_URL", "https://twenty%2dmcp.example.com"},
    {"PUBLIC_URL", "http://127.evil.example"},
    {"ADMIN_TOKEN", "words with blanks, which no header carries"},
    {"ADMIN_TOKEN", "pässwörter-gehen-leider-nicht"},
    {"TWENTY_MCP_LISTEN", "8787"},
    {"TWENTY_MCP_LISTEN", "127.0.0.1:"},
    {"TWENTY_MCP_LISTEN", "127.0.0.1:99999"},
    {"TWENTY_MCP_LISTEN", "::1:8787"},
    {"TWENTY_MCP_LISTEN", "127.0.0.1:0"},
    {"TWENTY_MCP_LISTEN", "1.2.3:8787"},
    {"TWENTY_MCP_LISTEN", "[:::1]:8787"},
    {"TWENTY_MCP_TRUSTED_PROXIES", "10.0.0.0/33"},
    {"TWENTY_MCP_TRUSTED_PROXIES", "127.0.0.1, proxy.example.com"},
    {"TWENTY_MCP_TRUSTED_PROXIES", "0.0.0.0/0"},
    {"TWENTY_MCP_TRUSTED_PROXIES", "127.0.0.1,::/0"},
    {"TWENTY_MCP_TRUSTED_PROXIES", "::ffff:0:0/0"},
    {"TWENTY_BASE_URL", "https://crm.example.com\\x"},
    {"TWENTY_MCP_ALLOWED_ORIGINS", "inspector"},
    {"TWENTY_MCP_ALLOWED_HOSTS", "http://x"},
    {"TWENTY_MCP_ALLOWED_HOSTS", "*"},
    {"TWENTY_MCP_ALLOWED_HOSTS", "mcp.internal, *.example.com"},
    {"TWENTY_MCP_TWENTY_PUBLIC_URL", "x"},
    {"TWENTY_MCP_CA_FILE", "/nowhere.pem"},
    {"HTTPS_PROXY", "https://proxy.example.com:3128"},
    {"HTTPS_PROXY", "proxy.example.com"},
    {"HTTP_PROXY", "socks5://proxy.example.com:1080"},
    {"ALL_PROXY", "http://proxy.example.com:0"},
    {"NO_PROXY", "http://crm.example.com"},
    {"NO_PROXY", "10.0.0.0/33"},
    {"TWENTY_MCP_LOG_LEVEL", "loud"},
    {"TWENTY_MCP_LOG_FORMAT", "xml"},
    {"TWENTY_MCP_LOG_FORMAT", "JSON"},
    {"TWENTY_MCP_SLOW_CALL_MS", "-1"},
    {"TWENTY_MCP_SLOW_CALL_MS", "60001"},
    {"TWENTY_MCP_SLOW_CALL_MS", "soon"},
    {"TWENTY_MCP_AUDIT_DAYS", "0"},
    {"TWENTY_MCP_AUDIT_DAYS", "3651"},
    {"TWENTY_MCP_AUDIT_CALLS", "999"},
    {"TWENTY_MCP_AUDIT_CALLS", "10000001"},
    {"TWENTY_MCP_ASK_FLOOR", "never"},
    {"TWENTY_MCP_ASK_ABOVE", "-1"},
    {"TWENTY_MCP_ASK_ABOVE", "201"},
    {"TWENTY_MCP_CHANGES_HOUR", "0"},
    {"TWENTY_MCP_CHANGES_DAY", "many"},
    {"TWENTY_MCP_MOST_CHANGES_HOUR", "10000001"},
    {"TWENTY_MCP_MOST_CHANGES_DAY", "-5"},
    {"TWENTY_MCP_JOURNAL_DAYS", "-1"},
    {"TWENTY_MCP_JOURNAL_DAYS", "367"},
    {"TWENTY_MCP_JOURNAL_DAYS", "ever"},
    {"TWENTY_MCP_JOURNAL_MB", "0"},
    {"TWENTY_MCP_JOURNAL_MB", "65537"},
    {"TWENTY_MCP_ADMIN_SOCKET", "admin.sock"},
    {"TWENTY_MCP_ADMIN_SOCKET",
     "/run/a-folder-whose-name-is-far-too-long-for-the-address-of-a-unix-"
     "socket-of-linux-which-has-108-bytes/admin.sock"},
    {"TWENTY_MCP_METRICS_LISTEN", "9464"},
    {"TWENTY_MCP_METRICS_LISTEN", "metrics:9464"},
    {"TWENTY_MCP_OTLP_ENDPOINT", "collector:4318"},
    {"TWENTY_MCP_OTLP_ENDPOINT", "grpc://collector:4317"},
    {"TWENTY_MCP_OTLP_ENDPOINT", "http://user:password@collector:4318"},
    {"TWENTY_MCP_OTLP_ENDPOINT", "http://collector:4318?key=1"},
    {"TWENTY_MCP_OTLP_HEADERS", "authorization"},
    {"TWENTY_MCP_OTLP_HEADERS", "=value"},
    {"TWENTY_MCP_OTLP_HEADERS", "name="},
    {"TWENTY_MCP_OTLP_HEADERS", "two words=x"},
    {"TWENTY_MCP_OTLP_HEADERS", "name=%zz"},
    {"TWENTY_MCP_OTLP_HEADERS", "name=x%0d%0aother: y"},
    {"TWENTY_MCP_OTLP_HEADERS", "name=x,Content-Length=3"},
    {"TWENTY_MCP_TRACE_SAMPLE", "-0.1"},
    {"TWENTY_MCP_TRACE_SAMPLE", "1.5"},
    {"TWENTY_MCP_TRACE_SAMPLE", "nan"},
    {"TWENTY_MCP_TRACE_SAMPLE", "10%"},
    {"TWENTY_MCP_MAX_CONNECTIONS", "63"},
    {"TWENTY_MCP_MAX_CONNECTIONS", "60001"},
    {"TWENTY_MCP_MAX_CONNECTIONS", "many"},
    {"TWENTY_MCP_CALLS_PER_MINUTE", "0"},
    {"TWENTY_MCP_CALLS_PER_MINUTE", "80 a minute"},
    {"TWENTY_MCP_CIMD", "some"},
    {"TWENTY_MCP_WEBSITE_URL", "intranet"},
    {"TWENTY_MCP_WEBSITE_URL", "ftp://example.com"},
    {"TWENTY_MCP_WEBSITE_URL", "https://"},
    {"TWENTY_MCP_WEBSITE_URL", "https://me:secret@example.com/"},
    {"TWENTY_MCP_WEBSITE_URL", "https://example.com/<b>"},
    {"TWENTY_MCP_WEBSITE_URL", "https://example.com/a b"},
    {"TWENTY_MCP_WEBSITE_URL", "https://example.com/a\"b"},
    {"TWENTY_MCP_WEBSITE_URL", "https://example.com/%zz"},
    {"TWENTY_MCP_WEBSITE_URL", "https://example.com/\u00e4"},
    {"TWENTY_MCP_SERVER_CARD", "yes"},
    {"TWENTY_MCP_SERVER_CARD", "ON"},
    {"TWENTY_MCP_REFRESH_REUSE", "revoke"},
    {"TWENTY_MCP_REFRESH_REUSE", "END"},
    {"TWENTY_MCP_TRUSTED_REDIRECT_HOSTS", "https://chat.example.com"},
    {"TWENTY_MCP_TRUSTED_REDIRECT_HOSTS", "*.example.com"},
    {"TWENTY_MCP_STATIC_CLIENTS", "claude"},
    {"TWENTY_MCP_STATIC_CLIENTS", R"([{"client_id":"claude"}])"},
};

} // namespace

TEST_CASE("two variables are enough to start on loopback", "[config]") {
    const auto c = read(good());
    REQUIRE(c.ok());
    CHECK(c->public_url == "http://localhost:8787");
    CHECK(c->listen_port == 8787);
    CHECK(c->data_dir == "./data");
    CHECK_FALSE(c->admin_token.has_value());
    CHECK(c->cookie_encryption_key.size() == 32);
}

TEST_CASE("every bad value ends in one line that names the variable and shows an example",
          "[config]") {
    for (const auto& [name, value] : bad_values) {
        auto env = good();
        env[name] = value;
        const auto c = read(env);
        INFO(name << "=" << value);
        REQUIRE_FALSE(c.ok());
        const auto& message = c.failure().message;
        CHECK(message.find(name) == 0);
        CHECK(message.find("example: ") != std::string::npos);
        CHECK(message.find('\n') == std::string::npos);
    }
}

TEST_CASE("a message about a secret never repeats it", "[config]") {
    auto env = good();
    env["COOKIE_ENCRYPTION_KEY"] = "planted-secret";
    env["ADMIN_TOKEN"] = "planted-secret";
    const auto c = read(env);
    REQUIRE_FALSE(c.ok());
    CHECK(c.failure().message.find("planted") == std::string::npos);
    auto with_fields = good();
    with_fields["TWENTY_MCP_OTLP_HEADERS"] = "authorization=planted,host=planted";
    CHECK(read(with_fields).failure().message.find("planted") == std::string::npos);
    for (const auto* name : {"HTTPS_PROXY", "http_proxy", "all_proxy"}) {
        auto with_proxy = good();
        with_proxy[name] = "https://planted:planted@proxy:1";
        const auto refused = read(with_proxy);
        REQUIRE_FALSE(refused.ok());
        CHECK(refused.failure().message.find("planted") == std::string::npos);
    }
}

TEST_CASE("a variable of two spellings is read by either, and the lower-case one comes first",
          "[config]") {
    auto env = good();
    env["HTTPS_PROXY"] = "http://upper:1";
    CHECK(read(env)->proxies.https->host == "upper");
    env["https_proxy"] = "http://lower:1";
    env["no_proxy"] = "crm.example.com";
    const auto c = read(env);
    REQUIRE(c.ok());
    CHECK(c->proxies.https->host == "lower");
    CHECK_FALSE(twenty_client_options(*c).proxy); // excepted
    CHECK(document_options(*c).proxies.https->host == "lower");
    env["https_proxy"] = " ";
    CHECK(read(env)->proxies.https->host == "upper");
    env.erase("no_proxy");
    env["CREDENTIALS_DIRECTORY"] = "/run/credentials/x";
    env.erase("HTTPS_PROXY");
    const auto held = read(env, {{"/run/credentials/x/HTTPS_PROXY", "http://u:p@credential:1\n"}});
    REQUIRE(held.ok());
    CHECK(twenty_client_options(*held).proxy->host == "credential");
}

TEST_CASE("an unknown TWENTY_MCP_ variable ends the start and names its neighbour", "[config]") {
    auto env = good();
    env["TWENTY_MCP_LISTNE"] = "127.0.0.1:1";
    const auto c = read(env);
    REQUIRE_FALSE(c.ok());
    CHECK(c.failure().message.find("TWENTY_MCP_LISTEN") != std::string::npos);
}

TEST_CASE("a public address is mandatory when the server is not bound to loopback", "[config]") {
    auto env = good();
    env["TWENTY_MCP_LISTEN"] = "0.0.0.0:8787";
    CHECK_FALSE(read(env).ok());
    env["PUBLIC_URL"] = "https://Twenty-MCP.example.com/";
    const auto c = read(env);
    REQUIRE(c.ok());
    CHECK(c->public_url == "https://twenty-mcp.example.com");
}

TEST_CASE("a default port is dropped, as browsers and clients drop it", "[config]") {
    auto env = good();
    env["PUBLIC_URL"] = "https://twenty-mcp.example.com:443";
    env["TWENTY_MCP_ALLOWED_ORIGINS"] = "https://a.example:443, http://B.example:80/,http://c:81";
    const auto c = read(env);
    REQUIRE(c.ok());
    CHECK(c->public_url == "https://twenty-mcp.example.com");
    CHECK(c->allowed_origins ==
          std::vector<std::string>{"https://a.example", "http://b.example", "http://c:81"});
}

TEST_CASE("Twenty's address is told to strangers only when it was set for people", "[config]") {
    auto env = good();
    auto c = read(env);
    REQUIRE(c.ok());
    CHECK(c->twenty_public_url == "https://crm.example.com");
    CHECK(c->twenty_shown_url.empty());
    env["TWENTY_MCP_TWENTY_PUBLIC_URL"] = "https://twenty.example.com/";
    c = read(env);
    REQUIRE(c.ok());
    CHECK(c->twenty_public_url == "https://twenty.example.com");
    CHECK(c->twenty_shown_url == "https://twenty.example.com");
}

TEST_CASE("calls to Twenty are capped only where a number of calls a minute is set", "[config]") {
    auto env = good();
    CHECK_FALSE(read(env)->calls_per_minute);
    env["TWENTY_MCP_CALLS_PER_MINUTE"] = "80";
    CHECK(read(env)->calls_per_minute == 80);
}

TEST_CASE("every level of the log can be chosen by its name, and the help lists them", "[config]") {
    for (const auto name : logging::level_names) {
        auto env = good();
        env["TWENTY_MCP_LOG_LEVEL"] = name;
        const auto c = read(env);
        REQUIRE(c.ok());
        CHECK(logging::level_names[static_cast<std::size_t>(c->log_level)] == name);
        for (const auto& v : settings())
            if (v.name == "TWENTY_MCP_LOG_LEVEL")
                CHECK(v.help.find(name) != std::string_view::npos);
    }
}

TEST_CASE("secrets may come from systemd credentials, and the environment wins", "[config]") {
    environment env{{"TWENTY_BASE_URL", "https://crm.example.com"},
                    {"CREDENTIALS_DIRECTORY", "/run/credentials/x"}};
    const environment files{{"/run/credentials/x/COOKIE_ENCRYPTION_KEY", key + "\n"},
                            {"/run/credentials/x/ADMIN_TOKEN", "an-admin-token-of-some-length\n"}};
    const auto c = read(env, files);
    REQUIRE(c.ok());
    CHECK(c->admin_token->reveal() == "an-admin-token-of-some-length");
    env["ADMIN_TOKEN"] = "another-admin-token-of-length";
    CHECK(read(env, files)->admin_token->reveal() == "another-admin-token-of-length");
}

TEST_CASE("static clients come as a credential, and a fault names the entry but no secret",
          "[config]") {
    environment env = good();
    env["CREDENTIALS_DIRECTORY"] = "/run/credentials/x";
    const std::string one = R"([{"client_id":"claude","client_name":"Claude","redirect_uris":)"
                            R"(["https://claude.ai/api/mcp/auth_callback"],"client_secret":")";
    const std::string file = "/run/credentials/x/TWENTY_MCP_STATIC_CLIENTS";
    const auto c = read(env, {{file, one + std::string(32, 'p') + "\"}]\n"}});
    REQUIRE(c.ok());
    REQUIRE(c->configured_clients.size() == 1);
    CHECK(c->configured_clients[0].own_secret.size() == 32);
    const auto bad = read(env, {{file, one + "planted\"}]"}});
    REQUIRE_FALSE(bad.ok());
    CHECK(bad.failure().message.find("entry 1 (claude)") != std::string::npos);
    CHECK(bad.failure().message.find("planted") == std::string::npos);
}

TEST_CASE("client documents are fetched of any host unless it is set otherwise", "[config]") {
    auto env = good();
    CHECK(read(env)->client_documents == oauth::document_policy::any);
    env["TWENTY_MCP_CIMD"] = "off";
    env["TWENTY_MCP_TRUSTED_REDIRECT_HOSTS"] = "Chat.example.com, b.example";
    const auto c = read(env);
    REQUIRE(c.ok());
    CHECK(c->client_documents == oauth::document_policy::off);
    CHECK(c->trusted_redirect_hosts == std::vector<std::string>{"chat.example.com", "b.example"});
}

TEST_CASE("a reused refresh token ends its connection unless it is set otherwise", "[config]") {
    auto env = good();
    CHECK(read(env)->refresh_reuse == oauth::reuse_policy::end);
    for (std::size_t i = 0; i < oauth::reuse_policy_names.size(); ++i) {
        env["TWENTY_MCP_REFRESH_REUSE"] = oauth::reuse_policy_names[i];
        const auto c = read(env);
        REQUIRE(c.ok());
        CHECK(static_cast<std::size_t>(c->refresh_reuse) == i);
    }
}

TEST_CASE("older keys are read in their order", "[config]") {
    auto env = good();
    env["COOKIE_ENCRYPTION_KEY_PREVIOUS"] = "ff" + key.substr(2) + ", ee" + key.substr(2);
    const auto c = read(env);
    REQUIRE(c.ok());
    REQUIRE(c->previous_keys.size() == 2);
    CHECK(c->previous_keys[0].reveal()[0] == '\xff');
    CHECK(c->previous_keys[1].reveal()[0] == '\xee');
}

TEST_CASE("the state directory of systemd is used when no folder is named", "[config]") {
    auto env = good();
    env["STATE_DIRECTORY"] = "/var/lib/twenty-mcp";
    CHECK(read(env)->data_dir == "/var/lib/twenty-mcp");
    env["TWENTY_MCP_DATA_DIR"] = "/srv/x";
    CHECK(read(env)->data_dir == "/srv/x");
}

TEST_CASE("the administrator's socket is in systemd's folder, where it is said, or nowhere",
          "[config]") {
    auto env = good();
    CHECK_FALSE(admin_socket_options(*read(env)));
    env["RUNTIME_DIRECTORY"] = "/run/twenty-mcp:/run/other";
    CHECK(admin_socket_options(*read(env))->local_path == "/run/twenty-mcp/admin.sock");
    env["TWENTY_MCP_ADMIN_SOCKET"] = "/srv/a.sock";
    CHECK(admin_socket_options(*read(env))->local_path == "/srv/a.sock");
    env["TWENTY_MCP_ADMIN_SOCKET"] = "none";
    CHECK_FALSE(admin_socket_options(*read(env)));
}

TEST_CASE("every variable has a help text and an example", "[config]") {
    for (const auto& v : settings()) {
        INFO(v.name);
        CHECK_FALSE(v.help.empty());
        CHECK_FALSE(v.example.empty());
    }
}

TEST_CASE("every setting has bad values above, but the folder, whose name may be any", "[config]") {
    for (const auto& s : settings()) {
        INFO(s.name);
        const bool has = std::any_of(std::begin(bad_values), std::end(bad_values),
                                     [&](const auto& bad) { return bad.name == s.name; });
        CHECK(has == (s.name != "TWENTY_MCP_DATA_DIR"));
    }
}

TEST_CASE("an endpoint of Twenty's as its address is refused with what to take away", "[config]") {
    const auto said = [](const std::string& url) {
        auto set = good();
        set["TWENTY_BASE_URL"] = url;
        const auto out = read(set);
        return out ? "" : out.failure().message;
    };
    CHECK(said("https://crm.example.com/graphql").find("take /graphql away") != std::string::npos);
    CHECK(said("https://crm.example.com/a/rest/people/").find("take /rest/people away") !=
          std::string::npos);
    for (const auto* address :
         {"https://crm.example.com", "https://crm.example.com/crm/", "https://graphql.example.com",
          "https://rest", "https://mcp/restful"})
        CHECK(said(address).empty());
}

TEST_CASE("the web site's address is told as it was set", "[config]") {
    for (const std::string url : {"https://example.com", "https://example.com/a/",
                                  "http://example.com:8080/a?b=c&d=%C3%A4#e"}) {
        auto set = good();
        set["TWENTY_MCP_WEBSITE_URL"] = url;
        CHECK(read(set)->website_url == url);
    }
}

TEST_CASE("a setting's default in the help is what holds while it is not set", "[config]") {
    struct expected {
        const char* name;
        const char* shown;
        std::string (*held)(const config&);
    };
    const expected rows[] = {
        {"TWENTY_MCP_LISTEN", "127.0.0.1:8787",
         [](auto& c) { return c.listen_address + ":" + std::to_string(c.listen_port); }},
        {"TWENTY_MCP_TRUSTED_PROXIES", "127.0.0.0/8,::1",
         [](auto& c) { return c.trusted_proxies.at(0) + "," + c.trusted_proxies.at(1); }},
        {"TWENTY_MCP_CIMD", "any",
         [](auto& c) {
             const bool any = c.client_documents == oauth::document_policy::any;
             return std::string(any ? "any" : "another");
         }},
        {"TWENTY_MCP_REFRESH_REUSE", "end",
         [](auto& c) {
             const bool end = c.refresh_reuse == oauth::reuse_policy::end;
             return std::string(end ? "end" : "another");
         }},
        {"TWENTY_MCP_LOG_LEVEL", "info",
         [](auto& c) {
             return std::string(logging::level_names.at(static_cast<std::size_t>(c.log_level)));
         }},
        {"TWENTY_MCP_LOG_FORMAT", "auto",
         [](auto& c) { return std::string(c.log_format ? "another" : "auto"); }},
        {"TWENTY_MCP_SLOW_CALL_MS", "5000",
         [](auto& c) { return std::to_string(c.slow_call.count()); }},
        {"TWENTY_MCP_AUDIT_DAYS", "90", [](auto& c) { return std::to_string(c.audit_days); }},
        {"TWENTY_MCP_AUDIT_CALLS", "250000", [](auto& c) { return std::to_string(c.audit_calls); }},
        {"TWENTY_MCP_ASK_FLOOR", "nothing",
         [](auto& c) { return std::string(twenty::name_of(c.caution.floor)); }},
        {"TWENTY_MCP_ASK_ABOVE", "20", [](auto& c) { return std::to_string(c.caution.above); }},
        {"TWENTY_MCP_CHANGES_HOUR", "2000",
         [](auto& c) { return std::to_string(c.caution.usual.hour); }},
        {"TWENTY_MCP_CHANGES_DAY", "20000",
         [](auto& c) { return std::to_string(c.caution.usual.day); }},
        {"TWENTY_MCP_MOST_CHANGES_HOUR", "20000",
         [](auto& c) { return std::to_string(c.caution.most.hour); }},
        {"TWENTY_MCP_MOST_CHANGES_DAY", "100000",
         [](auto& c) { return std::to_string(c.caution.most.day); }},
        {"TWENTY_MCP_JOURNAL_DAYS", "30", [](auto& c) { return std::to_string(c.journal_days); }},
        {"TWENTY_MCP_JOURNAL_MB", "256", [](auto& c) { return std::to_string(c.journal_mb); }},
        {"TWENTY_MCP_ADMIN_SOCKET", "$RUNTIME_DIRECTORY/admin.sock, else none",
         [](auto& c) {
             return "$RUNTIME_DIRECTORY/admin.sock, else " +
                    std::string(c.admin_socket->empty() ? "none" : "one");
         }},
        {"TWENTY_MCP_METRICS_LISTEN", "",
         [](auto& c) { return std::string(c.metrics_listen ? "some" : ""); }},
        {"TWENTY_MCP_OTLP_ENDPOINT", "", [](auto& c) { return c.collector_url; }},
        {"TWENTY_MCP_OTLP_HEADERS", "",
         [](auto& c) { return std::string(c.collector_fields.empty() ? "" : "some"); }},
        {"TWENTY_MCP_TRACE_SAMPLE", "1",
         [](auto& c) { return std::string(c.trace_ratio == 1 ? "1" : "another"); }},
        {"PUBLIC_URL", "http://localhost:PORT while bound to loopback",
         [](auto& c) {
             const bool local = c.public_url == "http://localhost:8787";
             return std::string(local ? "http://localhost:PORT while bound to loopback" : "");
         }},
        {"TWENTY_MCP_DATA_DIR", "$STATE_DIRECTORY, else ./data",
         [](auto& c) { return "$STATE_DIRECTORY, else " + c.data_dir; }},
        {"TWENTY_MCP_TWENTY_PUBLIC_URL", "TWENTY_BASE_URL",
         [](auto& c) {
             const bool same = c.twenty_public_url == c.twenty_base_url;
             return std::string(same ? "TWENTY_BASE_URL" : "another");
         }},
        {"TWENTY_MCP_WEBSITE_URL", "the start page",
         [](auto& c) { return std::string(c.website_url.empty() ? "the start page" : "another"); }},
        {"TWENTY_MCP_SERVER_CARD", "on",
         [](auto& c) { return std::string(c.server_card ? "on" : "off"); }},
        {"TWENTY_MCP_MAX_CONNECTIONS", "8192",
         [](auto& c) { return std::to_string(c.max_connections); }},
        {"TWENTY_MCP_CALLS_PER_MINUTE", "as many as Twenty takes",
         [](auto& c) {
             return std::string(c.calls_per_minute ? "fewer" : "as many as Twenty takes");
         }},
        {"TWENTY_BASE_URL", nullptr, nullptr},
        {"COOKIE_ENCRYPTION_KEY", nullptr, nullptr},
        {"ADMIN_TOKEN", "", [](auto& c) { return std::string(c.admin_token ? "set" : ""); }},
        {"COOKIE_ENCRYPTION_KEY_PREVIOUS", "",
         [](auto& c) { return std::string(c.previous_keys.empty() ? "" : "some"); }},
        {"TWENTY_MCP_ALLOWED_ORIGINS", "",
         [](auto& c) { return std::string(c.allowed_origins.empty() ? "" : "some"); }},
        {"TWENTY_MCP_ALLOWED_HOSTS", "",
         [](auto& c) { return std::string(c.allowed_hosts.empty() ? "" : "some"); }},
        {"TWENTY_MCP_STATIC_CLIENTS", "",
         [](auto& c) { return std::string(c.configured_clients.empty() ? "" : "some"); }},
        {"TWENTY_MCP_TRUSTED_REDIRECT_HOSTS", "",
         [](auto& c) { return std::string(c.trusted_redirect_hosts.empty() ? "" : "some"); }},
        {"TWENTY_MCP_CA_FILE", "", [](auto& c) { return c.ca_file; }},
        {"HTTPS_PROXY", "", [](auto& c) { return std::string(c.proxies.https ? "one" : ""); }},
        {"HTTP_PROXY", "", [](auto& c) { return std::string(c.proxies.http ? "one" : ""); }},
        {"ALL_PROXY", "", [](auto& c) { return std::string(c.proxies.all ? "one" : ""); }},
        {"NO_PROXY", "",
         [](auto& c) { return std::string(c.proxies.except.empty() ? "" : "some"); }},
    };
    const auto c = read(good());
    REQUIRE(c.ok());
    const auto help = settings_help(settings());
    REQUIRE(std::size(rows) == settings().size());
    for (const auto& s : settings()) {
        INFO(s.name);
        const auto* const row = std::find_if(std::begin(rows), std::end(rows),
                                             [&](const auto& r) { return r.name == s.name; });
        REQUIRE(row != std::end(rows));
        CHECK(s.required == (row->shown == nullptr));
        const auto line = "\n  " + std::string(s.name) +
                          (!row->shown             ? "  (required)"
                           : row->shown[0] != '\0' ? "  (default: " + std::string(row->shown) + ")"
                                                   : std::string()) +
                          "\n      " + std::string(s.help) + "\n";
        CHECK(help.find(line) != std::string::npos);
        if (row->held) CHECK(row->held(*c) == row->shown);
    }
}

TEST_CASE("every setting stands in docs/operating.md as the program prints it", "[config]") {
    std::ifstream file(TWENTY_MCP_SOURCE_DIR "/docs/operating.md");
    const std::string page(std::istreambuf_iterator<char>(file), {});
    const auto table = settings_table(settings());
    CHECK(page.find(table) != std::string::npos);
    for (const auto& s : settings()) {
        INFO(s.name);
        CHECK(table.find("| `" + std::string(s.name) + "` | ") != std::string::npos);
    }
}

TEST_CASE("check-config says what the settings come to, and no secret", "[config]") {
    auto env = good();
    env["ADMIN_TOKEN"] = "an-admin-token-of-some-length";
    env["TWENTY_MCP_LISTEN"] = "[::1]:9000";
    env["TWENTY_MCP_DATA_DIR"] = "/srv/x";
    CHECK(config_summary(*read(env)) == "The configuration is good.\n"
                                        "  connector URL  http://localhost:9000/mcp\n"
                                        "  Twenty         https://crm.example.com\n"
                                        "  listening on   ::1:9000, or where "
                                        "twenty-mcp.socket listens if it is enabled\n"
                                        "  data           /srv/x\n"
                                        "  static clients 0\n"
                                        "  admin          on\n");
    env["ALL_PROXY"] = "http://user:planted@proxy.example.com:3128";
    auto shown = config_summary(*read(env));
    CHECK(shown.find("    by way of    http://***@proxy.example.com:3128\n") != std::string::npos);
    CHECK(shown.find("  documents by   http://***@proxy.example.com:3128\n") != std::string::npos);
    CHECK(shown.find("planted") == std::string::npos);
    env["NO_PROXY"] = "crm.example.com";
    shown = config_summary(*read(env));
    CHECK(shown.find("by way of") == std::string::npos);
    CHECK(shown.find("documents by") != std::string::npos);
}

TEST_CASE("what a setting says reaches the component that it is for", "[config]") {
    environment env = good();
    env["COOKIE_ENCRYPTION_KEY_PREVIOUS"] = "ff" + key.substr(2);
    env["TWENTY_MCP_LISTEN"] = "[::1]:9000";
    env["TWENTY_MCP_TRUSTED_PROXIES"] = "10.0.0.0/8";
    env["TWENTY_MCP_ALLOWED_HOSTS"] = "mcp.internal:8787";
    env["TWENTY_MCP_TWENTY_PUBLIC_URL"] = "https://people.example.com";
    env["TWENTY_MCP_REFRESH_REUSE"] = "refuse";
    env["TWENTY_MCP_MAX_CONNECTIONS"] = "64";
    env["TWENTY_MCP_CALLS_PER_MINUTE"] = "80";
    env["TWENTY_MCP_CA_FILE"] = "/ca.pem";
    const auto c = read(env, {{"/ca.pem", "a certificate"}});
    REQUIRE(c.ok());

    const auto files = store_options(*c, "/srv/x.db", "https://mcp.example.com/mcp");
    CHECK(files.path == "/srv/x.db");
    CHECK(files.key.reveal() == c->cookie_encryption_key.reveal());
    CHECK(files.previous.size() == 1);
    CHECK(files.resource == "https://mcp.example.com/mcp");
    CHECK(files.on_reuse == oauth::reuse_policy::refuse);

    CHECK(twenty_client_options(*c).base_url == "https://crm.example.com");
    CHECK(twenty_client_options(*c).ca_file == "/ca.pem");

    CHECK(server_options(*c).address == "::1");
    CHECK(server_options(*c).socket == -1);
    CHECK(server_options(*c).port == 9000);
    CHECK(server_options(*c).max_connections == 64);
    CHECK(server_options(*c).trusted_proxies == std::vector<std::string>{"10.0.0.0/8"});

    CHECK(actor_settings(*c).twenty_base_url == "https://people.example.com");
    CHECK(actor_settings(*c).pace->tokens == 80);

    CHECK(document_options(*c).forbidden_hosts ==
          std::vector<std::string>{"localhost", "crm.example.com", "people.example.com",
                                   "mcp.internal"});

    const auto keys = server_keys(*c);
    REQUIRE(keys.size() == 2);
    CHECK(keys[0].reveal() == c->cookie_encryption_key.reveal());
    CHECK(keys[1].reveal() == c->previous_keys[0].reveal());
}

TEST_CASE("traces go to the collector by its base address, with its header fields, proxy and "
          "authorities",
          "[config]") {
    CHECK_FALSE(export_options(*read(good())));
    auto env = good();
    env["TWENTY_MCP_TRACE_SAMPLE"] = "0.25";
    env["TWENTY_MCP_OTLP_HEADERS"] = " authorization=Bearer%20k3y , x-scope = team%2Cone,";
    env["TWENTY_MCP_CA_FILE"] = "/ca.pem";
    env["HTTPS_PROXY"] = "http://proxy.example.com:3128";
    for (const auto* address :
         {"https://otel.example.com:4318", "https://OTEL.example.com:4318/",
          "https://otel.example.com:4318/v1/traces", "https://otel.example.com:4318/v1/traces/"}) {
        INFO(address);
        env["TWENTY_MCP_OTLP_ENDPOINT"] = address;
        const auto c = read(env, {{"/ca.pem", "a certificate"}});
        REQUIRE(c.ok());
        CHECK(c->collector_url == "https://otel.example.com:4318");
        const auto o = export_options(*c);
        REQUIRE(o);
        CHECK(o->collector.base_url == c->collector_url);
        CHECK(o->collector.ca_file == "/ca.pem");
        CHECK(o->collector.fields.reveal() == "\r\nauthorization: Bearer k3y\r\nx-scope: team,one");
        REQUIRE(o->collector.proxy);
        CHECK(o->collector.proxy->host == "proxy.example.com");
        CHECK(o->who.instance != export_options(*c)->who.instance);
        CHECK(actor_settings(*c).trace_ratio == 0.25);
        CHECK(actor_settings(*c).upstream_host == "crm.example.com");
        CHECK(actor_settings(*c).upstream_port == 443);
        const auto shown = config_summary(*c);
        CHECK(shown.find("  traces to      https://otel.example.com:4318\n"
                         "    by way of    http://proxy.example.com:3128\n") != std::string::npos);
        CHECK(shown.find("k3y") == std::string::npos);
    }
    env["TWENTY_MCP_OTLP_ENDPOINT"] = "http://127.0.0.1:4318/otlp/v1/traces";
    const auto near = read(env, {{"/ca.pem", "a certificate"}});
    REQUIRE(near.ok());
    CHECK(near->collector_url == "http://127.0.0.1:4318/otlp");
    CHECK_FALSE(export_options(*near)->collector.proxy); // this machine is reached without one
}

TEST_CASE("all faults of the settings are told at once, a line each", "[config]") {
    auto env = good();
    env["ADMIN_TOKEN"] = "short";
    env["PUBLIC_URL"] = "nonsense";
    env["TWENTY_MCP_LOG_LEVL"] = "debug";
    const auto c = read(env);
    REQUIRE_FALSE(c.ok());
    const auto lines = text::split(c.failure().message, '\n');
    REQUIRE(lines.size() == 3);
    CHECK(lines[0] == "TWENTY_MCP_LOG_LEVL is not a known setting; did you mean "
                      "TWENTY_MCP_LOG_LEVEL?");
    CHECK(lines[1].starts_with("ADMIN_TOKEN "));
    CHECK(lines[2].starts_with("PUBLIC_URL "));
}

TEST_CASE("the journal of changes is bounded as given, and 0 days switch it off", "[config]") {
    auto env = good();
    env["TWENTY_MCP_JOURNAL_DAYS"] = "7";
    env["TWENTY_MCP_JOURNAL_MB"] = "2";
    const auto bounded = store_options(*read(env), "x", "y").changes;
    CHECK(bounded.age == std::chrono::hours(168));
    CHECK(bounded.bytes == 2 * 1024 * 1024);
    env["TWENTY_MCP_JOURNAL_DAYS"] = "0";
    CHECK(store_options(*read(env), "x", "y").changes.age.count() == 0);
}

TEST_CASE("the log's format, slow calls, the trail of calls and the metrics are set up as given",
          "[config]") {
    auto env = good();
    env["TWENTY_MCP_LOG_FORMAT"] = "json";
    env["TWENTY_MCP_SLOW_CALL_MS"] = "0";
    env["TWENTY_MCP_AUDIT_DAYS"] = "10";
    env["TWENTY_MCP_AUDIT_CALLS"] = "5000";
    env["TWENTY_MCP_METRICS_LISTEN"] = "[::1]:9464";
    const auto c = read(env);
    REQUIRE(c.ok());
    CHECK(c->log_format == logging::format::json);
    CHECK(actor_settings(*c).slow_call.count() == 0);
    const auto stored = store_options(*c, "x", "y");
    CHECK(stored.calls.age == std::chrono::hours(240));
    CHECK(stored.calls.rows == 5000);
    const auto metrics = metrics_options(*c);
    REQUIRE(metrics);
    CHECK(metrics->address == "::1");
    CHECK(metrics->port == 9464);
    CHECK_FALSE(metrics_options(*read(good())));
}
