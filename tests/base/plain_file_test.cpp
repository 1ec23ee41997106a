#include "base/plain_file.hpp"

#include "tests/support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

struct plain_folder {
    std::string path = (std::filesystem::temp_directory_path() / "plain-XXXXXX").string();

    plain_folder() { REQUIRE(::mkdtemp(path.data()) != nullptr); }
    ~plain_folder() { std::filesystem::remove_all(path); }
    plain_folder(const plain_folder&) = delete;
    plain_folder& operator=(const plain_folder&) = delete;
    [[nodiscard]] std::string operator()(const std::string& name) const {
        return path + "/" + name;
    }
};

void bind_socket(const std::string& path) {
    const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    path.copy(at.sun_path, sizeof at.sun_path - 1);
    REQUIRE(::bind(made, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
    ::close(made);
}

} // namespace

TEST_CASE("what is no plain file is named for what it is, and never waited for", "[plain_file]") {
    plain_folder in;
    REQUIRE(::mkfifo(in("fifo").c_str(), 0600) == 0);
    REQUIRE(::mkdir(in("folder").c_str(), 0700) == 0);
    bind_socket(in("socket"));
    std::filesystem::create_symlink(in("fifo"), in("link"));
    const std::pair<std::string, std::string> cases[] = {
        {in("fifo"), "a FIFO"},     {in("link"), "a FIFO"},    {in("folder"), "a folder"},
        {in("socket"), "a socket"}, {"/dev/zero", "a device"}, {"/dev/null", "a device"}};
    for (const auto& [path, kind] : cases) {
        INFO(path);
        const auto read = files::read_plain(path);
        REQUIRE_FALSE(read);
        CHECK(read.failure().code == errc::bad_request);
        CHECK(read.failure().message == path + " is " + kind + " and no plain file");
    }
}

TEST_CASE("a plain file is read whole up to 1 MiB, by a link too, and a missing one is not found",
          "[plain_file]") {
    plain_folder in;
    std::ofstream(in("largest")) << std::string(files::largest_plain_file, 'x');
    std::ofstream(in("larger")) << std::string(files::largest_plain_file + 1, 'x');
    std::ofstream(in("empty"));
    std::filesystem::create_symlink(in("largest"), in("link"));
    CHECK(files::read_plain(in("link")).value() == std::string(files::largest_plain_file, 'x'));
    CHECK(files::read_plain(in("empty")).value().empty());
    // Of size 0 by its own account.
    CHECK_FALSE(files::read_plain("/proc/self/stat").value().empty());
    const auto larger = files::read_plain(in("larger"));
    REQUIRE_FALSE(larger);
    CHECK(larger.failure().message == in("larger") + " is larger than 1 MiB");
    const auto missing = files::read_plain(in("none"));
    REQUIRE_FALSE(missing);
    CHECK(missing.failure().code == errc::not_found);
    std::filesystem::create_symlink(in("none"), in("dangling"));
    CHECK(files::read_plain(in("dangling")).failure().code == errc::not_found);
    CHECK(files::read_plain(in("largest") + "/below").failure().code == errc::bad_request);
}

TEST_CASE("a pipe that is named on the command line is read to its end, and a folder is refused",
          "[plain_file]") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::write(ends[1], "a token\n", 8) == 8);
    ::close(ends[1]);
    const auto path = "/dev/fd/" + std::to_string(ends[0]);
    const auto refused = files::read_plain(path);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.failure().message.find("a FIFO") != std::string::npos);
    const auto read = files::read_given(path);
    ::close(ends[0]);
    REQUIRE(read.ok());
    CHECK(*read == "a token\n");
    CHECK_FALSE(files::read_given("/tmp").ok());
}
