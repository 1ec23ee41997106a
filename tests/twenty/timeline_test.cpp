#include "twenty/timeline.hpp"

#include "tests/support/catch.hpp"

namespace {

std::string shown(const std::string& diff) {
    return json::dump(twenty::short_properties(json::parse(R"({"diff":)" + diff + "}").value()));
}

} // namespace

TEST_CASE("a change on a timeline shows before and after, a value in 120 bytes", "[timeline]") {
    CHECK(shown(R"({"city":{"before":"A","after":"B","diff":"x"}})") ==
          R"({"diff":{"city":{"before":"A","after":"B"}}})");
    const auto value = [](std::size_t bytes) {
        return shown(R"({"city":{"after":")" + std::string(bytes, 'x') + "\"}}");
    };
    CHECK(value(120) == R"({"diff":{"city":{"after":")" + std::string(120, 'x') + "\"}}}");
    CHECK(value(121) == R"({"diff":{"city":{"after":")" + std::string(120, 'x') + "…\"}}}");
    CHECK(shown("{}") == "null");
    CHECK(json::dump(twenty::short_properties({})) == "null");
}

TEST_CASE("eight changed fields are shown, and how many more there are", "[timeline]") {
    const auto fields = [](int count) {
        std::string all;
        for (int i = 0; i < count; ++i)
            all += (i ? "," : "") + std::string("\"f") + std::to_string(i) + R"(":{"after":1})";
        return shown("{" + all + "}");
    };
    CHECK(fields(8).find("more") == std::string::npos);
    CHECK(fields(10).find(R"("f7":{"after":1},"…":"2 more"})") != std::string::npos);
    CHECK(fields(9).find("f8") == std::string::npos);
}
