// The ten jobs of tests/e2e/support/daily_jobs.mjs, counted in requests to Twenty: a workspace
// takes 100 a minute of everybody.
#include "tests/demo/tool_desk.hpp"

#include <algorithm>

using namespace tool_test;

namespace {

std::string id_of(tool_desk& d, const std::string& object, const std::string& filter) {
    const auto r =
        d.good("find_records", R"({"objectName":")" + object + R"(","limit":1,"filter":)" +
                                   json::dump(json::value(filter)) + "}");
    REQUIRE(rows_of(r) == 1);
    return cell(r, 0, "id");
}

struct counted {
    tool_desk& d;
    // What `calls` come to in requests.
    template <typename calls> std::size_t operator()(calls&& made) {
        const auto before = d.sent.size();
        made();
        return d.sent.size() - before;
    }
};

std::string ids_of(const tool_desk::called& page) {
    std::string out;
    for (std::size_t i = 0; i < rows_of(page); ++i)
        out += (i ? ",\"" : "\"") + cell(page, i, "id") + "\"";
    return out;
}

std::int64_t total_in(const tool_desk::called& r) {
    return r.body.find("total")->as_int().value_or(-1);
}

std::size_t outcomes(const tool_desk::called& r, std::string_view wanted) {
    const auto& all = *r.body.find("results")->if_array();
    return static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [&](const auto& one) { return one.text("outcome") == wanted; }));
}

} // namespace

TEST_CASE("reading jobs of a day cost a request for each list that they need", "[daily_jobs]") {
    tool_desk d;
    counted requests{d};
    CHECK(requests([&] {
              d.good("find_records",
                     R"({"objectName":"opportunity","filter":{"closeDate":{"eq":"thisQuarter"},)"
                     R"("stage":{"neq":"CUSTOMER"},"notes":{"none":{"createdAt":{"gte":"-30d"}}},)"
                     R"("tasks":{"none":{"createdAt":{"gte":"-30d"}}},)"
                     R"("timeline":{"none":{"happensAt":{"gte":"-30d"}}}}})");
          }) == 4);
    CHECK(requests([&] {
              d.good("find_records",
                     R"({"objectName":"timelineActivity","filter":{"targetCompany":)"
                     R"({"name":{"ilike":"%a%"}},"happensAt":{"gte":"-7d"}}})");
          }) == 1);
    CHECK(requests([&] {
              d.good("aggregate_records",
                     R"({"objectName":"opportunity","filter":"amount.currencyCode[eq]:USD",)"
                     R"("groupBy":[{"field":"stage"},{"field":"closeDate","granularity":"MONTH"}],)"
                     R"("measures":[{"function":"sum","field":"amount"}]})");
          }) == 1);
    CHECK(requests([&] {
              d.good("aggregate_records",
                     R"({"objectName":"opportunity","filter":"stage[neq]:CUSTOMER",)"
                     R"("groupBy":[{"field":"company"}],"limit":5,)"
                     R"("measures":[{"function":"sum","field":"amount"}]})");
          }) == 2);
    const auto company = id_of(d, "company", "name[is]:NOT_NULL");
    CHECK(requests([&] {
              d.good("get_record",
                     one("company", company,
                         R"(,"include":["people","opportunities","notes","tasks","mails",)"
                         R"("meetings","timeline"])"));
          }) == 8); // the company and its seven lists
}

TEST_CASE("writing jobs of a day cost few requests, whatever the number of records",
          "[daily_jobs]") {
    tool_desk d;
    counted requests{d};
    const auto deal = id_of(d, "opportunity", "ownerId[is]:NOT_NULL");
    const auto about = R"("about":[{"object":"opportunity","id":")" + deal + "\"}]";
    std::string note;
    CHECK(requests([&] {
              note = d.good("create_record",
                            R"({"objectName":"note","data":{"title":"Call"},)" + about + "}")
                         .body.text("id");
          }) == 3);
    CHECK(requests([&] {
              d.good(
                  "create_record",
                  R"({"objectName":"task","data":{"title":"Offer","assigneeId":"Nadia Sorel"},)" +
                      about + "}");
          }) == 4);
    CHECK(requests([&] { d.good("get_record", one("note", note, R"(,"include":["targets"])")); }) ==
          2);
    const auto tasks =
        d.good("find_records", R"({"objectName":"task","limit":200,"fields":["title"],)"
                               R"("filter":"assignee.name.lastName[eq]:Reyes"})");
    REQUIRE(rows_of(tasks) > 2);
    CHECK(requests([&] {
              d.good("update_record", R"({"objectName":"task","ids":[)" + ids_of(tasks) +
                                          R"(],"data":{"assigneeId":"Nadia Sorel"}})");
          }) == 3);
    CHECK(rows_of(d.good("find_records",
                         R"({"objectName":"task","filter":"assignee.name.lastName[eq]:Reyes"})")) ==
          0);
    const auto person =
        d.good("find_records", R"({"objectName":"person","limit":1,)"
                               R"("filter":"phones[is]:NOT_NULL,emails[is]:NOT_NULL",)"
                               R"("fields":["emails.primaryEmail"]})");
    CHECK(requests([&] {
              d.good("update_record",
                     R"({"objectName":"person","upsertBy":"emails","data":{"emails":")" +
                         cell(person, 0, "emails.primaryEmail") + R"(","phones":null}})");
          }) == 3);
}

TEST_CASE("an import makes nothing twice, and run again it makes nothing", "[daily_jobs]") {
    tool_desk d;
    counted requests{d};
    std::string companies;
    std::string people;
    for (int i = 0; i < 10; ++i)
        companies += std::string(i ? "," : "") + R"({"name":"Orrery )" + std::to_string(i) +
                     R"(","domainName":"orrery-)" + std::to_string(i) + R"(.example"})";
    for (int i = 0; i < 40; ++i)
        people += std::string(i ? "," : "") + R"({"name":"Lead)" + std::to_string(i) +
                  R"( Orrery","emails":"lead)" + std::to_string(i) +
                  R"(@orrery.example","companyId":"Orrery )" + std::to_string(i % 10) + "\"}";
    const auto companies_of = [&] {
        return d.good("update_record",
                      R"({"objectName":"company","upsertBy":"domainName","records":[)" + companies +
                          "]}");
    };
    const auto people_of = [&] {
        return d.good("update_record",
                      R"({"objectName":"person","upsertBy":"emails","records":[)" + people + "]}");
    };
    // Who is there, who is alike, the write and the read-back; of 40 leads two writes, and their
    // companies by name.
    CHECK(requests([&] { CHECK(outcomes(companies_of(), "created") == 10); }) == 4);
    CHECK(requests([&] { CHECK(outcomes(people_of(), "created") == 40); }) == 6);
    CHECK(outcomes(companies_of(), "updated") == 10);
    CHECK(outcomes(people_of(), "updated") == 40);
    CHECK(total_in(d.good("find_records",
                          R"({"objectName":"person","filter":"name.lastName[eq]:Orrery"})")) == 40);
}
