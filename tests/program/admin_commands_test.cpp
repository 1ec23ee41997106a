#include "admin_commands.hpp"

#include "command_line.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace {

// What a command line comes to: its order, or the words of CLI11.
struct parsed {
    CLI::App app{"A tool."};
    admin_commands commands{app};
    std::string wrong;

    explicit parsed(const std::string& line) {
        app.require_subcommand(1);
        try {
            app.parse("admin " + line);
        } catch (const CLI::ParseError& e) {
            wrong = e.what();
        }
    }
    [[nodiscard]] const console::order& order() const {
        REQUIRE(wrong.empty());
        return *commands.chosen();
    }
};

lookup with(std::map<std::string, std::string, std::less<>> variables) {
    return [variables = std::move(variables)](std::string_view name) {
        const auto at = variables.find(name);
        return at == variables.end() ? std::nullopt : std::optional(at->second);
    };
}

result<std::string> no_file(const std::string& path) { return error{errc::not_found, path}; }
result<std::string> token_file(const std::string&) { return std::string("from-a-file\n"); }

} // namespace

TEST_CASE("words, values by place and options become a command's arguments", "[admin_commands]") {
    const parsed find("connections --unused-since 2026-10-01T00:00:00Z --mode read");
    CHECK(find.order().row->words == "connections");
    CHECK(find.order().given ==
          console::arguments{{"mode", "read"}, {"unused_since", "2026-10-01T00:00:00Z"}});
    const parsed put("skills put ours SKILL.md --if-match '\"e\"'");
    CHECK(put.order().given == console::arguments{{"name", "ours"}});
    CHECK(put.order().file == "SKILL.md");
    CHECK(put.order().if_match == "\"e\"");
    const parsed diff("primer diff - 7");
    CHECK(diff.order().file == "-");
    CHECK(diff.order().given == console::arguments{{"version", "7"}});
    const parsed back("skills rollback ours 7");
    CHECK(back.order().given == console::arguments{{"name", "ours"}, {"version", "7"}});
    const parsed all("end --all --yes");
    CHECK(all.order().given == console::arguments{{"all", "true"}});
    CHECK(all.order().sure);
    const parsed level("log-level debug");
    CHECK(level.order().given == console::arguments{{"level", "debug"}});
    CHECK(parsed("log-level").order().given.empty());
    CHECK(parsed("calls --follow").order().follow);
}

TEST_CASE("what all commands share stands before a command or behind it", "[admin_commands]") {
    for (const auto* line :
         {"--json --timeout 5 primer history", "primer --timeout 5 history --json",
          "primer history --json --timeout 5"}) {
        const parsed p(line);
        CHECK(p.order().row->words == "primer history");
        CHECK(p.commands.options().timeout_seconds == 5);
    }
}

TEST_CASE("a command line that is wrong is refused before anything is asked", "[admin_commands]") {
    for (const auto* line :
         {"", "primer", "nothing", "connections extra", "connection", "primer put",
          "connections --mode all", "calls --nothing 1", "keys --follow", "primer get --if-match e",
          "primer put a --if-match e --only-new", "keys --url https://a --socket /b",
          "keys --token-file a", "keys --ca-file a", "keys --timeout 0", "--token abc keys"}) {
        INFO(line);
        CHECK_FALSE(parsed(line).wrong.empty());
    }
}

TEST_CASE("the manual and the completion know commands of three words", "[admin_commands]") {
    const parsed p("keys");
    const auto tool = command_line::described(p.app);
    const auto find = [](const command_line::command& in, std::string_view name) {
        const auto at = std::ranges::find(in.commands, name, &command_line::command::name);
        REQUIRE(at != in.commands.end());
        return *at;
    };
    const auto admin = find(tool, "admin");
    const auto put = find(find(admin, "primer"), "put");
    CHECK(put.takes_above);
    CHECK_FALSE(admin.takes_above);
    CHECK(put.footer.empty());
    CHECK(put.options.at(1).names == std::vector<std::string>{"FILE"});
    CHECK((put.options.at(1).is_file && put.options.at(1).required));
    const auto mode = find(admin, "connections").options;
    CHECK(std::ranges::any_of(mode, [](const auto& o) {
        return o.words == std::vector<std::string>{"read", "write"};
    }));
}

TEST_CASE("commands go to the socket of the settings, or to a server with its token",
          "[admin_commands]") {
    using admin_program::target_of;
    constexpr std::string_view of_package = "/run/twenty-mcp/admin.sock";
    CHECK(target_of({}, with({}), no_file)->socket == of_package);
    CHECK(target_of({}, with({{"RUNTIME_DIRECTORY", "/run/ours:/run/b"}}), no_file)->socket ==
          "/run/ours/admin.sock");
    const auto set = with({{"TWENTY_MCP_ADMIN_SOCKET", "/tmp/a"}, {"ADMIN_TOKEN", "from-the-env"}});
    CHECK(target_of({}, set, no_file)->socket == "/tmp/a");
    CHECK(target_of({}, set, no_file)->token.empty());
    CHECK(target_of({}, with({{"TWENTY_MCP_ADMIN_SOCKET", ""}}), no_file)->socket == of_package);
    admin_program::options named;
    named.socket = "/tmp/b";
    CHECK(target_of(named, set, no_file)->socket == "/tmp/b");

    admin_program::options url;
    url.url = "https://mcp.example.com";
    CHECK(target_of(url, set, no_file)->token.reveal() == "from-the-env");
    CHECK(target_of(url, set, no_file)->socket.empty());
    CHECK(target_of(url, with({}), no_file).failure().code == errc::bad_request);
    url.token_file = "file";
    CHECK(target_of(url, set, token_file)->token.reveal() == "from-a-file");
    CHECK_FALSE(target_of(url, set, no_file));
    url.url = "http://mcp.example.com";
    CHECK_FALSE(target_of(url, set, token_file));
}

TEST_CASE("a socket that is switched off is no path, and another one can be named",
          "[admin_commands]") {
    const auto off = with({{"TWENTY_MCP_ADMIN_SOCKET", " none "}, {"RUNTIME_DIRECTORY", "/run/a"}});
    const auto why = admin_program::target_of({}, off, no_file).failure();
    CHECK(why.code == errc::bad_request);
    CHECK(why.message.find("switched off") != std::string::npos);
    admin_program::options named;
    named.socket = "/tmp/b";
    CHECK(admin_program::target_of(named, off, no_file)->socket == "/tmp/b");
}

TEST_CASE("a folder is sent as a skill's files, without what is hidden", "[admin_commands]") {
    namespace fs = std::filesystem;
    std::string folder = "/tmp/admin-commands-XXXXXX";
    REQUIRE(::mkdtemp(folder.data()));
    const auto write = [&](const std::string& path, std::string_view text) {
        fs::create_directories(fs::path(folder + "/" + path).parent_path());
        std::ofstream(folder + "/" + path) << text;
    };
    write("SKILL.md", "one");
    write("references/a.md", "two");
    write(".git/config", "hidden");
    write(".swp", "hidden");
    auto read = admin_program::read_content(folder);
    REQUIRE(read);
    CHECK(read->text == R"({"files":{"SKILL.md":"one","references/a.md":"two"}})");
    CHECK(read->media == "application/json");
    CHECK(admin_program::read_content(folder + "/SKILL.md")->media == "text/markdown");
    for (int i = 0; i < 101; ++i)
        write(std::to_string(i), "");
    CHECK(admin_program::read_content(folder).failure().code == errc::bad_request);
    fs::remove_all(folder);
    CHECK_FALSE(admin_program::read_content(folder));
}
