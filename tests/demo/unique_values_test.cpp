#include "demo/unique_values.hpp"

#include "tests/support/catch.hpp"

TEST_CASE("a record clashes with another that has its id or a unique value", "[unique_values]") {
    const demo::schema model;
    const auto& company = *model.find_singular("company");
    const auto link = [](std::string_view url) {
        return json::make({{"primaryLinkUrl", url}, {"primaryLinkLabel", nullptr}});
    };
    const auto columns = [](std::string_view name, json::value v) {
        json::object out;
        out.set(std::string(name), std::move(v));
        return out;
    };
    demo::store records;
    const auto id = demo::uuid_of("one");
    auto& row = records.of(company)[id];
    row.set("id", id);
    row.set("name", "Kestrel");
    row.set("domainName", link("https://kestrel.example"));

    const auto same_id = demo::find_clash(records, company, columns("id", id), {});
    REQUIRE(same_id);
    CHECK(same_id->on == nullptr);
    CHECK(same_id->with == &row);

    // Of a composite one part is unique.
    const auto same_link = columns("domainName", link("https://kestrel.example"));
    const auto clash = demo::find_clash(records, company, same_link, {});
    REQUIRE(clash);
    REQUIRE(clash->on != nullptr);
    CHECK(clash->on->name == "domainName");

    CHECK_FALSE(demo::find_clash(records, company, same_link, id)); // itself
    CHECK_FALSE(demo::find_clash(records, company, columns("name", "Kestrel"), {}));
    CHECK_FALSE(demo::find_clash(records, company, columns("domainName", link("")), {}));
    CHECK_FALSE(demo::find_clash(records, company, columns("domainName", nullptr), {}));
}
