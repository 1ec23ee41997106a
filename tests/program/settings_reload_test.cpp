#include "settings_reload.hpp"

#include "base/crypto.hpp"
#include "tests/support/catch.hpp"

#include <map>

namespace {

using settings_reload::reloader;
using settings_reload::report;
using settings_reload::source;
using texts = std::map<std::string, std::string, std::less<>>;
using names = std::vector<std::string_view>;

constexpr std::string_view level_name = "TWENTY_MCP_LOG_LEVEL";
constexpr std::string_view ca_name = "TWENTY_MCP_CA_FILE";
constexpr std::string_view clients_name = "TWENTY_MCP_STATIC_CLIENTS";

// A machine whose environment and files a test changes.
struct place {
    texts environment{{"TWENTY_BASE_URL", "https://crm.example.com"},
                      {"COOKIE_ENCRYPTION_KEY", std::string(64, '7')}};
    texts files;

    source read() {
        REQUIRE(crypto::start());
        source out;
        out.get = [this](std::string_view name) -> std::optional<std::string> {
            const auto found = environment.find(name);
            if (found == environment.end()) return std::nullopt;
            return found->second;
        };
        out.read_file = [this](const std::string& path) -> result<std::string> {
            const auto found = files.find(path);
            if (found == files.end()) return error{errc::not_found, path + ": none"};
            return found->second;
        };
        return out;
    }
};

// Takes up what it is given, and remembers it.
struct taken {
    logging::level level = logging::level::info;
    std::string ca_file = "not told";
    bool trusts = true;
    std::vector<oauth::client> clients;

    settings_reload::receiver receiver() {
        settings_reload::receiver to;
        to.log_level = [this](logging::level given) {
            return std::exchange(level, given) != given;
        };
        to.trust = [this](const std::string& file) -> result<done> {
            if (!trusts) return error{errc::bad_request, "holds no certificate", "no start line"};
            ca_file = file;
            return done{};
        };
        to.clients = [this](std::vector<oauth::client> given) { clients = std::move(given); };
        return to;
    }
};

std::string client_named(const std::string& id) {
    return R"([{"client_id":")" + id +
           R"(","client_name":"One","redirect_uris":["https://a.example.com/back"]}])";
}

} // namespace

TEST_CASE("a reload takes up what it may, and names what waits for a restart",
          "[settings_reload]") {
    place p;
    p.files["/ca.pem"] = "one";
    p.environment["TWENTY_MCP_CA_FILE"] = "/ca.pem";
    reloader changes(p.read());
    taken to;
    auto what = changes.reload(p.read(), to.receiver());
    CHECK(what.changed.empty());
    CHECK(what.waiting.empty());
    CHECK(what.faults.empty());
    CHECK(to.ca_file == "/ca.pem");

    p.files["/ca.pem"] = "another";
    p.environment["TWENTY_MCP_LOG_LEVEL"] = "debug";
    p.environment["TWENTY_MCP_LISTEN"] = "127.0.0.1:8787"; // the default, said aloud
    p.environment["TWENTY_MCP_SLOW_CALL_MS"] = "17";
    what = changes.reload(p.read(), to.receiver());
    CHECK(what.changed == names{ca_name, level_name});
    CHECK(what.waiting == names{"TWENTY_MCP_SLOW_CALL_MS"});
    CHECK(to.level == logging::level::debug);
    // It waits until the restart, and no longer than it differs.
    what = changes.reload(p.read(), to.receiver());
    CHECK(what.changed.empty());
    CHECK(what.waiting == names{"TWENTY_MCP_SLOW_CALL_MS"});
    p.environment.erase("TWENTY_MCP_SLOW_CALL_MS");
    p.environment.erase("TWENTY_MCP_CA_FILE");
    what = changes.reload(p.read(), to.receiver());
    CHECK(what.waiting.empty());
    CHECK(what.changed == names{ca_name});
    CHECK(to.ca_file.empty());
}

TEST_CASE("a log level that was set by hand goes back to its setting", "[settings_reload]") {
    place p;
    reloader changes(p.read());
    taken to;
    to.level = logging::level::error;
    CHECK(changes.reload(p.read(), to.receiver()).changed == names{level_name});
    CHECK(to.level == logging::level::info);
}

TEST_CASE("a setting with a fault keeps its value, the others are taken up, and no secret is told",
          "[settings_reload]") {
    place p;
    p.environment["CREDENTIALS_DIRECTORY"] = "/secrets";
    const std::string file = "/secrets/TWENTY_MCP_STATIC_CLIENTS";
    p.files[file] = client_named("first");
    reloader changes(p.read());
    taken to;
    changes.reload(p.read(), to.receiver());
    REQUIRE(to.clients.size() == 1);

    p.files[file] = R"([{"client_id":"second","client_secret":"hush-hush"}])";
    p.environment["TWENTY_MCP_LOG_LEVEL"] = "loud";
    p.environment["TWENTY_MCP_CA_FILE"] = "/nowhere.pem";
    auto what = changes.reload(p.read(), to.receiver());
    REQUIRE(what.faults.size() == 3);
    CHECK(what.faults[0].name == clients_name);
    CHECK(what.faults[1].name == ca_name);
    CHECK(what.faults[1].why == "/nowhere.pem: none");
    CHECK(what.faults[2].name == level_name);
    for (const auto& fault : what.faults)
        CHECK(fault.why.find("hush") == std::string::npos);
    CHECK(what.changed.empty());
    CHECK(to.level == logging::level::info);
    CHECK(to.clients.at(0).id == "first");

    p.files["/nowhere.pem"] = "no certificate";
    p.environment["TWENTY_MCP_LOG_LEVEL"] = "error";
    to.trusts = false;
    what = changes.reload(p.read(), to.receiver());
    REQUIRE(what.faults.size() == 2);
    CHECK(what.faults[1].why == "holds no certificate (no start line)");
    CHECK(what.changed == names{level_name});
    // What was refused counts as changed when it is taken up at last.
    to.trusts = true;
    p.files.erase(file);
    CHECK(changes.reload(p.read(), to.receiver()).changed == names{clients_name, ca_name});
    CHECK(to.clients.empty());
}

TEST_CASE("secrets that were wiped from the environment count as what they were",
          "[settings_reload]") {
    place p;
    p.environment["TWENTY_MCP_STATIC_CLIENTS"] = client_named("first");
    p.environment["https_proxy"] = "http://user:word@proxy.example.com:3128";
    reloader changes(p.read());
    for (const auto* name : {"TWENTY_MCP_STATIC_CLIENTS", "https_proxy", "COOKIE_ENCRYPTION_KEY"})
        p.environment.erase(name);
    taken to;
    const auto what = changes.reload(p.read(), to.receiver());
    CHECK(what.changed.empty());
    CHECK(what.waiting.empty());
    CHECK(what.faults.empty());

    p.environment["CREDENTIALS_DIRECTORY"] = "/secrets";
    p.files["/secrets/ADMIN_TOKEN"] = "an-admin-token-of-some-length";
    CHECK(changes.reload(p.read(), to.receiver()).waiting == names{"ADMIN_TOKEN"});
}

TEST_CASE("what is handed over is all that a start would get, but secrets that need one",
          "[settings_reload]") {
    place now;
    now.environment["CREDENTIALS_DIRECTORY"] = "/etc/twenty-mcp";
    now.environment["ADMIN_TOKEN"] = "an-admin-token-of-some-length";
    now.environment["TWENTY_MCP_LOG_LEVEL"] = " debug ";
    now.environment["no_proxy"] = "crm.example.com,10.0.0.0/8";
    now.files["/etc/twenty-mcp/TWENTY_MCP_STATIC_CLIENTS"] = client_named("first") + "\n";
    auto text = settings_reload::handed_text(now.read());
    REQUIRE(text.ok());
    const std::string shown(text->reveal());
    CHECK(shown.find("an-admin-token") == std::string::npos);
    CHECK(shown.find("7777") == std::string::npos);

    place began;
    const auto given = settings_reload::read_handed(*std::move(text), began.read().read_file);
    CHECK(given.handed);
    CHECK(given.get("TWENTY_MCP_LOG_LEVEL") == "debug");
    CHECK(given.get("NO_PROXY") == "crm.example.com,10.0.0.0/8");
    CHECK(given.get(clients_name) == client_named("first"));
    CHECK_FALSE(given.get("TWENTY_MCP_LOG"));
    CHECK_FALSE(given.get("LOG_LEVEL"));
    CHECK_FALSE(given.get(""));

    reloader changes(began.read());
    taken to;
    const auto what = changes.reload(given, to.receiver());
    CHECK(what.changed == names{clients_name, level_name});
    CHECK(what.waiting == names{"NO_PROXY"});
    CHECK(what.faults.empty());
}

TEST_CASE("what was handed over comes before the environment, where there is something",
          "[settings_reload]") {
    place p;
    p.environment["TWENTY_MCP_LOG_LEVEL"] = "warning";
    const auto level = [&] {
        const auto found = settings_reload::present(p.read());
        REQUIRE(found.ok());
        return found->get(level_name);
    };
    CHECK(level() == "warning");
    p.environment["RUNTIME_DIRECTORY"] = "/run/twenty-mcp:/run/other";
    CHECK(level() == "warning");
    p.files["/run/twenty-mcp/settings"] = std::string("TWENTY_MCP_LOG_LEVEL=debug\0", 27);
    CHECK(level() == "debug");
    p.files["/run/twenty-mcp/settings"] = "";
    CHECK(level() == std::nullopt);
}
