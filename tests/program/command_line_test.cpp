#include "command_line.hpp"

#include "tests/support/catch.hpp"

#include <CLI/CLI.hpp>

TEST_CASE("what CLI11 parses is described: names, values, what is required, what holds otherwise",
          "[command_line]") {
    CLI::App app("A tool.");
    app.name("tool");
    std::string mode = "fast";
    int port = 0;
    std::vector<std::string> names;
    bool quiet = false;
    auto* list = app.add_subcommand("list", "Show people");
    list->add_option("-m,--mode", mode, "How")
        ->check(CLI::IsMember({"fast", "slow"}))
        ->capture_default_str();
    list->add_option("--port", port, "Where")->required()->check(CLI::Range(1, 9));
    list->add_option("--file", mode, "From")->check(CLI::ExistingFile);
    list->add_option("names", names, "Who");
    list->add_flag("--quiet", quiet, "Say nothing");
    list->footer("The end.");
    app.add_subcommand("hidden", "Not told")->group("");
    list->add_option("--hidden", mode)->group("");

    const auto tool = command_line::described(app);
    CHECK(tool.name == "tool");
    CHECK(tool.help == "A tool.");
    REQUIRE(tool.commands.size() == 1);
    const auto& found = tool.commands.front();
    CHECK(found.footer == "The end.");
    REQUIRE(found.options.size() == 6); // --help is one
    CHECK(found.options[0].names == std::vector<std::string>{"-h", "--help"});
    CHECK(found.options[0].value.empty());
    CHECK(found.options[1].names == std::vector<std::string>{"-m", "--mode"});
    CHECK(found.options[1].words == std::vector<std::string>{"fast", "slow"});
    CHECK(found.options[1].fallback == "fast");
    CHECK(found.options[2].value == "NUMBER");
    CHECK(found.options[2].required);
    CHECK(found.options[3].is_file);
    CHECK(found.options[4].names == std::vector<std::string>{"names"});
    CHECK(found.options[4].repeats);
    CHECK(found.options[5].value.empty());
}
