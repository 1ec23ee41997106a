#include "tests/crm/support.hpp"
#include "tests/mcp/support/script.hpp"
#include "tests/support/stock_schema.hpp"

using crm_test::people_refused;
using mcp_test::acme;
using mcp_test::script;

TEST_CASE("aggregate_records counts, and groups as columns and rows", "[tool_aggregate]") {
    script s;
    s.answers(R"({"data":{"opportunities":{"totalCount":154}}})");
    const auto count = s.call("aggregate_records", R"({"objectName":"opportunity"})");
    INFO(count.text);
    REQUIRE_FALSE(count.is_error);
    CHECK(*count.body.find("columns") == json::list({"count"}));
    CHECK(*count.body.find("rows") == json::list({json::list({154})}));
    s.answers(
        R"({"data":{"opportunitiesGroupBy":[{"groupByDimensionValues":["NEW"],"totalCount":34}]}})");
    const auto groups = s.call("aggregate_records",
                               R"({"objectName":"opportunity","groupBy":[{"field":"stage"}]})");
    INFO(groups.text);
    REQUIRE_FALSE(groups.is_error);
    CHECK(*groups.body.find("columns") == json::list({"stage", "count"}));
    CHECK(*groups.body.find("rows") == json::list({json::list({"NEW", 34})}));
    CHECK(
        s.call("aggregate_records", R"({"objectName":"opportunity","groupBy":[{"field":"stge"}]})")
            .code() == "bad_request");
    CHECK(s.call("aggregate_records",
                 R"({"objectName":"opportunity","measures":[{"function":"total"}]})")
              .code() == "bad_request");
}

TEST_CASE("aggregate_records cuts long groups, and says how many of many fit in",
          "[tool_aggregate]") {
    script s;
    std::string groups;
    for (int i = 100; i < 300; ++i)
        groups += std::string(groups.empty() ? "" : ",") + R"({"groupByDimensionValues":[")" +
                  std::to_string(i) + "\xE2\x80\xAE" + std::string(5'000, 'x') +
                  R"("],"totalCount":1})";
    s.answers(R"({"data":{"peopleGroupBy":[)" + groups + "]}}");
    const auto r =
        s.call("aggregate_records",
               R"({"objectName":"person","groupBy":[{"field":"jobTitle"}],"limit":200})");
    REQUIRE_FALSE(r.is_error);
    CHECK(r.text.size() < 25'000);
    CHECK(r.text.find("\xE2\x80\xAE") == std::string::npos);
    CHECK(r.text.find("of 200 groups fit in") != std::string::npos);
    CHECK(r.body.find("rows")->if_array()->size() > 50);
}

TEST_CASE("aggregate_records groups by a relation's record and reads the names of the groups",
          "[tool_aggregate]") {
    script s;
    const std::string second = "20202020-a001-4485-94de-70c2a98daef2";
    const std::string groups =
        std::string(R"({"data":{"peopleGroupBy":[{"groupByDimensionValues":[")") + acme +
        R"("],"totalCount":3},{"groupByDimensionValues":[")" + second +
        R"("],"totalCount":2},{"groupByDimensionValues":[null],"totalCount":1}]}})";
    const auto node = [](const std::string& id) {
        return R"({"cursor":"c","node":{"id":")" + id + R"(","name":"Acme"}})";
    };
    s.answers(groups);
    s.answers(R"({"data":{"companies":{"totalCount":2,"pageInfo":{},"edges":[)" + node(acme) + "," +
              node(second) + "]}}}");
    const auto by_company = R"({"objectName":"person","groupBy":[{"field":"companyId"}]})";
    const auto r = s.call("aggregate_records", by_company);
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(*r.body.find("columns") == json::list({"company.id", "company.label", "count"}));
    CHECK(*r.body.find("rows") ==
          json::list({json::list({acme, "Acme", 3}), json::list({second, "Acme", 2}),
                      json::list({nullptr, nullptr, 1})}));
    CHECK(*s.variables(1).at("filter", "id", "in") == json::list({acme, second}));
    // Names that cannot be read leave the ids.
    script without;
    without.answers(groups);
    without.answers(people_refused("Entity performing the request does not have permission",
                                   R"({"code":"FORBIDDEN","subCode":"PERMISSION_DENIED"})"));
    const auto ids = without.call("aggregate_records", by_company);
    INFO(ids.text);
    REQUIRE_FALSE(ids.is_error);
    CHECK(ids.body.find("rows")->if_array()->front() == json::list({acme, nullptr, 3}));
    CHECK(json::dump(*ids.body.find("notes")).find("names of companies") != std::string::npos);
    // Outside of the grant there is nothing to group by.
    script limited(twenty::mode::read, std::set<std::string>{"person"});
    CHECK(limited.call("aggregate_records", by_company).code() == "bad_request");
    CHECK(limited.sent().empty());
}

TEST_CASE("aggregate_records takes every date bucket and refuses what is no time zone",
          "[tool_aggregate]") {
    script s;
    for (const auto* bucket : {"DAY", "WEEK", "MONTH", "QUARTER", "YEAR", "DAY_OF_THE_WEEK",
                               "MONTH_OF_THE_YEAR", "QUARTER_OF_THE_YEAR"}) {
        INFO(bucket);
        s.answers(R"({"data":{"opportunitiesGroupBy":[]}})");
        CHECK_FALSE(
            s.call(
                 "aggregate_records",
                 std::string(
                     R"({"objectName":"opportunity","groupBy":[{"field":"closeDate","granularity":")") +
                     bucket + "\"}]}")
                .is_error);
    }
    CHECK(s.call("aggregate_records", R"({"objectName":"opportunity","timeZone":"CET"})").code() ==
          "bad_request");
}

TEST_CASE("measures and groups come in short forms as well, and money in units",
          "[tool_aggregate]") {
    // twenty-golden-2 group/005: numbers; others come as texts
    const std::string groups =
        R"({"data":{"opportunitiesGroupBy":[{"groupByDimensionValues":["WON"],"sumAmountAmountMicros":6900000,"totalCount":2},)"
        R"({"groupByDimensionValues":["NEW"],"sumAmountAmountMicros":"4500000","totalCount":3}]}})";
    for (const auto* asked :
         {R"~("measures":["sum(amount)","count"],"groupBy":"stage")~",
          R"~("measures":"sum(amount), count","groupBy":["stage"])~",
          R"~("measures":[{"function":"sum:amount"},"count"],"groupBy":{"field":"stage"})~",
          R"~("measures":[{"function":"sum","field":"amount"},"count(*)"],"groupBy":"stage")~"}) {
        INFO(asked);
        script s;
        s.answers(groups);
        const auto r = s.call("aggregate_records",
                              R"({"objectName":"opportunity",)" + std::string(asked) + "}");
        INFO(r.text);
        REQUIRE_FALSE(r.is_error);
        CHECK(r.body.find("columns")->if_array()->front() == json::value("stage"));
        CHECK(json::dump(*r.body.find("rows")) == R"([["WON",6.9,2],["NEW",4.5,3]])");
    }
    script s;
    s.answers(R"({"data":{"opportunitiesGroupBy":[]}})");
    REQUIRE_FALSE(
        s.call("aggregate_records", R"({"objectName":"opportunity","groupBy":"closeDate:week"})")
            .is_error);
    CHECK(s.variables(0)
              .find("groupBy")
              ->if_array()
              ->front()
              .find("closeDate")
              ->text("granularity") == "WEEK");
}

TEST_CASE("the first groups by a measure are shown, and whether there are more is known",
          "[tool_aggregate]") {
    const auto groups = [](int n) {
        std::string out;
        for (int i = 0; i < n; ++i)
            out += std::string(i ? "," : "") + R"({"groupByDimensionValues":["c)" +
                   std::to_string(i) + R"("],"totalCount":)" + std::to_string(n - i) + "}";
        return R"({"data":{"peopleGroupBy":[)" + out + "]}}";
    };
    const auto asked =
        R"({"objectName":"person","groupBy":"city","orderBy":"count desc","limit":5})";
    script s;
    s.answers(groups(6));
    const auto r = s.call("aggregate_records", asked);
    REQUIRE_FALSE(r.is_error);
    CHECK(s.query(0).find("orderBy:[{aggregate:{totalCount:DescNullsLast}}],limit:6") !=
          std::string::npos);
    CHECK(r.body.find("rows")->if_array()->size() == 5);
    CHECK(json::dump(*r.body.find("notes")).find("first 5 by count (largest first)") !=
          std::string::npos);
    s.answers(groups(5));
    CHECK_FALSE(s.call("aggregate_records", asked).body.find("notes"));
}

TEST_CASE("labels of choices are shown beside groups where they differ from the values",
          "[tool_aggregate]") {
    script s;
    std::vector<twenty::object> objects = (*s.schema)->objects();
    for (auto& o : objects)
        for (auto& f : o.fields)
            if (f.name == "stage") f.options = {{"NEW", "New"}, {"WON", "Closed won"}};
    s.schema = std::make_shared<const twenty::schema>("w", "Apple", std::move(objects));
    s.answers(
        R"({"data":{"opportunitiesGroupBy":[{"groupByDimensionValues":["WON"],"totalCount":2},{"groupByDimensionValues":["NEW"],"totalCount":1}]}})");
    const auto r = s.call("aggregate_records", R"({"objectName":"opportunity","groupBy":"stage"})");
    CHECK(json::dump(*r.body.find("labels")) == R"({"stage":{"WON":"Closed won"}})");
}

TEST_CASE("groups don't show the titles of private meetings or mails", "[tool_aggregate]") {
    for (
        const auto* asked :
        {R"("objectName":"calendarEvent","groupBy":"title")",
         R"("objectName":"calendarEventParticipant","groupBy":"calendarEvent.title")",
         R"("objectName":"messageParticipant","groupBy":"message.subject")",
         R"("objectName":"message","measures":[{"function":"countUniqueValues","field":"subject"}])",
         R"("objectName":"message","measures":[{"function":"countNotEmpty","field":"text"}])",
         R"("objectName":"messageParticipant","filter":{"message":{"text":{"like":"a%"}}})"}) {
        INFO(asked);
        script s;
        s.schema = support::stock_schema();
        const auto r = s.call("aggregate_records", "{" + std::string(asked) + "}");
        CHECK(r.message().find("private") != std::string_view::npos);
        CHECK(s.sent().empty());
    }
}
