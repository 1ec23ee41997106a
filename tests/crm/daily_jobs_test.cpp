// The ten jobs of tests/e2e/support/daily_jobs.mjs against forms that a real Twenty 2.19 took and
// gave, with the standard objects of one. Jobs that other tests hold to recordings: notes and tasks
// about a deal (about_test), equal changes of many (tools_write_many_test, many/012), an upsert by
// an additional address (tools_write_many_test, uniqueness/021), a timeline, mails and meetings
// (include_test).
#include "tests/mcp/support/script.hpp"
#include "tests/support/stock_schema.hpp"

using mcp_test::acme;
using mcp_test::ada;
using mcp_test::script;

namespace {

constexpr const char* deal = "a0210000-0000-4000-8000-0000000018b0";
constexpr const char* note_record = "a0210000-0000-4000-8000-0000000018a0";

struct stock : script {
    stock() { schema = support::stock_schema(); }
    // What was asked, each condition of its filter on its own.
    std::string filter(std::size_t n) { return json::dump(*variables(n).find("filter")); }
};

std::string groups_of(const char* root, const std::string& rows) {
    return R"({"data":{")" + std::string(root) + R"(":[)" + rows + "]}}";
}
std::string found(const char* root, const std::string& node) {
    return R"({"data":{")" + std::string(root) + R"(":{"totalCount":1,"edges":[{"node":)" + node +
           "}]}}}";
}
std::string quoted(const char* id) { return "\"" + std::string(id) + "\""; }

} // namespace

// twenty-golden-2 timeline/030: target columns are grouped by; dates/019: a range needs `and`, two
// operators on one field are refused; group/048-051: Twenty takes no filter by a list.
TEST_CASE("quiet deals of this quarter cost a request for each list, and a range in an and",
          "[daily_jobs]") {
    stock s; // 15 January 2027
    s.answers(groups_of("noteTargetsGroupBy", R"({"groupByDimensionValues":[)" + quoted(deal) +
                                                  "]}," + R"({"groupByDimensionValues":[null]})"));
    s.answers(groups_of("timelineActivitiesGroupBy", ""));
    s.answers(R"({"data":{"opportunities":{"totalCount":0,"edges":[]}}})");
    const auto r = s.call(
        "find_records",
        R"({"objectName":"opportunity","filter":{"closeDate":{"eq":"thisQuarter"},"notes":{"none":{"createdAt":{"gte":"-30d"}}},"timeline":{"none":{"happensAt":{"gte":"-30d"}}}},"fields":["name"]})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    REQUIRE(s.sent().size() == 3);
    CHECK(
        s.query(0).find("noteTargetsGroupBy(filter:$filter,groupBy:[{targetOpportunityId:true}]") !=
        std::string::npos);
    CHECK(s.filter(0).find(R"({"note":{"createdAt":{"gte":"2026-12-16T00:00:00Z"}}})") !=
          std::string::npos);
    CHECK(s.filter(1).find(R"({"happensAt":{"gte":"2026-12-16T00:00:00Z"}})") != std::string::npos);
    const auto asked = s.filter(2);
    INFO(asked);
    CHECK(asked.find(R"("and":[)") != std::string::npos);
    CHECK(asked.find(R"({"closeDate":{"gte":"2027-01-01T00:00:00Z"}})") != std::string::npos);
    CHECK(asked.find(R"({"closeDate":{"lt":"2027-04-01T00:00:00Z"}})") != std::string::npos);
    CHECK(asked.find(R"({"not":{"id":{"in":[)" + quoted(deal) + "]}}}") != std::string::npos);
}

// dates/078: MONTH is refused without a time zone; dates/102: a month comes as its first day;
// group/015, 026: dimensions in the order asked for, sums in millionths, groups without a value.
TEST_CASE("a pipeline by stage and month in one currency is one request", "[daily_jobs]") {
    stock s;
    s.answers(groups_of(
        "opportunitiesGroupBy",
        R"({"groupByDimensionValues":["NEW","2026-11-01"],"sumAmountAmountMicros":4500000},)"
        R"({"groupByDimensionValues":["MEETING","2026-12-01"],"sumAmountAmountMicros":"6900000"},)"
        R"({"groupByDimensionValues":["NEW",null],"sumAmountAmountMicros":null})"));
    const auto r = s.call(
        "aggregate_records",
        R"({"objectName":"opportunity","filter":{"amount":{"currencyCode":{"eq":"EUR"}}},"groupBy":[{"field":"stage"},{"field":"closeDate","granularity":"MONTH"}],"measures":[{"function":"sum","field":"amount"}]})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    REQUIRE(s.sent().size() == 1);
    INFO(s.query(0));
    CHECK(json::dump(*s.variables(0).find("groupBy")) ==
          R"([{"stage":true},{"closeDate":{"granularity":"MONTH","timeZone":"UTC"}}])");
    CHECK(s.filter(0) == R"({"amount":{"currencyCode":{"eq":"EUR"}}})");
    CHECK(*r.body.find("columns") == json::list({"stage", "closeDate", "sum(amount)"}));
    CHECK(json::dump(*r.body.find("rows")) ==
          R"([["NEW","2026-11-01",4.5],["MEETING","2026-12-01",6.9],["NEW",null,null]])");
    CHECK(r.text.find("currenc") == std::string::npos); // nothing is mixed, so nothing is said
}

// group/005: Twenty orders groups by a measure; group/021: a relation by its column.
TEST_CASE("top accounts are ordered by Twenty, and named with one request more", "[daily_jobs]") {
    stock s;
    s.answers(groups_of("opportunitiesGroupBy", R"({"groupByDimensionValues":[)" + quoted(acme) +
                                                    R"(],"sumAmountAmountMicros":6900000})"));
    s.answers(found("companies", R"({"id":)" + quoted(acme) + R"(,"name":"Acme"})"));
    const auto r = s.call(
        "aggregate_records",
        R"({"objectName":"opportunity","filter":{"stage":{"neq":"CUSTOMER"}},"groupBy":[{"field":"company"}],"measures":[{"function":"sum","field":"amount"}],"limit":5})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    REQUIRE(s.sent().size() == 2);
    INFO(s.query(0));
    CHECK(s.query(0).find("orderBy:[{aggregate:{sumAmountAmountMicros:DescNullsLast}}]") !=
          std::string::npos);
    CHECK(json::dump(*r.body.find("rows")) == "[[" + quoted(acme) + R"(,"Acme",6.9]])");
}

// null/002: a null phone changes nothing; null/016-020: its parts do; uniqueness/003: addresses are
// stored in lower case.
TEST_CASE("a phone number of somebody known by address is cleared by its parts", "[daily_jobs]") {
    stock s;
    const std::string person =
        R"({"id":)" + quoted(ada) +
        R"(,"emails":{"primaryEmail":"ada@acme.example","additionalEmails":[]},)"
        R"("phones":{"primaryPhoneNumber":"301234567","primaryPhoneCountryCode":"DE",)"
        R"("primaryPhoneCallingCode":"+49","additionalPhones":[{"number":"1","callingCode":"+1","countryCode":"US"}]}})";
    s.answers(found("people", person));
    s.answers(R"({"data":{"person":)" + person + "}}");
    s.answers(
        R"({"data":{"updatePerson":{"id":)" + quoted(ada) +
        R"(,"phones":{"primaryPhoneNumber":"","primaryPhoneCountryCode":"","primaryPhoneCallingCode":"","additionalPhones":[]}}}})");
    const auto r = s.call(
        "update_record",
        R"({"objectName":"person","upsertBy":"emails","data":{"emails":"Ada@Acme.example","phones":null}})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    REQUIRE(s.sent().size() == 3);
    CHECK(
        json::dump(*s.variables(2).at("data", "phones")) ==
        R"({"primaryPhoneNumber":"","primaryPhoneCountryCode":"","primaryPhoneCallingCode":"","additionalPhones":null})");
    CHECK(r.body.at("record", "phones")->is_null());
    CHECK(r.body.at("before", "phones")->text("primaryPhoneNumber") == "301234567");
}

// relations/059: a target row holds the column and the record of each object that it may lead to.
TEST_CASE("what a note is about is asked for with the note's id, in two requests", "[daily_jobs]") {
    stock s;
    s.answers(R"({"data":{"note":{"id":)" + quoted(note_record) + R"(,"title":"Call"}}})");
    s.answers(found(
        "noteTargets",
        R"({"id":"r1","targetOpportunityId":)" + quoted(deal) + R"(,"targetOpportunity":{"id":)" +
            quoted(deal) +
            R"(,"name":"Rideshare"},"targetPersonId":null,"targetPerson":null,"targetCompanyId":null,"targetCompany":null})"));
    const auto r = s.call("get_record", R"({"objectName":"note","id":)" + quoted(note_record) +
                                            R"(,"include":["targets"]})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(s.sent().size() == 2);
    CHECK(s.filter(1) == R"({"noteId":{"eq":)" + quoted(note_record) + "}}");
    CHECK(json::dump(*r.body.at("record", "targets")) ==
          R"([{"object":"opportunity","id":)" + quoted(deal) + R"(,"label":"Rideshare"}])");
}

// timeline/001: the entry's column of a company, and the time it has of itself.
TEST_CASE("a week of a company's timeline is one request, and tells what changed", "[daily_jobs]") {
    stock s;
    s.answers(found(
        "timelineActivities",
        R"({"id":"t1","name":"company.updated","happensAt":"2027-01-14T09:00:00.000Z","targetCompanyId":)" +
            quoted(acme) + R"(,"targetCompany":{"id":)" + quoted(acme) +
            R"(,"name":"Acme"},"properties":{"diff":{"employees":{"before":41,"after":57}}}})"));
    const auto r = s.call(
        "find_records",
        R"({"objectName":"timelineActivity","filter":{"targetCompany":{"name":{"eq":"Acme"}},"happensAt":{"gte":"-7d"}}})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    REQUIRE(s.sent().size() == 1);
    CHECK(s.filter(0).find(R"({"happensAt":{"gte":"2027-01-08T00:00:00Z"}})") != std::string::npos);
    CHECK(s.filter(0).find(R"({"targetCompany":{"name":{"eq":"Acme"}}})") != std::string::npos);
    CHECK(r.text.find("employees") != std::string::npos);
    CHECK(r.text.find("57") != std::string::npos);
}
