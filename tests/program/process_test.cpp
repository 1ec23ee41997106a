#include "process.hpp"

#include "tests/support/catch.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

TEST_CASE("the data folder is made for us alone, and one that cannot be used is named",
          "[process]") {
    std::string pattern = (std::filesystem::temp_directory_path() / "process-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    const auto made = pattern + "/a/b";
    CHECK(process::make_private_folder(made).ok());
    CHECK(process::make_private_folder(made).ok()); // it may be there
    CHECK(process::check_private_folder(made).ok());
    CHECK(process::check_private_folder(pattern + "/not/yet").ok());
    CHECK_FALSE(std::filesystem::exists(pattern + "/not")); // a check makes nothing
    for (const auto open : {std::filesystem::perms::group_read, std::filesystem::perms::others_exec,
                            std::filesystem::perms::others_write}) {
        std::filesystem::permissions(made, std::filesystem::perms::owner_all | open);
        const auto shared = process::make_private_folder(made);
        REQUIRE_FALSE(shared.ok());
        CHECK(shared.failure().message.find("chmod 700 " + made) != std::string::npos);
        CHECK_FALSE(process::check_private_folder(made).ok());
    }
    std::filesystem::permissions(made, std::filesystem::perms::owner_all);
    const auto taken = pattern + "/file";
    std::ofstream(taken) << "x";
    CHECK_FALSE(process::check_private_folder(taken + "/below").ok());
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

TEST_CASE("two processes never hold one data folder, and a killed one holds it no longer",
          "[process]") {
    std::string folder = (std::filesystem::temp_directory_path() / "process-XXXXXX").string();
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const auto other = ::fork();
    REQUIRE(other >= 0);
    if (other == 0) {
        const auto held = process::folder_lock::take(folder);
        const char good = held ? 'y' : 'n';
        (void)!::write(ready[1], &good, 1);
        ::pause();
    }
    char good = 0;
    REQUIRE(::read(ready[0], &good, 1) == 1);
    CHECK(good == 'y');
    const auto refused = process::folder_lock::take(folder);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.failure().message.find(folder) != std::string::npos);
    CHECK(refused.failure().message.find("another twenty-mcp") != std::string::npos);
    ::kill(other, SIGKILL);
    ::waitpid(other, nullptr, 0);
    {
        const auto mine = process::folder_lock::take(folder);
        CHECK(mine.ok());
        CHECK_FALSE(process::folder_lock::take(folder).ok());
    }
    CHECK(process::folder_lock::take(folder).ok());
    std::filesystem::remove_all(folder);
}

// row 124
TEST_CASE("a hardened process leaves no core file and cannot be traced by its user",
          "[process][plan-124]") {
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        process::harden();
        rlimit cores{1, 1};
        ::getrlimit(RLIMIT_CORE, &cores);
        bool good = cores.rlim_cur == 0 && cores.rlim_max == 0;
#ifndef __SANITIZE_ADDRESS__
        good = good && ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
#endif
        ::_exit(good ? 0 : 1);
    }
    int ended = 0;
    ::waitpid(child, &ended, 0);
    CHECK(WIFEXITED(ended));
    CHECK(WEXITSTATUS(ended) == 0);
}

TEST_CASE("becoming a program that is nowhere says so and leaves this one running", "[process]") {
    std::string name = "no-such-program-of-ours";
    char* arguments[] = {name.data(), nullptr};
    const auto failed = process::become(name, arguments);
    CHECK(failed.code == errc::not_found);
    CHECK(failed.message.find(name) != std::string::npos);
}

TEST_CASE("both spellings of a secret variable are gone once they were read", "[process]") {
    ::setenv("HTTPS_PROXY", "http://user:pass@proxy:1", 1);
    ::setenv("https_proxy", "http://user:pass@proxy:1", 1);
    const char* const held = std::getenv("https_proxy");
    process::forget_secrets(settings());
    CHECK_FALSE(process::variable("HTTPS_PROXY"));
    CHECK_FALSE(process::variable("https_proxy"));
    CHECK(*held == '\0'); // where the kernel shows it
}
