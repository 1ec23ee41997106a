// What the service manager hears: a socket of ours stands in its place.
#include "startup.hpp"
#include "tests/support/catch.hpp"

#include <boost/asio/post.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

// sd_notify(3): datagrams to the socket that $NOTIFY_SOCKET names.
class manager {
  public:
    explicit manager(std::chrono::microseconds within)
        : folder_((std::filesystem::temp_directory_path() / "watchdog-XXXXXX").string()),
          fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        REQUIRE(::mkdtemp(folder_.data()) != nullptr);
        const auto path = folder_ + "/notify";
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        path.copy(at.sun_path, sizeof at.sun_path - 1);
        REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
        ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
        ::setenv("WATCHDOG_USEC", std::to_string(within.count()).c_str(), 1);
        ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
    }
    ~manager() {
        for (const auto* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
            ::unsetenv(name);
        ::close(fd_);
        std::filesystem::remove_all(folder_);
    }
    // The next message; empty: none came in that time.
    std::string hears(std::chrono::milliseconds patience) const {
        pollfd readable{fd_, POLLIN, 0};
        if (::poll(&readable, 1, static_cast<int>(patience.count())) <= 0) return {};
        std::string text(4096, '\0');
        const auto n = ::recv(fd_, text.data(), text.size(), 0);
        text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
        return text;
    }

  private:
    std::string folder_;
    int fd_;
};

config settings_of_a_service() {
    auto c = read_config(
        [](std::string_view name) -> std::optional<std::string> {
            if (name == "TWENTY_BASE_URL") return "http://127.0.0.1:9";
            if (name == "COOKIE_ENCRYPTION_KEY") return std::string(32, '4') + std::string(32, 'b');
            return std::nullopt;
        },
        {}, process::read_file);
    REQUIRE(c.ok());
    c->listen_port = 0;
    return *std::move(c);
}

} // namespace

TEST_CASE("the service manager hears that the service serves, and nothing while its thread stands "
          "still",
          "[watchdog]") {
    const manager systemd(300ms);
    boost::asio::io_context io(1);
    const auto c = settings_of_a_service();
    settings_reload::reloader changes({process::variable, process::read_file});
    std::thread service([&] {
        (void)startup::serve("twenty-mcp", io, c, startup::database::in_memory, changes, [] {});
    });
    CHECK(systemd.hears(30s) == "READY=1");
    for (int i = 0; i < 3; ++i)
        CHECK(systemd.hears(10s) == "WATCHDOG=1");

    std::promise<void> stands;
    std::promise<void> goes_on;
    boost::asio::post(io, [&] {
        stands.set_value();
        goes_on.get_future().wait();
    });
    stands.get_future().wait();
    while (!systemd.hears(0ms).empty()) {
    }
    CHECK(systemd.hears(1s).empty());
    goes_on.set_value();
    CHECK(systemd.hears(10s) == "WATCHDOG=1");

    ::kill(::getpid(), SIGTERM);
    std::string last;
    for (auto told = systemd.hears(10s); !told.empty() && last != "STOPPING=1";
         told = systemd.hears(10s))
        last = told;
    CHECK(last == "STOPPING=1");
    service.join();
}

TEST_CASE("a manager that does not ask for it hears no word of life", "[watchdog]") {
    const manager systemd(300ms);
    ::unsetenv("WATCHDOG_USEC");
    CHECK_FALSE(process::watchdog());
    ::setenv("WATCHDOG_USEC", "300000", 1);
    CHECK(process::watchdog() == 300ms);
    ::setenv("WATCHDOG_PID", "1", 1); // another process is meant
    CHECK_FALSE(process::watchdog());
}
