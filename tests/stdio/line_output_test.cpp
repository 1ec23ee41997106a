#include "stdio/line_output.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/pipe.hpp"

#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <thread>

using namespace std::chrono_literals;
using stdio::line_output;
using testing::pipe_ends;

TEST_CASE("what is written is one line each, in order", "[line_output]") {
    const pipe_ends to;
    line_output out(to.writer(), [] {});
    std::string all;
    for (int i = 0; i < 500; ++i) {
        const auto n = std::to_string(i);
        out.write("{\"n\":\n" + n + "}");
        all += "{\"n\": " + n + "}\n";
    }
    CHECK(out.flush(5s));
    CHECK(to.read() == all);
}

TEST_CASE("no line is lost while its reader takes its time", "[line_output]") {
    const pipe_ends to;
    line_output out(to.writer(), [] {});
    const std::string line(100'000, 'x');
    for (int i = 0; i < 20; ++i)
        out.write(line); // a pipe holds less than one
    CHECK_FALSE(out.flush(50ms));
    CHECK(to.read(500).size() == 20 * (line.size() + 1));
    CHECK(out.flush(5s));
}

TEST_CASE("as long as its reader takes something, what was written is waited for",
          "[line_output]") {
    const pipe_ends to;
    line_output out(to.writer(), [] {});
    constexpr std::size_t size = 1'000'000;
    out.write(std::string(size, 'x'));
    std::string all;
    std::thread slow([&] {
        while (all.size() <= size) {
            std::this_thread::sleep_for(50ms);
            all += to.read_some();
        }
    });
    CHECK(out.flush(400ms)); // the whole takes longer
    slow.join();
    CHECK(all.size() == size + 1);
}

TEST_CASE("a file that takes nothing is a failure with a reason, a reader that left is none",
          "[line_output]") {
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    REQUIRE(full >= 0);
    {
        line_output out(full, [] {});
        out.write("x");
        CHECK_FALSE(out.flush(5s));
        CHECK(out.failure() == "No space left on device");
    }
    ::close(full);
    pipe_ends to;
    line_output out(to.writer(), [] {});
    to.close_reader();
    out.write("x");
    CHECK_FALSE(out.flush(5s));
    CHECK(out.failure().empty());
}

TEST_CASE("a reader that has gone, or is too far behind, is told of once", "[line_output]") {
    std::signal(SIGPIPE, SIG_DFL); // the writing thread takes none
    {
        pipe_ends to;
        std::atomic<int> told = 0;
        line_output out(to.writer(), [&] { ++told; });
        to.close_reader();
        out.write("one");
        CHECK_FALSE(out.flush(5s));
        out.write("two");
        CHECK_FALSE(out.flush(5s));
        out.write("three");
        CHECK(told == 1);
    }
    const pipe_ends to;
    std::atomic<int> told = 0;
    line_output out(
        to.writer(), [&] { ++told; }, 300'000);
    for (int i = 0; i < 10; ++i)
        out.write(std::string(100'000, 'x'));
    CHECK(told == 1);
    CHECK_FALSE(out.flush(1ms));
    (void)to.read(); // lets the writing thread end
}
