#include "open_modes.hpp"

#include "tests/support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace {

std::string scratch_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "modes-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    return pattern;
}

std::string put(const std::string& folder, const std::string& name, mode_t mode) {
    auto path = folder + "/" + name;
    std::ofstream(path) << "x";
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    return path;
}

} // namespace

TEST_CASE("a database, its log and its copies are for their owner alone", "[open_modes]") {
    const auto folder = scratch_folder();
    put(folder, "twenty-mcp.db", 0600);
    put(folder, "twenty-mcp.db-shm", 0700);
    put(folder, "notes", 0666); // not ours
    CHECK(open_modes::in_data_folder(folder).empty());
    const auto log = put(folder, "twenty-mcp.db-wal", 0640);
    const auto one = open_modes::in_data_folder(folder);
    REQUIRE(one.size() == 1);
    CHECK(one[0].path == log);
    CHECK(one[0].mode == 0640);
    put(folder, "twenty-mcp.db.before-version-6", 0602);
    CHECK(open_modes::in_data_folder(folder).size() == 2);
    CHECK(open_modes::in_data_folder(folder + "/none").empty());
    std::filesystem::remove_all(folder);
}

TEST_CASE("a group may look into the folder of settings, and nobody reads a secret but its owner",
          "[open_modes]") {
    const auto folder = scratch_folder();
    put(folder, "twenty-mcp.env", 0644); // no secret
    put(folder, "ADMIN_TOKEN", 0600);
    put(folder, "COOKIE_ENCRYPTION_KEY", 0400);
    for (const mode_t good : {0700U, 0750U, 0710U}) {
        ::chmod(folder.c_str(), good);
        CHECK(open_modes::in_settings_folder(folder).empty());
    }
    for (const mode_t bad : {0755U, 0770U, 0751U}) {
        ::chmod(folder.c_str(), bad);
        const auto found = open_modes::in_settings_folder(folder);
        REQUIRE(found.size() == 1);
        CHECK(found[0].path == folder);
        CHECK(found[0].mode == bad);
    }
    ::chmod(folder.c_str(), 0700);
    for (const auto* name :
         {"COOKIE_ENCRYPTION_KEY_PREVIOUS", "ADMIN_TOKEN", "TWENTY_MCP_STATIC_CLIENTS"}) {
        const auto path = put(folder, name, 0640);
        const auto found = open_modes::in_settings_folder(folder);
        REQUIRE(found.size() == 1);
        CHECK(found[0].path == path);
        ::chmod(path.c_str(), 0600);
    }
    CHECK(open_modes::in_settings_folder(folder + "/none").empty());
    std::filesystem::remove_all(folder);
}
