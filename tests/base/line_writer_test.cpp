#include "base/line_writer.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/pipe.hpp"

#include <algorithm>
#include <string>

using namespace std::chrono_literals;
using testing::pipe_ends;

namespace {

constexpr std::size_t pipe_holds = 65536;
constexpr std::string_view said = "warning log_lines_dropped count=";

std::size_t lines_in(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}
// The sum of all that the writer said of dropped lines.
std::size_t dropped_in(const std::string& text) {
    std::size_t sum = 0;
    for (auto at = text.find(said); at != std::string::npos; at = text.find(said, at + 1))
        sum += std::stoul(text.substr(at + said.size()));
    return sum;
}
std::size_t notices_in(const std::string& text) {
    std::size_t count = 0;
    for (auto at = text.find(said); at != std::string::npos; at = text.find(said, at + 1))
        ++count;
    return count;
}

std::string dropped(std::size_t count) { return std::string(said) + std::to_string(count); }

line_writer::writer to_file(int file) {
    return [file](std::string_view batch) { return line_writer::write_all(file, batch); };
}

} // namespace

TEST_CASE("lines are written whole and in order", "[line_writer]") {
    const pipe_ends to;
    line_writer lines(to_file(to.writer()), dropped);
    std::string all;
    for (int i = 0; i < 500; ++i) {
        lines.put("line " + std::to_string(i));
        all += "line " + std::to_string(i) + '\n';
    }
    CHECK(lines.flush(5s));
    CHECK(to.read() == all);
}

TEST_CASE("while nobody reads no line waits for its writing, and what is dropped is counted",
          "[line_writer]") {
    const pipe_ends to;
    constexpr std::size_t room = 256 * 1024;
    line_writer lines(to_file(to.writer()), dropped, room);
    lines.put(std::string(2 * pipe_holds, 'x'), true); // it is stuck in this one
    CHECK_FALSE(lines.flush(50ms));
    const std::string line(99, 'x');
    constexpr std::size_t many = 100'000; // 10 MB
    const auto begun = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < many; ++i)
        lines.put(line);
    CHECK(std::chrono::steady_clock::now() - begun < 5s);
    CHECK_FALSE(lines.flush(50ms));

    // What must be seen has room behind the flood.
    lines.put("error what_matters", true);
    auto read = to.read();
    CHECK(lines.flush(5s));
    read += to.read();
    CHECK(read.find("error what_matters\n") != std::string::npos);
    const auto notices = notices_in(read);
    CHECK(notices >= 1);
    CHECK(read.size() < 2 * pipe_holds + room + 1024);
    CHECK(lines_in(read) - notices - 2 + dropped_in(read) == many);

    lines.put("and on");
    CHECK(lines.flush(5s));
    CHECK(to.read() == "and on\n");
}

TEST_CASE("a broken file ends nothing, and its lines count as dropped", "[line_writer]") {
    pipe_ends to;
    to.close_reader(); // SIGPIPE would end the tests
    line_writer lines(to_file(to.writer()), dropped);
    lines.put("lost");
    CHECK(lines.flush(5s));
}

TEST_CASE("a writer that is stuck does not hold up the end of its owner", "[line_writer]") {
    const pipe_ends to;
    const auto begun = std::chrono::steady_clock::now();
    {
        line_writer lines(to_file(to.writer()), dropped);
        lines.put(std::string(2 * pipe_holds, 'x'));
        CHECK_FALSE(lines.flush(100ms));
    }
    CHECK(std::chrono::steady_clock::now() - begun < 5s);
    CHECK(to.read().size() == 2 * pipe_holds + 1);
}
