#include "demo_settings.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <map>

namespace {

using demo_environment = std::map<std::string, std::string, std::less<>>;

lookup from(demo_environment env) {
    return [env = std::move(env)](std::string_view name) -> std::optional<std::string> {
        const auto found = env.find(name);
        if (found == env.end()) return std::nullopt;
        return found->second;
    };
}

const std::string hex_key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const std::string made_key = "0123456789abcdef0123456789abcdef";

result<config> read_demo(const demo_environment& env, std::optional<std::uint16_t> port = {}) {
    std::vector<std::string> names;
    for (const auto& [name, value] : env)
        names.push_back(name);
    auto c = read_config(demo_settings::over(from(env), port, secret(made_key)), names,
                         [](const std::string&) -> result<std::string> {
                             return error{errc::not_found, "no such file"};
                         });
    if (c) demo_settings::connect(*c, "http://127.0.0.1:9000");
    return c;
}

} // namespace

TEST_CASE("the demo starts with no setting at all, in front of its own workspace",
          "[demo_settings]") {
    const auto c = read_demo({});
    REQUIRE(c.ok());
    CHECK(c->twenty_base_url == "http://127.0.0.1:9000");
    CHECK(c->twenty_public_url == "http://127.0.0.1:9000");
    CHECK(c->twenty_shown_url == "http://127.0.0.1:9000");
    CHECK(c->cookie_encryption_key.reveal() == made_key);
    CHECK(c->listen_address == "127.0.0.1");
    CHECK(c->listen_port == 8787);
    CHECK(c->public_url == "http://localhost:8787");
    CHECK_FALSE(c->admin_token.has_value());
    CHECK_FALSE(demo_settings::keeps_connections(from({})));
}

TEST_CASE("the demo takes the service's settings", "[demo_settings]") {
    const auto c = read_demo({{"TWENTY_MCP_LISTEN", "0.0.0.0:9999"},
                              {"PUBLIC_URL", "https://demo.example.com"},
                              {"ADMIN_TOKEN", "an-admin-token-of-some-length"},
                              {"TWENTY_MCP_TWENTY_PUBLIC_URL", "https://crm.example.com"},
                              {"COOKIE_ENCRYPTION_KEY", hex_key},
                              {"TWENTY_MCP_DATA_DIR", "/var/lib/demo"},
                              {"TWENTY_MCP_LOG_LEVEL", "debug"}});
    REQUIRE(c.ok());
    CHECK(c->listen_address == "0.0.0.0");
    CHECK(c->listen_port == 9999);
    CHECK(c->public_url == "https://demo.example.com");
    CHECK(c->admin_token.has_value());
    CHECK(c->twenty_base_url == "http://127.0.0.1:9000");
    CHECK(c->twenty_public_url == "https://crm.example.com");
    CHECK(c->cookie_encryption_key.reveal() != made_key);
    CHECK(c->data_dir == "/var/lib/demo");
    CHECK(c->log_level == logging::level::debug);
}

TEST_CASE("the port of the command line wins over the address of the environment",
          "[demo_settings]") {
    const auto c = read_demo({{"TWENTY_MCP_LISTEN", "0.0.0.0:9999"}}, 8123);
    REQUIRE(c.ok());
    CHECK(c->listen_address == "127.0.0.1");
    CHECK(c->listen_port == 8123);
    CHECK(c->public_url == "http://localhost:8123");
}

TEST_CASE("a demo that keeps its connections does not make up the key they are sealed with",
          "[demo_settings]") {
    for (const auto* folder : {"TWENTY_MCP_DATA_DIR", "STATE_DIRECTORY"}) {
        const demo_environment kept{{folder, "/var/lib/demo"}};
        CHECK(demo_settings::keeps_connections(from(kept)));
        const auto c = read_demo(kept);
        REQUIRE_FALSE(c.ok());
        CHECK(c.failure().message.starts_with("COOKIE_ENCRYPTION_KEY is not set"));
    }
    CHECK_FALSE(demo_settings::keeps_connections(from({{"TWENTY_MCP_DATA_DIR", " "}})));
    // Its file is not there.
    CHECK_FALSE(read_demo({{"CREDENTIALS_DIRECTORY", "/run/credentials"}}).ok());
}

TEST_CASE("a wrong setting is the same error in the demo and in the service", "[demo_settings]") {
    const demo_environment service{{"TWENTY_BASE_URL", "https://crm.example.com"},
                                   {"COOKIE_ENCRYPTION_KEY", hex_key}};
    for (const auto& [name, value] : demo_environment{{"COOKIE_ENCRYPTION_KEY", "short"},
                                                      {"ADMIN_TOKEN", "short"},
                                                      {"TWENTY_MCP_LISTEN", "nonsense"},
                                                      {"TWENTY_MCP_NO_SUCH_SETTING", "1"},
                                                      {"PUBLIC_URL", "http://demo.example.com"}}) {
        CAPTURE(name);
        auto wrong = service;
        wrong[name] = value;
        const auto expected =
            read_config(from(wrong), {name}, [](const std::string&) -> result<std::string> {
                return error{errc::not_found, "no such file"};
            });
        const auto c = read_demo({{name, value}});
        REQUIRE_FALSE(c.ok());
        REQUIRE_FALSE(expected.ok());
        CHECK(c.failure().message == expected.failure().message);
    }
}

TEST_CASE("settings that mean nothing to the demo are told, and are not in its help",
          "[demo_settings]") {
    const demo_environment env{{"TWENTY_BASE_URL", "https://crm.example.com"},
                               {"TWENTY_MCP_CA_FILE", "/nowhere.pem"}};
    CHECK(demo_settings::unused(from(env)) ==
          std::vector<std::string_view>{"TWENTY_BASE_URL", "TWENTY_MCP_CA_FILE"});
    CHECK(demo_settings::unused(from({{"TWENTY_BASE_URL", ""}})).empty());
    const auto c = read_demo(env);
    REQUIRE(c.ok());
    CHECK(c->twenty_base_url == "http://127.0.0.1:9000");
    CHECK(c->ca_file.empty());

    const auto shown = demo_settings::shown();
    CHECK(shown.size() + 2 == settings().size());
    for (const auto& v : shown) {
        CHECK(env.find(v.name) == env.end());
        CHECK_FALSE(v.required);
    }
}
