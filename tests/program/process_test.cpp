#include "process.hpp"

#include "tests/support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

TEST_CASE("the data folder is made for us alone, and one that cannot be used is named") {
    std::string pattern = (std::filesystem::temp_directory_path() / "process-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    const auto made = pattern + "/a/b";
    CHECK(process::make_private_folder(made).ok());
    CHECK(process::make_private_folder(made).ok()); // it may be there
    const auto taken = pattern + "/file";
    std::ofstream(taken) << "x";
    const auto no_folder = process::make_private_folder(taken);
    REQUIRE_FALSE(no_folder.ok());
    CHECK(no_folder.failure().message.find(taken) != std::string::npos);
    if (::geteuid() != 0) { // permissions do not stop root
        std::filesystem::permissions(made, std::filesystem::perms::owner_read |
                                               std::filesystem::perms::owner_exec);
        const auto locked = process::make_private_folder(made);
        REQUIRE_FALSE(locked.ok());
        CHECK(locked.failure().message.find("not writable") != std::string::npos);
        std::filesystem::permissions(made, std::filesystem::perms::owner_all);
    }
    std::filesystem::remove_all(pattern);
}
