#include "bash_completion.hpp"

#include "tests/support/catch.hpp"

namespace {

command_line::option an_option(std::string name) {
    command_line::option out;
    out.names.push_back(std::move(name));
    return out;
}

} // namespace

TEST_CASE("each command completes its own commands, options and values", "[bash_completion]") {
    auto mode = an_option("--mode");
    mode.value = "TEXT";
    mode.words = {"fast", "slow"};
    auto file = an_option("--file");
    file.value = "FILE";
    file.is_file = true;
    auto list = command_line::command{"list", "", "", {}, {}};
    list.options.push_back(std::move(mode));
    list.options.push_back(std::move(file));
    auto admin = command_line::command{"admin", "", "", {}, {std::move(list)}};
    const auto script =
        bash_completion::script({"a-tool", "", "", {an_option("--help")}, {std::move(admin)}});
    const auto has = [&](std::string_view part) { return script.find(part) != std::string::npos; };
    CHECK(has("'') words='admin --help' ;;"));
    CHECK(has("' admin') words='list' ;;"));
    CHECK(has("' admin list') words='--mode --file' ;;"));
    CHECK(has("' admin' | ' admin list') path+="));
    CHECK(has("' admin list --mode') mapfile -t COMPREPLY < <(compgen -W 'fast slow'"));
    CHECK(has("' admin list --file') mapfile -t COMPREPLY < <(compgen -f"));
    CHECK(has("complete -F _a_tool a-tool\n"));
}

TEST_CASE("options of the command above are completed behind a command that takes them, and files "
          "where one has its place",
          "[bash_completion]") {
    auto url = an_option("--url");
    url.value = "URL";
    auto file = an_option("FILE");
    file.value = "FILE";
    file.is_file = true;
    auto put = command_line::command{"put", "", "", {an_option("--help"), file}, {}, true};
    auto list = command_line::command{"list", "", "", {}, {}};
    auto admin =
        command_line::command{"admin", "", "", {an_option("--help"), url}, {put, list}, false};
    const auto script =
        bash_completion::script({"tool", "", "", {an_option("--version")}, {admin}});
    const auto has = [&](std::string_view part) { return script.find(part) != std::string::npos; };
    CHECK(has("' admin put') words='--help --url' files=yes ;;"));
    CHECK(has("' admin put --url') return ;;"));
    CHECK(has("' admin list') words='' ;;"));
    CHECK(has("' admin') words='put list --help --url' ;;"));
}
