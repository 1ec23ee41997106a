#include "twenty/record_rules.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"

using support::sample_access;
using support::sample_object;

namespace {

json::array rules_read(int count, std::size_t bytes, const char* more = "") {
    std::string all;
    for (int i = 0; i < count; ++i)
        all += (i ? "," : "") + (R"({"message":")" + std::string(bytes, 'x') + "\"" + more + "}");
    return twenty::read_rules(json::parse(R"({"validationRules":[)" + all + "]}").value(),
                              sample_access(), sample_object("person"));
}

} // namespace

TEST_CASE("twenty rules of an object are shown, each in two hundred bytes", "[record_rules]") {
    CHECK(rules_read(20, 5).size() == 20);
    CHECK(rules_read(21, 5).size() == 20);
    CHECK(rules_read(1, 200).front().text("message").size() == 200);
    CHECK(rules_read(1, 201).front().text("message").size() == 200);
    CHECK(rules_read(3, 5, R"(,"isActive":false)").empty());
    CHECK(rules_read(1, 0).empty());
}

TEST_CASE("a Twenty without rules, and a grant without the object, are not asked for any",
          "[record_rules]") {
    const auto person = support::handed_out(sample_object("person"));
    CHECK_FALSE(twenty::rules_request(sample_access(), person));
    const auto schema = std::make_shared<const twenty::schema>(
        "w", "Works", support::sample_schema()->objects(), std::nullopt, true);
    const auto asked = [&](std::optional<std::set<std::string>> objects) {
        const twenty::access may(twenty::mode::read, std::move(objects), schema);
        const auto of = may.by_singular("person");
        return of && twenty::rules_request(may, *of).has_value();
    };
    CHECK(asked(std::nullopt));
    CHECK(asked(std::set<std::string>{"person"}));
    CHECK_FALSE(asked(std::set<std::string>{"company"}));
    // The id stands in the document.
    auto odd = *schema->by_singular("person");
    odd.id = "x\"}){y";
    const twenty::access all(twenty::mode::read, std::nullopt, schema);
    CHECK_FALSE(twenty::rules_request(all, all.as_readable(odd).value()));
}
