#include "stdio/line_input.hpp"

#include "tests/support/catch.hpp"

#include <array>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using stdio::input_line;
using stdio::line_input;

namespace {

// A pipe that the test writes, and all that comes of it.
struct reading {
    boost::asio::io_context io;
    std::array<int, 2> ends{-1, -1};
    std::vector<input_line> lines;
    std::vector<std::function<void()>> next; // not called yet
    bool hold = false;
    int ended = 0;
    std::optional<line_input> input;

    reading() {
        REQUIRE(::pipe(ends.data()) == 0);
        input.emplace(
            io, ends[0],
            [this](input_line line, std::function<void()> go_on) {
                lines.push_back(std::move(line));
                if (hold)
                    next.push_back(std::move(go_on));
                else
                    go_on();
            },
            [this] { ++ended; });
    }
    ~reading() {
        input.reset();
        close();
        ::close(ends[0]);
    }
    void write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto n = ::write(ends[1], bytes.data(), bytes.size());
            REQUIRE(n > 0);
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    void close() {
        if (ends[1] >= 0) ::close(ends[1]);
        ends[1] = -1;
    }
    // Runs what comes until nothing has come for a while.
    void run() {
        io.restart();
        while (io.run_one_for(std::chrono::milliseconds(200)) > 0) {
        }
    }
    [[nodiscard]] std::vector<std::string> texts() const {
        std::vector<std::string> out;
        for (const auto& line : lines)
            out.push_back(line.too_long ? "too long" : line.text);
        return out;
    }
};

} // namespace

TEST_CASE("lines come whole and in order, however they were written", "[line_input]") {
    reading r;
    r.write("one\ntw");
    r.run();
    r.write("o\n\n  \t\r\nthree\r\nlast");
    r.close();
    r.run();
    CHECK(r.texts() == std::vector<std::string>{"one", "two", "three\r", "last"});
    CHECK(r.ended == 1);
}

TEST_CASE("a line comes only after the one before it was taken", "[line_input]") {
    reading r;
    r.hold = true;
    r.write("one\ntwo\n");
    r.close();
    r.run();
    REQUIRE(r.lines.size() == 1);
    CHECK(r.ended == 0);
    r.next.front()();
    r.run();
    REQUIRE(r.lines.size() == 2);
    CHECK(r.ended == 0);
    r.next.back()();
    r.run();
    CHECK(r.ended == 1);
}

TEST_CASE("of a line that is too long nothing is kept, and the next one is whole", "[line_input]") {
    reading r;
    std::thread writer([&] {
        r.write(std::string(line_input::longest, 'x') + "\n");
        r.write(std::string(line_input::longest + 1, 'y') + "\n");
        r.write(std::string(3 * line_input::longest, 'y') + "\nnext\n");
        r.close();
    });
    while (r.ended == 0) {
        r.io.restart();
        r.io.run_one_for(std::chrono::seconds(1));
    }
    writer.join();
    REQUIRE(r.lines.size() == 4);
    CHECK(r.lines[0].text.size() == line_input::longest);
    for (const auto n : {1U, 2U}) {
        CHECK(r.lines[n].too_long);
        CHECK(r.lines[n].text.empty());
    }
    CHECK(r.lines[3].text == "next");
}

TEST_CASE("an input ends with its owner while it reads and while it waits", "[line_input]") {
    for (const bool waits : {false, true}) {
        reading r;
        r.hold = waits;
        r.write("one\n");
        if (waits) r.run();
        r.input.reset(); // joins its thread
        r.run();
        CHECK(r.lines.size() == (waits ? 1 : 0));
        CHECK(r.ended == 0);
    }
}
