// Saved views of the demo workspace, as find_records applies them.
#include "tests/demo/tool_desk.hpp"

using namespace tool_test;

namespace {

std::string records_of(const std::string& object, const std::string& more) {
    return R"({"objectName":")" + object + R"(","limit":200,)" + more + "}";
}

} // namespace

// The form is that of twenty-golden-2 views/001 and 013; the values of filters are those of
// twenty-golden/rest-metadata/views.json.
TEST_CASE("a saved view lists what the same filter lists", "[views]") {
    tool_desk d;
    const auto same = [&](const std::string& object, const std::string& view,
                          const std::string& filter) {
        INFO(view);
        const auto seen = d.good("find_records", records_of(object, R"("view":")" + view + "\""));
        const auto meant =
            d.good("find_records", records_of(object, R"("fields":["id"],"filter":)" + filter));
        CHECK(rows_of(seen) > 0);
        CHECK(*seen.body.find("total") == *meant.body.find("total"));
        return seen;
    };
    const auto large = same("opportunity", "large open deals",
                            R"f("amount.amount[gte]:1000000,not(stage[eq]:CUSTOMER)")f");
    CHECK(json::dump(*large.body.find("columns")).find("owner.label") != std::string::npos);
    for (std::size_t i = 1; i < rows_of(large); ++i)
        CHECK(std::stod(cell(large, i - 1, "amount.amount")) >=
              std::stod(cell(large, i, "amount.amount")));
    same(
        "opportunity", "Closing soon",
        R"({"closeDate":{"between":["2026-11-22","2026-12-22"]},"not":{"stage":{"eq":"CUSTOMER"}}})");
    same("person", "Without a company", R"("companyId[is]:NULL")");
    same("opportunity", "By Stage", R"({})");
}

TEST_CASE("views of a record page are none, and those that are there are named", "[views]") {
    tool_desk d;
    const auto none = d.call(
        "find_records", records_of("opportunity", R"("view":"Opportunity Record Page Fields")"));
    CHECK(none.is_error);
    CHECK(none.text.find("Closing soon") != std::string::npos);
    CHECK(none.text.find("Page Fields,") == std::string::npos);
    const auto mine = d.call("find_records", records_of("task", R"("view":"Assigned to Me")"));
    INFO(mine.text);
    CHECK(mine.is_error); // a key is nobody
    tool_desk reader(demo::role::read_only, twenty::mode::read);
    CHECK(rows_of(reader.good("find_records", records_of("opportunity", R"("view":"By Stage")"))) >
          0);
}
