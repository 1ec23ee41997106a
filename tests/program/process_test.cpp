#include "process.hpp"

#include "tests/support/catch.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <string>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

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

TEST_CASE("SIGHUP goes to one process, which can let it wait until it is ready for it",
          "[process]") {
    // To kill(2) these mean a group of processes, or all that there are.
    for (const auto* none : {"", "0", "-1", "+1", "1 ", "systemd", "99999999999"})
        CHECK_FALSE(process::hang_up(none).ok());
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const auto other = ::fork();
    REQUIRE(other >= 0);
    if (other == 0) {
        process::hold_hang_ups();
        (void)!::write(ready[1], "y", 1);
        sigset_t hang_ups;
        sigemptyset(&hang_ups);
        sigaddset(&hang_ups, SIGHUP);
        int came = 0;
        ::_exit(sigwait(&hang_ups, &came) == 0 && came == SIGHUP ? 7 : 1);
    }
    char good = 0;
    REQUIRE(::read(ready[0], &good, 1) == 1);
    CHECK(process::hang_up(std::to_string(other)).ok());
    int ended = 0;
    REQUIRE(::waitpid(other, &ended, 0) == other);
    CHECK((WIFEXITED(ended) && WEXITSTATUS(ended) == 7));
    CHECK_FALSE(process::hang_up(std::to_string(other)).ok()); // it is gone
    ::close(ready[0]);
    ::close(ready[1]);
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

namespace {

// What passed_listener() says in a process that is passed these sockets, as one line.
std::string passed_to_a_process(const std::vector<int>& sockets, bool to_another = false) {
    int said[2];
    REQUIRE(::pipe(said) == 0);
    const auto other = ::fork();
    REQUIRE(other >= 0);
    if (other == 0) {
        int at = 3; // SD_LISTEN_FDS_START
        std::vector<int> high;
        for (const int one : sockets)
            high.push_back(::fcntl(one, F_DUPFD, 100));
        const int out = ::fcntl(said[1], F_DUPFD, 100);
        for (const int one : high)
            ::dup2(one, at++);
        ::setenv("LISTEN_PID", std::to_string(to_another ? 1 : ::getpid()).c_str(), 1);
        if (!sockets.empty()) ::setenv("LISTEN_FDS", std::to_string(sockets.size()).c_str(), 1);
        const auto got = process::passed_listener();
        std::string line = got ? *got ? (*got)->address : "none" : got.failure().message;
        if (process::variable("LISTEN_FDS") && !to_another) line = "LISTEN_FDS is still set";
        (void)!::write(out, line.data(), line.size());
        ::_exit(0);
    }
    ::close(said[1]);
    std::string line(1024, '\0');
    const auto n = ::read(said[0], line.data(), line.size());
    line.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    ::close(said[0]);
    ::waitpid(other, nullptr, 0);
    return line;
}

int bound_socket(int type, bool listens, std::string* address = nullptr) {
    const int made = ::socket(AF_INET, type, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(made, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
    if (listens) REQUIRE(::listen(made, 1) == 0);
    socklen_t size = sizeof at;
    ::getsockname(made, reinterpret_cast<sockaddr*>(&at), &size);
    if (address) *address = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
    return made;
}

} // namespace

TEST_CASE("a socket that a service manager passes is told by its address, and once", "[process]") {
    std::string address;
    const int good = bound_socket(SOCK_STREAM, true, &address);
    CHECK(passed_to_a_process({good}) == address);
    CHECK(passed_to_a_process({}) == "none");
    CHECK(passed_to_a_process({good}, true) == "none");
    const int six = ::socket(AF_INET6, SOCK_STREAM, 0);
    sockaddr_in6 at{};
    at.sin6_family = AF_INET6;
    at.sin6_addr = in6addr_loopback;
    if (::bind(six, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0 && ::listen(six, 1) == 0)
        CHECK(passed_to_a_process({six}).starts_with("[::1]:"));
    CHECK(passed_to_a_process({good, good}).find("passes 2 sockets") != std::string::npos);
    for (const int bad : {bound_socket(SOCK_STREAM, false), bound_socket(SOCK_DGRAM, false),
                          ::socket(AF_UNIX, SOCK_STREAM, 0)}) {
        CHECK(passed_to_a_process({bad}).find("ListenStream=ADDRESS:PORT") != std::string::npos);
        ::close(bad);
    }
    ::close(good);
    ::close(six);
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
