// A server at a Unix socket: who may open the file, what its handler sees, and that no file is
// left.
#include "http/local_listener.hpp"
#include "tests/http/running_server.hpp"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace testing;

namespace {

namespace fs = std::filesystem;

struct socket_folder {
    std::string path = "/tmp/local-XXXXXX";
    socket_folder() { REQUIRE(::mkdtemp(path.data())); }
    ~socket_folder() { fs::remove_all(path); }
    [[nodiscard]] std::string socket() const { return path + "/admin.sock"; }
};

http::server_options at(const std::string& path) {
    auto o = running::quiet();
    o.local_path = path;
    return o;
}

// Everything that one request gets, until the server closes.
std::string ask_at(const std::string& path, const std::string& bytes) {
    const int file = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    path.copy(where.sun_path, sizeof where.sun_path - 1);
    std::string got;
    if (::connect(file, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0) {
        REQUIRE(::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
        char part[4096];
        for (ssize_t n; (n = ::read(file, part, sizeof part)) > 0;)
            got.append(part, static_cast<std::size_t>(n));
    }
    ::close(file);
    return got;
}

const std::string request = "GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

// Whether a server can be started there, and what it says if not.
std::string start_fault(const std::string& path) {
    asio::io_context io;
    http::server server(
        io, at(path),
        [](http::request) -> asio::awaitable<http::response> { co_return http::response(); },
        [](const http::request&) { return std::optional<std::size_t>(0); });
    const auto started = server.start();
    return started ? std::string() : started.failure().message;
}

} // namespace

TEST_CASE("a Unix socket is for its owner and group, and its callers are users of this machine",
          "[local_listener]") {
    const socket_folder here;
    const auto mask = ::umask(0);
    running s(at(here.socket()));
    ::umask(mask);
    struct stat found {};
    REQUIRE(::stat(here.socket().c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0660);
    const auto answer = ask_at(here.socket(), request);
    CHECK(answer.starts_with("HTTP/1.1 200"));
    CHECK(answer.find("peer=uid " + std::to_string(::getuid())) != std::string::npos);
    CHECK(ask_at(here.socket(), "GET /local HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
              .ends_with("\r\nlocal"));
}

TEST_CASE("no header makes a caller of the network one of the socket", "[local_listener]") {
    auto options = running::quiet();
    options.trusted_proxies = {"127.0.0.1"};
    running s(options);
    raw_socket c(s.port);
    c.send("GET /local HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: uid 0\r\nConnection: close\r\n\r\n");
    CHECK(c.rest().ends_with("network"));
}

TEST_CASE("the socket's file goes with its server", "[local_listener]") {
    const socket_folder here;
    { running s(at(here.socket())); }
    CHECK_FALSE(fs::exists(here.socket()));
}

TEST_CASE("a server takes its own socket's file away alone, and waits for nobody who stands still",
          "[local_listener]") {
    const socket_folder here;
    {
        running first(at(here.socket()));
        fs::remove(here.socket());
        running second(at(here.socket()));
        first.thread.on_thread([&] {
            first.server.reset();
            return 0;
        });
        CHECK(ask_at(here.socket(), request).starts_with("HTTP/1.1 200"));
    }
    // Listens, takes nobody in, and has no place left.
    const int file = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    here.socket().copy(where.sun_path, sizeof where.sun_path - 1);
    const auto* const address = reinterpret_cast<const sockaddr*>(&where);
    REQUIRE(::bind(file, address, sizeof where) == 0);
    REQUIRE(::listen(file, 0) == 0);
    const int guest = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(::connect(guest, address, sizeof where) == 0);
    CHECK(start_fault(here.socket()).ends_with("another process listens there"));
    ::close(guest);
    ::close(file);
}

TEST_CASE("a socket that a killed process left is taken over", "[local_listener]") {
    const socket_folder here;
    const int file = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    here.socket().copy(where.sun_path, sizeof where.sun_path - 1);
    REQUIRE(::bind(file, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0);
    ::close(file);
    running s(at(here.socket()));
    CHECK(ask_at(here.socket(), request).starts_with("HTTP/1.1 200"));
}

TEST_CASE("neither another server's socket nor a file of another kind is taken away",
          "[local_listener]") {
    const socket_folder here;
    {
        running s(at(here.socket()));
        CHECK(start_fault(here.socket()).ends_with("another process listens there"));
        CHECK(ask_at(here.socket(), request).starts_with("HTTP/1.1 200"));
    }
    std::ofstream(here.socket()) << "mine";
    CHECK(start_fault(here.socket()).ends_with("there is a file that is no socket"));
    CHECK(fs::file_size(here.socket()) == 4);
    CHECK(start_fault(here.path + "/none/admin.sock").starts_with("Cannot listen on "));
    CHECK(start_fault("/" + std::string(120, 'x')).ends_with("too long for a socket"));
}
