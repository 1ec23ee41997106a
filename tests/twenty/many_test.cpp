#include "twenty/many.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"

using support::sample_object;

namespace {

constexpr const char* one = "20202020-b000-4485-94de-70c2a98daef2";
constexpr const char* two = "20202020-a000-4485-94de-70c2a98daef2";

std::string query_of(const twenty::request& r) {
    return std::string(json::parse(r.body).value().text("query"));
}

} // namespace

// The form of twenty-golden-2 many/012, 021 and 025.
TEST_CASE("many records are changed by their ids and by nothing else", "[many]") {
    const auto person = support::handed_out(sample_object("person"));
    const std::string filter =
        std::string(R"((filter:{id:{in:[")") + one + R"(",")" + two + R"("]}})";
    json::object values;
    values.append("city", "Oslo");
    const auto update = twenty::update_many_request(person, {one, two}, values, "id");
    REQUIRE(update);
    CHECK(query_of(*update) ==
          "mutation($data:PersonUpdateInput!){updatePeople" + filter + ",data:$data){id}}");
    CHECK(update->is_write);
    CHECK_FALSE(update->safe_to_repeat);
    const auto remove = twenty::delete_many_request(person, {one, two}, "id");
    REQUIRE(remove);
    CHECK(query_of(*remove) == "mutation{deletePeople" + filter + "){id}}");
    const auto restore = twenty::restore_many_request(person, {one, two}, "id");
    REQUIRE(restore);
    CHECK(query_of(*restore) == "mutation{restorePeople" + filter + "){id}}");
}

// Twenty: an empty list and no UUID are refused [many/015, 016], 201 are too many [many/038].
TEST_CASE("a change of many records is never built of no id, of text that is none, or of too many",
          "[many]") {
    const auto person = support::handed_out(sample_object("person"));
    const json::object values;
    const std::vector<std::vector<std::string>> wrong = {
        {},
        {""},
        {one, "\"]}}){id}destroyPeople(filter:{}){id}#"},
        {one, "20202020-b000-4485-94de-70c2a98daef2\""},
        std::vector<std::string>(201, one)};
    for (const auto& ids : wrong) {
        CHECK_FALSE(twenty::update_many_request(person, ids, values, "id"));
        CHECK_FALSE(twenty::delete_many_request(person, ids, "id"));
        CHECK_FALSE(twenty::restore_many_request(person, ids, "id"));
    }
    CHECK(twenty::delete_many_request(person, std::vector<std::string>(200, one), "id"));
}
