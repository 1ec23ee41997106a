#include "twenty/named_objects.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"

using twenty::objects_named;

TEST_CASE("objects are found by any of their names, and each counts once", "[named_objects]") {
    const auto schema = support::sample_schema();
    const auto found = objects_named({"People", "person", "companies"}, *schema);
    REQUIRE(found);
    CHECK(*found == std::set<std::string>{"company", "person"});
    CHECK(objects_named({}, *schema)->empty());
}

TEST_CASE("one unknown name refuses all, with the names that it may have meant",
          "[named_objects]") {
    const auto schema = support::sample_schema();
    const auto found = objects_named({"person", "comanies", "zzzz"}, *schema);
    REQUIRE_FALSE(found);
    CHECK(found.failure().code == errc::not_found);
    CHECK(found.failure().message.find("Did you mean companies") != std::string::npos);
    CHECK(found.failure().message.find("zzzz") != std::string::npos);
    const std::vector<std::string> many(500, std::string(5'000, 'z'));
    CHECK(objects_named(many, *schema).failure().message.size() < 1'000);
}
