// Names and nulls of groups: twenty-golden-2 dates/081 to 083, where Twenty's own order is that of
// the letters (Thursday, Tuesday, Wednesday, none).
#include "tests/mcp/support/script.hpp"

using mcp_test::script;

namespace {

std::string opportunity_groups(const std::vector<std::string>& values) {
    std::string out;
    for (const auto& v : values)
        out += (out.empty() ? "" : ",") + (R"({"groupByDimensionValues":[)" + v) +
               R"(],"totalCount":1})";
    return R"({"data":{"opportunitiesGroupBy":[)" + out + "]}}";
}
std::string grouped(const char* more) {
    return std::string(R"({"objectName":"opportunity",)") + more + "}";
}
std::string first_column(const json::value& body) {
    std::string out;
    for (const auto& row : *body.find("rows")->if_array())
        out += (out.empty() ? "" : " ") + json::dump(row.if_array()->front());
    return out;
}

} // namespace

TEST_CASE("days of the week, months and quarters of the year come in the calendar's order",
          "[calendar_order]") {
    const struct {
        const char* granularity;
        std::vector<std::string> answered;
        const char* shown;
    } all[] = {
        {"DAY_OF_THE_WEEK",
         {R"("Thursday")", R"("Tuesday")", "null", R"("Sunday")", R"("Monday")"},
         R"("Monday" "Tuesday" "Thursday" "Sunday" null)"},
        {"MONTH_OF_THE_YEAR",
         {R"("December")", "null", R"("April")", R"("January")"},
         R"("January" "April" "December" null)"},
        {"QUARTER_OF_THE_YEAR", {R"("Q4")", R"("Q1")", R"("Q3")"}, R"("Q1" "Q3" "Q4")"},
    };
    for (const auto& one : all) {
        INFO(one.granularity);
        script s;
        s.answers(opportunity_groups(one.answered));
        const auto r = s.call(
            "aggregate_records",
            grouped((R"("groupBy":"closeDate:)" + std::string(one.granularity) + "\"").c_str()));
        INFO(r.text);
        REQUIRE_FALSE(r.is_error);
        CHECK(first_column(r.body) == one.shown);
    }
}

TEST_CASE(
    "all groups are read before the calendar's first are shown, and an order asked for stands",
    "[calendar_order]") {
    script s;
    s.answers(opportunity_groups({R"("Thursday")", R"("Tuesday")", R"("Monday")"}));
    const auto first =
        s.call("aggregate_records", grouped(R"("groupBy":"closeDate:DAY_OF_THE_WEEK","limit":2)"));
    INFO(first.text);
    REQUIRE_FALSE(first.is_error);
    CHECK(s.query(0).find("limit:201") != std::string::npos);
    CHECK(first_column(first.body) == R"("Monday" "Tuesday")");
    CHECK(first.text.find("first 2 by the calendar") != std::string::npos);
    s.answers(opportunity_groups({R"("Thursday")", R"("Monday")"}));
    const auto ordered =
        s.call("aggregate_records",
               grouped(R"("groupBy":"closeDate:DAY_OF_THE_WEEK","orderBy":"-count")"));
    REQUIRE_FALSE(ordered.is_error);
    CHECK(first_column(ordered.body) == R"("Thursday" "Monday")");
}

TEST_CASE(
    "beside another group the calendar comes first, and within the years where they are groups",
    "[calendar_order]") {
    script s;
    s.answers(opportunity_groups({R"("NEW","March")", R"("WON","January")", R"("NEW","January")"}));
    const auto by_stage = s.call("aggregate_records",
                                 grouped(R"("groupBy":["stage","closeDate:MONTH_OF_THE_YEAR"])"));
    INFO(by_stage.text);
    REQUIRE_FALSE(by_stage.is_error);
    CHECK(json::dump(*by_stage.body.find("rows")) ==
          R"([["WON","January",1],["NEW","January",1],["NEW","March",1]])");
    s.answers(
        opportunity_groups({R"("2027-01-01T00:00:00Z","Q1")", R"("2026-01-01T00:00:00Z","Q4")",
                            R"("2026-01-01T00:00:00Z","Q2")"}));
    const auto by_year =
        s.call("aggregate_records",
               grouped(R"("groupBy":["createdAt:YEAR","closeDate:QUARTER_OF_THE_YEAR"])"));
    INFO(by_year.text);
    REQUIRE_FALSE(by_year.is_error);
    CHECK(json::dump(*by_year.body.find("rows")).find(R"([["2026-01-01T00:00:00Z","Q2",1])") == 0);
}

TEST_CASE("the calendar is named as the order only where all groups were sorted by it",
          "[calendar_order]") {
    const auto call = [](script& t, int others) {
        std::vector<std::string> values;
        for (int i = 0; i < others; ++i)
            values.push_back("\"" + std::to_string(i) + R"(","Tuesday")");
        values.emplace_back(R"("z","Monday")");
        t.answers(opportunity_groups(values));
        return t.call("aggregate_records",
                      grouped(R"("groupBy":["name","closeDate:DAY_OF_THE_WEEK"],"limit":3)"));
    };
    script whole;
    const auto all = call(whole, 199);
    INFO(all.text);
    CHECK(first_column(all.body) == R"("z" "0" "1")");
    CHECK(all.text.find("first 3 by the calendar") != std::string::npos);
    script part; // one group more than an answer has
    const auto some = call(part, 200);
    INFO(some.text);
    CHECK(first_column(some.body) == R"("0" "1" "2")");
    CHECK(some.text.find("There are more groups") != std::string::npos);
    CHECK(some.text.find("calendar") == std::string::npos);
}
