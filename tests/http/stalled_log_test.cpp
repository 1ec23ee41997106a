// The log of a service whose standard error nobody reads.
#include "base/log.hpp"
#include "tests/http/running_server.hpp"
#include "tests/support/pipe.hpp"

#include <thread>

using namespace testing;

namespace {

// Standard error is a pipe while it lives.
class piped_stderr {
  public:
    piped_stderr() : kept_(::dup(STDERR_FILENO)) {
        logging::flush(5s);
        ::dup2(pipe_.writer(), STDERR_FILENO);
    }
    ~piped_stderr() {
        ::dup2(kept_, STDERR_FILENO);
        ::close(kept_);
    }
    [[nodiscard]] std::string read() const { return pipe_.read(); }

  private:
    pipe_ends pipe_;
    int kept_;
};

} // namespace

TEST_CASE("requests go on for as long as nobody reads the log, which then says what it lacks",
          "[stalled_log]") {
    auto options = running::quiet();
    options.access_log = true;
    options.max_requests_per_connection = 100'000;
    running s(options);
    const piped_stderr log;
    constexpr int wanted = 8000; // 2 MB of log
    const auto request = get("/" + std::string(200, 'p'));
    raw_socket c(s.port);
    int answered = 0;
    for (int i = 0; i < wanted; ++i) {
        c.send(request);
        if (status_of(c.response()) != "200") break;
        ++answered;
    }
    REQUIRE(answered == wanted);

    auto text = log.read();
    REQUIRE(logging::flush(5s));
    text += log.read();
    std::size_t told = 0;
    for (auto at = text.find("info request "); at != std::string::npos;
         at = text.find("info request ", at + 1))
        ++told;
    const std::string_view said = "warning log_lines_dropped count=";
    const auto at = text.find(said);
    REQUIRE(at != std::string::npos);
    CHECK(told + std::stoul(text.substr(at + said.size())) == wanted);
}
