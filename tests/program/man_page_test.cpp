#include "man_page.hpp"

#include "tests/support/catch.hpp"

namespace {

using command_line::command;
using command_line::option;

option named(std::string name, std::string value, std::string help) {
    option out;
    out.names.push_back(std::move(name));
    out.value = std::move(value);
    out.help = std::move(help);
    return out;
}

bool has(const std::string& page, std::string_view line) {
    return ("\n" + page).find("\n" + std::string(line) + "\n") != std::string::npos;
}

command sample() {
    auto list = command{"list", "Show people", "", {}, {}};
    list.options.push_back(named("--help", "", "Print this help"));
    list.options.push_back(named("--limit", "NUMBER", "At most so many"));
    auto admin = command{"admin", "Look after it", "", {}, {std::move(list)}};
    admin.options.push_back(named("--help", "", "Print this help"));
    auto out = command{"tool",
                       "A tool: it does things. And more.",
                       "Settings:\n  NAME  (required)\n"
                       "      What it is.\n",
                       {},
                       {std::move(admin)}};
    out.options.push_back(named("--help", "", "Print this help"));
    return out;
}

} // namespace

TEST_CASE("a manual page has every command by its whole name, with its options", "[man_page]") {
    const auto page = man_page::page(sample(), "1.2", {});
    CHECK(page.starts_with(".TH TOOL 1 \"\" \"tool 1.2\" \"User Commands\"\n"));
    CHECK(has(page, "tool \\- A tool"));
    CHECK(has(page, ".SS admin"));
    CHECK(has(page, ".SS admin list"));
    CHECK(has(page, "\\fB\\-\\-limit\\fR \\fINUMBER\\fR\nAt most so many"));
    // In the synopsis stand the commands that do something.
    CHECK(has(page, "\\fBtool\\fR \\fBadmin list\\fR [\\fB\\-\\-limit\\fR \\fINUMBER\\fR]"));
    CHECK_FALSE(has(page, "\\fBtool\\fR \\fBadmin\\fR"));
}

TEST_CASE("the settings of --help are the manual's environment", "[man_page]") {
    const auto page = man_page::page(sample(), "1.2", {});
    CHECK(has(page, ".SH ENVIRONMENT\n.TP\n\\fBNAME  (required)\\fR\nWhat it is."));
    CHECK(page.find("Settings:") == std::string::npos);
}

TEST_CASE("--help is told once in a manual page, for the program", "[man_page]") {
    const auto page = man_page::page(sample(), "1.2", {});
    const auto first = page.find("Print this help");
    REQUIRE(first != std::string::npos);
    CHECK(page.find("Print this help", first + 1) == std::string::npos);
}

TEST_CASE("no text of a manual page is taken for a request or an escape", "[man_page]") {
    auto odd = sample();
    odd.options.push_back(named("--odd", "", ".br is \\fBno\\fR request"));
    odd.options.push_back(named("--quote", "", "'so it begins"));
    const auto page = man_page::page(odd, "1.2", {{"NOTES", "first\n.second\n\nthird\n"}});
    CHECK(has(page, "\\&.br is \\efBno\\efR request"));
    CHECK(has(page, "\\(aqso it begins"));
    CHECK(has(page, ".SH NOTES\nfirst\n\\&.second\n.PP\nthird"));
}

TEST_CASE("the words that an option takes are listed where they fit into a line", "[man_page]") {
    auto tool = sample();
    tool.options.push_back(named("--mode", "TEXT", "How"));
    tool.options.back().words = {"fast", "slow"};
    tool.options.push_back(named("--kind", "TEXT", "Which"));
    tool.options.back().words = {"a", "b", "c", "d", "e", "f", "g"};
    const auto page = man_page::page(tool, "1.2", {});
    CHECK(has(page, "\\fB\\-\\-mode\\fR \\fBfast\\fR|\\fBslow\\fR\nHow"));
    CHECK(has(page, "\\fB\\-\\-kind\\fR \\fITEXT\\fR\nWhich"));
}
