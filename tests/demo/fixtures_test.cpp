#include "tests/demo/shape_of.hpp"
#include "tests/demo/support.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, demo::role>, 6> roles{
    {{"full", demo::role::full},
     {"read_only", demo::role::read_only},
     {"limited", demo::role::limited},
     {"rw_nodestroy", demo::role::rw_nodestroy},
     {"revoked", demo::role::revoked},
     {"expired", demo::role::expired}}};

std::string authorization(const demo::workspace& w, std::string_view as) {
    if (as.empty()) return {};
    for (const auto& [name, who] : roles)
        if (name == as) return "Bearer " + w.keys().of(who).token;
    return "Bearer garbage";
}

bool ignored(const json::value& exchange, const std::string& line) {
    const auto* names = exchange.find("ignore");
    if (!names || !names->if_array()) return false;
    for (const auto& name : *names->if_array())
        if (line.find("." + *name.if_string()) != std::string::npos) return true;
    return false;
}

} // namespace

TEST_CASE("the demo workspace answers every exchange of its own fixtures", "[fixtures]") {
    int exchanges = 0;
    for (const auto& entry :
         fs::directory_iterator(fs::path(TWENTY_MCP_SOURCE_DIR) / "tests" / "demo" / "fixtures")) {
        std::ifstream in(entry.path());
        std::ostringstream text;
        text << in.rdbuf();
        const auto list = json::parse(text.str());
        INFO(entry.path().filename().string());
        REQUIRE(list);
        REQUIRE(list->if_array());
        for (const auto& exchange : *list->if_array()) {
            demo_test::desk d;
            INFO(exchange.text("name"));
            const auto* body = exchange.find("body");
            const auto answer = d.workspace.handle(
                {std::string(exchange.text("method")), std::string(exchange.text("target")),
                 authorization(d.workspace, exchange.text("as")), "", "application/json",
                 body ? json::dump(*body) : std::string()},
                d.now);
            CHECK(answer.status == exchange.find("status")->as_int());
            for (const auto& line : demo_test::shape_differences(*exchange.find("answer"),
                                                                 demo_test::desk::parsed(answer)))
                if (!ignored(exchange, line)) CHECK(line == "");
            ++exchanges;
        }
    }
    CHECK(exchanges >= 30);
}
