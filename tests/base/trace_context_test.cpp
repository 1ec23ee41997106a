#include "base/trace_context.hpp"

#include "tests/support/catch.hpp"

#include <set>
#include <string>
#include <vector>

namespace {

// W3C Trace Context, §3.2.3
const std::string sample = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

} // namespace

TEST_CASE("a traceparent is read and written as it is", "[trace_context]") {
    const auto read = trace::parse(sample);
    REQUIRE(read);
    CHECK(read->id == "4bf92f3577b34da6a3ce929d0e0e4736");
    CHECK(read->span == "00f067aa0ba902b7");
    CHECK(read->sampled);
    CHECK(trace::traceparent(*read) == sample);
    const auto child = trace::child_of(*read);
    CHECK(child.id == read->id);
    CHECK(child.span != read->span);
    CHECK(trace::parse(trace::traceparent(child)));
    CHECK(trace::parse(trace::traceparent(trace::begin(false))));
    CHECK_FALSE(trace::parse(sample.substr(0, 53) + "02")->sampled);
}

TEST_CASE("what has not the form of a traceparent is none", "[trace_context]") {
    const std::vector<std::string> wrongs = {
        std::string(),
        sample.substr(1),
        sample + "-what",
        sample + "0",
        "ff" + sample.substr(2),
        "00-" + std::string(32, '0') + "-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-" + std::string(16, '0') + "-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473\r-00f067aa0ba902b7-01"};
    for (const auto& wrong : wrongs) {
        INFO(wrong);
        CHECK_FALSE(trace::parse(wrong));
    }
    // A later version may have more behind the flags.
    CHECK(trace::parse("01" + sample.substr(2) + "-what"));
    CHECK_FALSE(trace::parse("01" + sample.substr(2) + "what"));
}

TEST_CASE("no two traces and no two spans have the same id", "[trace_context]") {
    std::set<std::string> ids;
    constexpr std::size_t count = 10'000;
    for (std::size_t i = 0; i < count; ++i) {
        const auto made = trace::begin(true);
        CHECK(trace::parse(trace::traceparent(made)));
        const auto child = trace::child_of(made);
        CHECK(child.id == made.id);
        ids.insert(made.id);
        ids.insert(made.span);
        ids.insert(child.span);
    }
    CHECK(ids.size() == 3 * count);
}
