#include "base/text.hpp"
#include "crm/page.hpp"
#include "tests/support/catch.hpp"

namespace {
const json::value filter = json::make({{"city", json::make({{"eq", "Oslo"}})}});
const json::value order = json::list({json::make({{"createdAt", "AscNullsFirst"}})});
} // namespace

TEST_CASE("a cursor comes back as the position it stands for", "[page]") {
    crm::position at;
    at.after = "eyJpZCI6IjEifQ==";
    const auto text = crm::encode_cursor(at, "person", filter, order);
    const auto back = crm::decode_cursor(text, "person", filter, order);
    REQUIRE(back.ok());
    CHECK(back->after == at.after);
    CHECK_FALSE(back->offset);
    crm::position by_offset;
    by_offset.offset = 40;
    const auto second = crm::decode_cursor(crm::encode_cursor(by_offset, "person", filter, order),
                                           "person", filter, order);
    REQUIRE(second.ok());
    CHECK(second->offset == 40);
}

TEST_CASE("a cursor works for the very same object, filter and order only", "[page]") {
    crm::position at;
    at.offset = 20;
    const auto text = crm::encode_cursor(at, "person", filter, order);
    CHECK_FALSE(crm::decode_cursor(text, "company", filter, order).ok());
    CHECK_FALSE(crm::decode_cursor(text, "person", json::object{}, order).ok());
    CHECK_FALSE(crm::decode_cursor(text, "person", filter, json::array{}).ok());
}

TEST_CASE("what is no cursor of ours is refused", "[page]") {
    for (const std::string& bad :
         {std::string("x"), std::string("eyJpZCI6IjEifQ"), std::string(5000, 'a'),
          text::base64url_encode(R"({"q":"x"})"), text::base64url_encode("[1]")})
        CHECK_FALSE(crm::decode_cursor(bad, "person", filter, order).ok());
}

TEST_CASE("a cursor that would be too long to copy becomes an offset, and is accepted back",
          "[page]") {
    crm::position at;
    at.after = std::string(5000, 'x');
    at.seen = 40;
    const auto text = crm::encode_cursor(at, "person", filter, order);
    CHECK(text.size() < 2048);
    const auto back = crm::decode_cursor(text, "person", filter, order);
    REQUIRE(back.ok());
    CHECK(back->offset == 40);
    CHECK(back->seen == 40);
    at.after = std::string(300, 'x');
    const auto short_one = crm::decode_cursor(crm::encode_cursor(at, "person", filter, order),
                                              "person", filter, order);
    REQUIRE(short_one.ok());
    CHECK(short_one->after == at.after);
    CHECK(short_one->seen == 40);
}

TEST_CASE("nested members become dotted columns, and gaps are null", "[page]") {
    crm::table t(10'000, {"name"});
    CHECK(t.add(json::parse(R"({"id":"1","name":{"firstName":"Ada"},"tags":["a"]})").value()));
    CHECK(t.add(
        json::parse(R"({"id":"2","name":{"firstName":"Bo","lastName":"C"},"city":null})").value()));
    json::object body;
    t.write_to(body);
    CHECK(json::dump(body) == R"({"columns":["id","name.firstName","tags","name.lastName"],)"
                              R"("rows":[["1","Ada",["a"],null],["2","Bo",null,"C"]]})");
}

TEST_CASE("a table takes rows up to its budget and always the first one", "[page]") {
    crm::table t(100, {});
    const auto big = json::make({{"text", std::string(300, 'x')}});
    CHECK(t.add(big));
    CHECK_FALSE(t.add(json::make({{"text", "y"}})));
    CHECK(t.size() == 1);
}

TEST_CASE("only the named objects are split, others stay one cell", "[page]") {
    crm::table t(10'000, {"company", "company.address"});
    CHECK(
        t.add(json::parse(
                  R"({"company":{"id":"c","address":{"city":"Oslo"},"raw":{"a":1}},"raw":{"b":2}})")
                  .value()));
    json::object body;
    t.write_to(body);
    CHECK(json::dump(body) ==
          R"({"columns":["company.id","company.address.city","company.raw","raw"],)"
          R"("rows":[["c","Oslo",{"a":1},{"b":2}]]})");
}

TEST_CASE("a table stays within its budget, names and gaps included, whatever its rows are",
          "[page]") {
    constexpr std::size_t budget = 5'000;
    crm::table t(budget, {});
    for (int i = 0; i < 200; ++i) {
        json::object row; // a column that no other row has
        row.append("column" + std::to_string(i), i);
        if (!t.add(row)) break;
    }
    json::object body;
    t.write_to(body);
    const auto size = json::dump(body).size();
    CHECK(size <= budget + 30); // "columns" and "rows" themselves
    CHECK(size > budget / 2);
    CHECK(t.size() < 200);
}
