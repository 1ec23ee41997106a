#include "twenty/letter_case.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"

namespace {

std::string loosened(std::string_view object, const char* filter) {
    const twenty::access may(twenty::mode::read, std::nullopt, support::sample_schema());
    const auto out =
        twenty::without_case(json::parse(filter).value(), support::sample_object(object), may);
    return out ? json::dump(*out) : "unchanged";
}

} // namespace

TEST_CASE("exact texts become patterns of their own letters, wherever they stand",
          "[letter_case]") {
    CHECK(
        loosened("person", R"({"and":[{"jobTitle":{"eq":"CTO"}},{"jobTitle":{"eq":"50%_\\"}}]})") ==
        R"({"and":[{"jobTitle":{"ilike":"CTO"}},{"jobTitle":{"ilike":"50\\%\\_\\\\"}}]})");
    CHECK(loosened("person", R"({"name":{"firstName":{"eq":"ada"}}})") ==
          R"({"name":{"firstName":{"ilike":"ada"}}})");
    CHECK(loosened("person", R"({"company":{"name":{"eq":"acme"}}})") ==
          R"({"company":{"name":{"ilike":"acme"}}})");
    CHECK(loosened("person", R"({"or":[{"not":{"jobTitle":{"eq":"x"}}},{"id":{"eq":"u"}}]})") ==
          R"({"or":[{"not":{"jobTitle":{"ilike":"x"}}},{"id":{"eq":"u"}}]})");
}

TEST_CASE("comparisons that case cannot change stay, and alone are none", "[letter_case]") {
    for (const auto* filter :
         {"{}", R"({"id":{"eq":"u"}})", R"({"jobTitle":{"eq":""}})",
          R"({"jobTitle":{"ilike":"%a%"}})", R"({"jobTitle":{"in":["a"]}})",
          R"({"emails":{"primaryEmail":{"eq":"a@b.c"}}})", R"({"companyId":{"eq":"u"}})",
          R"({"unknown":{"eq":"u"}})", "null", "[]"})
        CHECK(loosened("person", filter) == "unchanged");
}
