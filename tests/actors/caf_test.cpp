#include "tests/actors/support.hpp"

TEST_CASE("no message between actors can be printed with what it carries", "[caf]") {
    const secret token(std::string_view("planted-token"));
    const auto hides = [](const caf::message& m) {
        return to_string(m).find("planted") == std::string::npos;
    };
    CHECK(hides(caf::make_message(token)));
    CHECK(hides(caf::make_message(actors::open_token(token))));
    CHECK(hides(
        caf::make_message(actors::get_schema("planted-workspace", token, mcp::freshness::cached))));
    CHECK(hides(caf::make_message(actors::mcp_call(token, "planted-session", {}, {}))));
    CHECK(to_string(caf::make_message(token)).find("unprintable") != std::string::npos);
}
