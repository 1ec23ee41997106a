#include "twenty/fingerprint.hpp"

#include "tests/support/catch.hpp"

namespace {

twenty::schema company_with(std::vector<std::string> fields, const std::string& label = "Company") {
    twenty::object company;
    company.name_singular = "company";
    company.label_singular = label;
    for (auto& name : fields) {
        twenty::field f;
        f.name = std::move(name);
        company.fields.push_back(std::move(f));
    }
    return {"20202020-1c25-4d02-bf25-6aeccf7ea419", "Acme", {company}};
}

} // namespace

TEST_CASE("the order in which fields are listed changes no fingerprint", "[fingerprint]") {
    CHECK(twenty::fingerprint(company_with({"name", "city"})) ==
          twenty::fingerprint(company_with({"city", "name"})));
}

TEST_CASE("a new field, another label, an option or a relation changes the fingerprint",
          "[fingerprint]") {
    const auto before = twenty::fingerprint(company_with({"name"}));
    CHECK(before != twenty::fingerprint(company_with({"name", "city"})));
    CHECK(before != twenty::fingerprint(company_with({"name"}, "Customer")));
    auto objects = company_with({"name"}).objects();
    objects[0].fields[0].options.push_back({"A", "a"});
    CHECK(before != twenty::fingerprint(twenty::schema("w", "Acme", objects)));
    objects = company_with({"name"}).objects();
    objects[0].fields[0].relations.emplace_back();
    CHECK(before != twenty::fingerprint(twenty::schema("w", "Acme", objects)));
}

TEST_CASE(
    "another origin of an object, or another rule for its duplicates, changes the fingerprint",
    "[fingerprint]") {
    const auto of = [](std::string source, std::vector<std::vector<std::string>> criteria) {
        auto objects = company_with({"name"}).objects();
        objects[0].source = std::move(source);
        objects[0].duplicate_criteria = std::move(criteria);
        return twenty::fingerprint(twenty::schema("w", "Acme", objects));
    };
    const auto before = of("standard", {{"name"}});
    CHECK(before == of("standard", {{"name"}}));
    CHECK(before != of("app:Sales", {{"name"}}));
    CHECK(before != of("standard", {}));
    CHECK(of("standard", {{"a", "b"}}) != of("standard", {{"a"}, {"b"}}));
}
