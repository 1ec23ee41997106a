// Every input that was ever worth keeping, without a fuzzer.
#include "base/crypto.hpp"
#include "tests/fuzz/linear.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace {

const std::filesystem::path corpora = std::string(TWENTY_MCP_SOURCE_DIR) + "/tests/fuzz/corpus";

std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

} // namespace

TEST_CASE("every kept input of every fuzz target keeps the target's promises", "[replay]") {
    REQUIRE(crypto::start());
    for (const auto& target : fuzz::targets) {
        std::size_t inputs = 0;
        target.run({}); // what is made once
        for (const auto& file : std::filesystem::directory_iterator(corpora / target.name)) {
            INFO(file.path().string());
            fuzz::run_counted(target.run,
                              read(file.path())); // ends the process on a broken promise
            ++inputs;
        }
        INFO(target.name);
        CHECK(inputs > 0);
    }
}

TEST_CASE("every corpus belongs to a fuzz target", "[replay]") {
    std::set<std::string> folders;
    for (const auto& folder : std::filesystem::directory_iterator(corpora))
        folders.insert(folder.path().filename().string());
    std::set<std::string> names;
    for (const auto& target : fuzz::targets)
        names.emplace(target.name);
    CHECK(folders == names);
}
