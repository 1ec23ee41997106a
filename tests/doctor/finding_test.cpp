#include "doctor/finding.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("what came from the network is printed without controls, on one line, and cut",
          "[finding]") {
    const auto out = doctor::shown("a\x1b[31mred\r\n\tb\u202e" + std::string(500, 'x'), 40);
    CHECK(out.size() <= 40);
    for (const char c : out)
        CHECK(static_cast<unsigned char>(c) >= 0x20);
    CHECK(out.find("\u202e") == std::string::npos);
    CHECK(out.find("red") != std::string::npos);
}

TEST_CASE("each state has its word", "[finding]") {
    using doctor::state;
    CHECK(doctor::to_string(state::ok) == "ok");
    CHECK(doctor::to_string(state::warning) == "warning");
    CHECK(doctor::to_string(state::failed) == "failed");
    CHECK(doctor::to_string(state::skipped) == "skipped");
}
