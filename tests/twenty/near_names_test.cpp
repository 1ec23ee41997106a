#include "twenty/near_names.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"
#include "twenty/filter.hpp"
#include "twenty/order.hpp"
#include "twenty/query.hpp"

using support::sample_access;
using support::sample_object;

TEST_CASE("a plain name that can only mean one part is read as that part, and said",
          "[near_names]") {
    const auto may = sample_access();
    const auto& person = sample_object("person");
    CHECK(twenty::meant_path(may, person, "firstName") == "name.firstName");
    CHECK(twenty::meant_path(may, person, "first_name") == "name.firstName");
    CHECK(twenty::meant_path(may, person, "email") == "emails.primaryEmail");
    CHECK_FALSE(twenty::meant_path(may, person, "jobTitle")); // its own
    CHECK_FALSE(twenty::meant_path(may, person, "jobTitel")); // a field may be new
    CHECK_FALSE(twenty::meant_path(may, person, ""));

    const auto filter = twenty::prepare_filter("firstName[eq]:Ada", person, may);
    REQUIRE(filter);
    CHECK(json::dump(filter->value) == R"({"name":{"firstName":{"eq":"Ada"}}})");
    CHECK(filter->notes == std::vector<std::string>{R"("firstName" was read as name.firstName)"});
    const auto order = twenty::prepare_order("lastName", person, may);
    REQUIRE(order);
    CHECK(json::dump(order->value) == R"([{"name":{"lastName":"AscNullsFirst"}}])");
    CHECK(order->notes.size() == 1);
    twenty::wanted_fields want;
    want.fields = {"firstName", "email"};
    const auto selected = twenty::select_fields(person, may, want);
    REQUIRE(selected);
    CHECK(*selected == "id name{firstName} emails{primaryEmail}");
}

TEST_CASE("a record's name in place of its id is refused with the way to ask by name",
          "[near_names]") {
    const auto refused = [](const char* filter, const char* object) {
        const auto made =
            twenty::prepare_filter(*json::parse(filter), sample_object(object), sample_access());
        REQUIRE_FALSE(made);
        return made.failure().message;
    };
    CHECK(
        refused(R"({"company":"Acme"})", "person") ==
        R"("company" leads to company, and "Acme" isn't an id; by name: company.name[ilike]:"%Acme%".)");
    CHECK(refused(R"({"company":{"eq":"Acme"}})", "person").find("company.name[ilike]") !=
          std::string::npos);
    // The way that is named works.
    CHECK(twenty::prepare_filter(R"(company.name[ilike]:"%Acme%")", sample_object("person"),
                                 sample_access()));
    const auto owner = refused(R"({"owner":"Tobias Arden"})", "opportunity");
    CHECK(owner.find("workspaceMember") != std::string::npos);
    CHECK(
        owner.find(R"(owner.name.firstName[ilike]:"Tobias",owner.name.lastName[ilike]:"Arden")") !=
        std::string::npos);
}

TEST_CASE("three near names are shown, and none is looked for beside a name of 65 bytes",
          "[near_names]") {
    const auto may = sample_access();
    const auto& person = sample_object("person");
    CHECK(twenty::near_paths(may, person, "label").size() <= 3);
    auto of = sample_object("asset");
    const auto text_field = *of.find_field("name"); // of.fields grows
    for (const auto* name : {"price1", "price2", "price3", "price4"}) {
        auto f = text_field;
        f.name = name;
        of.fields.push_back(f);
    }
    CHECK(twenty::near_paths(may, of, "price5") ==
          std::vector<std::string>{"price1", "price2", "price3"});
    auto longest = text_field;
    longest.name = std::string(64, 'n');
    of.fields.push_back(longest);
    auto written = longest.name;
    written.back() = 'm';
    CHECK_FALSE(twenty::near_paths(may, of, written).empty());
    longest.name = std::string(65, 'k');
    of.fields.push_back(longest);
    written = longest.name;
    written.back() = 'l';
    CHECK(twenty::near_paths(may, of, written).empty());
}
