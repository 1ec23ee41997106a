#include "stdio/line_output.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/pipe.hpp"

#include <atomic>
#include <csignal>
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
        while (told == 0)
            std::this_thread::yield(); // told by the writing thread, a moment later
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
