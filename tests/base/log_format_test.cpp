#include "base/log_format.hpp"

#include "base/json.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <vector>

namespace {

using logging::level;
using logging::pair;

const logging::moment now{std::chrono::milliseconds(1'800'000'000'007)};
const std::vector<pair> pairs{{"tool", "find_records"}, {"ms", 42}, {"why", "a \"b\"\nc"}};

} // namespace

TEST_CASE("a text line begins with its time and quotes what is not plain", "[log_format]") {
    CHECK(logging::text_line(now, level::warning, "slow_call", pairs) ==
          R"(2027-01-15T08:00:00.007Z warning slow_call tool=find_records ms=42 )"
          R"(why="a \"b\"\x0ac")");
}

TEST_CASE("a JSON line is one object in which numbers are numbers", "[log_format]") {
    const auto line = logging::json_line(now, level::info, "request", pairs);
    CHECK(line == R"({"time":"2027-01-15T08:00:00.007Z","level":"info","event":"request",)"
                  R"("tool":"find_records","ms":42,"why":"a \"b\"\nc"})");
    CHECK(line.find('\n') == std::string::npos);
}

TEST_CASE("a JSON line is JSON whatever bytes a value has", "[log_format]") {
    std::vector<pair> odd{{"path", std::string("\xff\x00\x80 x", 5)}};
    const auto line = logging::json_line(now, level::info, "request", odd);
    const auto read = json::parse(line);
    REQUIRE(read.ok());
    CHECK(read->text("path") == "%FF%00%80%20x");
}

TEST_CASE("a record of the journal has a field for each pair, and no value ends one",
          "[log_format]") {
    CHECK(logging::journal_record(level::error, "commit_failed", pairs) ==
          "MESSAGE=error commit_failed tool=find_records ms=42 why=\"a \\\"b\\\"\\x0ac\"\n"
          "PRIORITY=3\nMCP_EVENT=commit_failed\nMCP_TOOL=find_records\nMCP_MS=42\n"
          "MCP_WHY=a \"b\" c\n");
    CHECK(logging::journal_message(level::warning, "two\nlines") ==
          "MESSAGE=two lines\nPRIORITY=4\n");
    const char priorities[] = {'7', '6', '4', '3'};
    for (const auto of : {level::debug, level::info, level::warning, level::error}) {
        const auto record = logging::journal_record(of, "x", {});
        CHECK(record.find(std::string("PRIORITY=") + priorities[static_cast<std::size_t>(of)] +
                          '\n') != std::string::npos);
    }
}
