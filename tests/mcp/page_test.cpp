#include "base/text.hpp"
#include "mcp/page.hpp"
#include "tests/support/catch.hpp"

namespace {
const json::value filter = json::make({{"city", json::make({{"eq", "Oslo"}})}});
const json::value order = json::list({json::make({{"createdAt", "AscNullsFirst"}})});
} // namespace

TEST_CASE("a cursor comes back as the position it stands for") {
    mcp::position at;
    at.after = "eyJpZCI6IjEifQ==";
    const auto text = mcp::encode_cursor(at, "person", filter, order);
    const auto back = mcp::decode_cursor(text, "person", filter, order);
    REQUIRE(back.ok());
    CHECK(back->after == at.after);
    CHECK_FALSE(back->offset);
    mcp::position by_offset;
    by_offset.offset = 40;
    const auto second = mcp::decode_cursor(mcp::encode_cursor(by_offset, "person", filter, order),
                                           "person", filter, order);
    REQUIRE(second.ok());
    CHECK(second->offset == 40);
}

TEST_CASE("a cursor works for the very same object, filter and order only") {
    mcp::position at;
    at.offset = 20;
    const auto text = mcp::encode_cursor(at, "person", filter, order);
    CHECK_FALSE(mcp::decode_cursor(text, "company", filter, order).ok());
    CHECK_FALSE(mcp::decode_cursor(text, "person", json::object{}, order).ok());
    CHECK_FALSE(mcp::decode_cursor(text, "person", filter, json::array{}).ok());
}

TEST_CASE("what is no cursor of ours is refused") {
    for (const std::string& bad :
         {std::string("x"), std::string("eyJpZCI6IjEifQ"), std::string(5000, 'a'),
          text::base64url_encode(R"({"q":"x"})"), text::base64url_encode("[1]")})
        CHECK_FALSE(mcp::decode_cursor(bad, "person", filter, order).ok());
}

TEST_CASE("nested members become dotted columns, and gaps are null") {
    mcp::table t(10'000);
    CHECK(t.add(json::parse(R"({"id":"1","name":{"firstName":"Ada"},"tags":["a"]})").value()));
    CHECK(t.add(
        json::parse(R"({"id":"2","name":{"firstName":"Bo","lastName":"C"},"city":null})").value()));
    json::object body;
    t.write_to(body);
    CHECK(json::dump(body) == R"({"columns":["id","name.firstName","tags","name.lastName"],)"
                              R"("rows":[["1","Ada",["a"],null],["2","Bo",null,"C"]]})");
}

TEST_CASE("a table takes rows up to its budget and always the first one") {
    mcp::table t(100);
    const auto big = json::make({{"text", std::string(300, 'x')}});
    CHECK(t.add(big));
    CHECK_FALSE(t.add(json::make({{"text", "y"}})));
    CHECK(t.size() == 1);
}
