#include "twenty/compared_fields.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"

#include <algorithm>

using support::sample_access;
using support::sample_object;

namespace {

std::vector<std::string> paths(std::string_view filter, std::string_view object = "person") {
    const auto parsed = json::parse(filter);
    REQUIRE(parsed);
    std::vector<std::string> out;
    for (const auto& f : twenty::compared_fields(*parsed, sample_object(object), sample_access()))
        out.push_back(f.path());
    return out;
}
bool selects(std::string_view selection, std::string relation, std::string name) {
    return twenty::is_selected(selection, {std::move(relation), std::move(name), nullptr});
}

} // namespace

TEST_CASE("every field that a filter compares is found, wherever it stands, once",
          "[compared_fields]") {
    using list = std::vector<std::string>;
    CHECK(paths("{}").empty());
    CHECK(paths(R"({"id":{"in":["20202020-b000-4485-94de-70c2a98daef2"]}})").empty());
    CHECK(paths(R"({"jobTitle":{"eq":"CEO"}})") == list{"jobTitle"});
    CHECK(paths(R"({"and":[{"jobTitle":{"eq":"a"}},{"not":{"or":[{"intro":{"eq":"b"}},)"
                R"({"jobTitle":{"is":"NULL"}}]}}]})") == list{"jobTitle", "intro"});
    CHECK(paths(R"({"company":{"name":{"ilike":"%a%"}}})") == list{"company.name"});
    CHECK(paths(R"({"company":{"and":[{"employees":{"gt":1}},{"name":{"eq":"a"}}]}})") ==
          list{"company.employees", "company.name"});
    CHECK(paths(R"({"companyId":{"is":"NULL"}})") == list{"companyId"});
    // An id behind a relation tells whether the link is there.
    for (const auto* inside : {R"({"and":[{"id":{"eq":"x"}}]})", R"({"or":[{"id":{"eq":"x"}}]})",
                               R"({"not":{"id":{"eq":"x"}}})", R"({"id":{"eq":"x"}})"}) {
        INFO(inside);
        CHECK(paths(std::string(R"({"company":)") + inside + "}") == list{"company.id"});
    }
    CHECK(paths(R"({"name":{"firstName":{"eq":"Ada"}}})") == list{"name"});
    CHECK(paths(R"({"targetCompany":{"name":{"eq":"x"}}})", "noteTarget") ==
          list{"targetCompany.name"});
}

TEST_CASE("a field is found in a selection set at its own place only", "[compared_fields]") {
    const auto set = "id name{firstName lastName} company{id label:x domainName{primaryLinkUrl}} "
                     "notes(first:3){totalCount edges{node{jobTitle}}} city";
    for (const auto* own : {"id", "name", "company", "notes", "city"}) {
        INFO(own);
        CHECK(selects(set, "", own));
    }
    for (const auto* inner : {"firstName", "domainName", "jobTitle", "first", "nam", "cityx"}) {
        INFO(inner);
        CHECK_FALSE(selects(set, "", inner));
    }
    CHECK(selects(set, "company", "domainName"));
    CHECK_FALSE(selects(set, "company", "primaryLinkUrl"));
    CHECK_FALSE(selects(set, "name", "city"));
    CHECK_FALSE(selects("", "", "id"));
}

TEST_CASE("what was selected for a comparison alone is taken out again", "[compared_fields]") {
    const auto& of = sample_object("person");
    const std::vector<twenty::compared_field> fields{
        {"", "jobTitle", &of},
        {"", "city", &of},
        {"company", "employees", &sample_object("company")}};
    const auto left = [&](std::string_view wanted) {
        auto record = *json::parse(R"({"id":"1","jobTitle":"a","city":"b","companyId":"2",)"
                                   R"("company":{"id":"2","name":"c","employees":3}})");
        twenty::erase_compared(record, fields, of, wanted);
        return json::dump(record);
    };
    CHECK(left("id city") == R"({"id":"1","city":"b"})");
    CHECK(left("id companyId") == R"({"id":"1","companyId":"2"})");
    CHECK(left("id jobTitle companyId company{id name}") ==
          R"({"id":"1","jobTitle":"a","companyId":"2","company":{"id":"2","name":"c"}})");
}

TEST_CASE("by a filter whose fields cannot all be checked nothing is asked", "[compared_fields]") {
    auto objects = support::sample_schema()->objects();
    auto& person = *std::find_if(objects.begin(), objects.end(),
                                 [](const auto& o) { return o.name_singular == "person"; });
    const auto text = *person.find_field("jobTitle");
    for (int i = 0; i < 201; ++i) {
        auto another = text;
        another.name = "text" + std::to_string(i);
        person.fields.push_back(std::move(another));
    }
    const twenty::access may(twenty::mode::read, std::nullopt,
                             std::make_shared<const twenty::schema>("w", "Works", objects));
    const auto people = may.readable("person").value();
    const auto compares = [](int count) {
        json::array all;
        for (int i = 0; i < count; ++i)
            all.push_back(
                json::make({{"text" + std::to_string(i), json::make({{"ilike", "%a%"}})}}));
        return json::make({{"or", std::move(all)}});
    };
    const auto selected = [&](int count) {
        return twenty::select_compared(twenty::compared_fields(compares(count), *people, may),
                                       *people, may);
    };
    REQUIRE(selected(200));
    CHECK(selected(200)->find("text199") != std::string::npos);
    REQUIRE_FALSE(selected(201));
    CHECK(selected(201).failure().code == errc::bad_request);
    CHECK(selected(201).failure().message.find("more than 200 fields") != std::string::npos);
    for (const bool grouped : {false, true}) {
        INFO(grouped);
        twenty::aggregation what;
        if (grouped) what.group_by.push_back({"jobTitle", ""});
        what.filter = compares(200);
        CHECK(twenty::prepare_aggregate(people, may, what));
        what.filter = compares(201);
        CHECK_FALSE(twenty::prepare_aggregate(people, may, what));
    }
}
