// Every tool, end to end against the demo workspace.
#include "tests/demo/tool_desk.hpp"

using namespace tool_test;

TEST_CASE("the schema tools show the demo workspace", "[tools_against_demo]") {
    tool_desk d;
    const auto objects = d.good("list_objects", "{}");
    CHECK(rows_of(objects) > 5);
    for (std::size_t i = 0; i < rows_of(objects); ++i)
        d.good("describe_object", R"({"objectName":")" + cell(objects, i, "object") + "\"}");
    const auto primer = d.good("get_primer", "{}");
    CHECK(primer.body.text("primer").find("opportunity") != std::string_view::npos);
}

TEST_CASE("every object of the demo workspace can be listed and read", "[tools_against_demo]") {
    tool_desk d;
    const auto objects = d.good("list_objects", "{}");
    for (std::size_t i = 0; i < rows_of(objects); ++i) {
        const auto name = cell(objects, i, "object");
        const auto page = d.good("find_records", R"({"objectName":")" + name + R"(","limit":3})");
        if (rows_of(page) == 0) continue;
        const auto id = cell(page, 0, "id");
        const auto record = d.good("get_record", one(name, id));
        CHECK(record.body.find("record")->text("id") == id);
        d.good("get_record", one(name, id, R"(,"depth":1)"));
    }
}

TEST_CASE("the columns of a page can be asked for as fields, and sorted by",
          "[tools_against_demo]") {
    tool_desk d;
    const auto objects = d.good("list_objects", "{}");
    for (std::size_t i = 0; i < rows_of(objects); ++i) {
        const auto name = cell(objects, i, "object");
        const auto page = d.good("find_records", R"({"objectName":")" + name + "\"}");
        if (rows_of(page) == 0) continue;
        const auto& columns = *page.body.find("columns");
        const auto again = d.good(
            "find_records", json::dump(json::make({{"objectName", name}, {"fields", columns}})));
        CHECK(*again.body.find("columns") == columns);
        CHECK(*again.body.find("rows") == *page.body.find("rows"));
        std::set<std::string> unsorted; // records of several objects have no order
        for (const auto& column : *columns.if_array())
            if (const auto& c = *column.if_string(); c.ends_with(".object"))
                unsorted.insert({c, c.substr(0, c.find('.')) + ".id"});
        for (const auto& column : *columns.if_array())
            if (!column.if_string()->ends_with(".label") && !unsorted.contains(*column.if_string()))
                d.good("find_records",
                       json::dump(json::make({{"objectName", name}, {"orderBy", column}})));
    }
}

TEST_CASE("a walk through pages shows every record once, in cursor and in offset order",
          "[tools_against_demo]") {
    for (const std::string order :
         {"", R"(,"orderBy":"createdAt[DescNullsLast]")", R"(,"orderBy":"jobTitle")",
          R"(,"orderBy":"company.name")", R"(,"orderBy":"id[DescNullsLast]")"}) {
        INFO(order);
        tool_desk d;
        std::set<std::string> seen;
        std::string cursor;
        std::int64_t total = -1;
        for (int page = 0; page < 30; ++page) {
            const auto r =
                d.good("find_records",
                       R"({"objectName":"person","limit":40,"fields":["name","company"])" + order +
                           (cursor.empty() ? "" : R"(,"cursor":")" + cursor + "\"") + "}");
            total = r.body.find("total")->as_int().value();
            for (std::size_t i = 0; i < rows_of(r); ++i)
                CHECK(seen.insert(cell(r, i, "id")).second);
            if (!r.body.flag("hasNextPage")) break;
            cursor = r.body.text("cursor");
        }
        CHECK(std::cmp_equal(seen.size(), total));
    }
}

TEST_CASE("a page that does not fit continues without losing or repeating a record",
          "[tools_against_demo]") {
    tool_desk d;
    std::set<std::string> seen;
    std::string cursor;
    int pages = 0;
    for (; pages < 30; ++pages) {
        const auto r = d.good(
            "find_records",
            R"({"objectName":"person","limit":200,"fields":["name","emails","phones","company","linkedinLink","createdBy","createdAt","updatedAt"])" +
                std::string(cursor.empty() ? "" : R"(,"cursor":")" + cursor + "\"") + "}");
        CHECK(r.text.size() < 30'000);
        for (std::size_t i = 0; i < rows_of(r); ++i)
            CHECK(seen.insert(cell(r, i, "id")).second);
        if (!r.body.flag("hasNextPage")) break;
        cursor = r.body.text("cursor");
    }
    CHECK(pages > 0);
    CHECK(seen.size() == 150);
}

TEST_CASE("filters, search and aggregates agree with each other", "[tools_against_demo]") {
    tool_desk d;
    const auto filtered = d.good(
        "find_records", R"({"objectName":"opportunity","filter":"stage[eq]:NEW","limit":200})");
    const auto counted = d.good("aggregate_records",
                                R"({"objectName":"opportunity","filter":{"stage":{"eq":"NEW"}}})");
    CHECK(json::dump((*(*counted.body.find("rows")->if_array())[0].if_array())[0]) ==
          json::dump(*filtered.body.find("total")));
    const auto groups = d.good(
        "aggregate_records",
        R"({"objectName":"opportunity","groupBy":[{"field":"stage"}],"measures":[{"function":"count"},{"function":"sum","field":"amount"}]})");
    CHECK(rows_of(groups) > 1);
    const auto months = d.good(
        "aggregate_records",
        R"({"objectName":"opportunity","groupBy":[{"field":"closeDate","granularity":"MONTH"}]})");
    CHECK(rows_of(months) >= 1);
    const auto names =
        d.good("aggregate_records", R"({"objectName":"person","groupBy":[{"field":"name"}]})");
    CHECK(json::dump(*names.body.find("columns")) ==
          R"(["name.firstName","name.lastName","count"])");
    CHECK((*names.body.find("rows")->if_array())[0].if_array()->size() == 3);
    const auto company =
        d.good("find_records", R"({"objectName":"company","limit":1,"fields":["name"]})");
    const auto hits = d.good("search_records", R"({"objects":["company"],"query":")" +
                                                   cell(company, 0, "name") + "\"}");
    REQUIRE(rows_of(hits) >= 1);
    CHECK(cell(hits, 0, "object") == "company");
}

TEST_CASE("groups by a relation are its records, and two of one name stay apart",
          "[tools_against_demo]") {
    tool_desk d;
    const auto twin = [&] {
        const auto made =
            d.good("create_record", R"({"objectName":"company","data":{"name":"Twin"}})");
        const std::string id(made.body.text("id"));
        d.good("create_record", R"({"objectName":"person","data":{"companyId":")" + id + "\"}}");
        return id;
    };
    const std::set<std::string> twins{twin(), twin()};
    for (const std::string field : {"company", "companyId"}) {
        const auto r =
            d.good("aggregate_records",
                   R"({"objectName":"person","limit":200,"groupBy":[{"field":")" + field + "\"}]}");
        std::set<std::string> seen;
        std::int64_t people = 0;
        for (std::size_t i = 0; i < rows_of(r); ++i) {
            if (cell(r, i, "company.label") == "Twin") seen.insert(cell(r, i, "company.id"));
            people += std::stoll(cell(r, i, "count"));
        }
        CHECK(seen == twins);
        CHECK(people == 152);
    }
    const auto by_name =
        d.good("aggregate_records",
               R"({"objectName":"person","limit":200,"groupBy":[{"field":"company.name"}]})");
    for (std::size_t i = 0; i < rows_of(by_name); ++i)
        if (cell(by_name, i, "company.name") == "Twin") CHECK(cell(by_name, i, "count") == "2");
    d.good(
        "aggregate_records",
        R"({"objectName":"company","groupBy":[{"field":"accountOwner"},{"field":"accountOwner.name.lastName"}]})");
    const auto days = d.good(
        "aggregate_records",
        R"({"objectName":"opportunity","groupBy":[{"field":"closeDate","granularity":"DAY_OF_THE_WEEK"}]})");
    CHECK(rows_of(days) <= 8);
    CHECK(days.text.find("Monday") != std::string::npos);
    const auto months = d.good(
        "aggregate_records",
        R"({"objectName":"opportunity","measures":[{"function":"sum","field":"amount"}],"groupBy":[{"field":"closeDate"}]})");
    CHECK(cell(months, 0, "closeDate").size() == 10);
    CHECK(months.text.find("sum(amount)") != std::string::npos);
}

TEST_CASE("a record lives from creation over change and deletion to its return",
          "[tools_against_demo]") {
    tool_desk d;
    const auto made = d.good(
        "create_record",
        R"({"objectName":"person","data":{"name":{"firstName":"Grace","lastName":"Hopper"},"emails":{"primaryEmail":"grace@example.com","additionalEmails":["g2@example.com"]},"jobTitle":"Admiral"}})");
    const std::string id(made.body.text("id"));
    CHECK(made.body.text("label") == "Grace Hopper");
    CHECK(made.body.find("record")->text("jobTitle") == "Admiral");

    const auto again =
        d.call("create_record",
               R"({"objectName":"person","data":{"emails":{"primaryEmail":"grace@example.com"}}})");
    INFO(again.text);
    CHECK(again.body.find("error")->text("code") == "conflict");
    REQUIRE(again.body.at("error", "existing"));
    CHECK(again.body.at("error", "existing")->text("id") == id);

    d.good(
        "update_record",
        one("person", id,
            R"(,"data":{"jobTitle":"Rear admiral","emails":{"primaryEmail":"hopper@example.com"}})"));
    const auto now = d.good("get_record", one("person", id));
    CHECK(now.body.find("record")->text("jobTitle") == "Rear admiral");
    CHECK(now.body.at("record", "emails")->text("primaryEmail") == "hopper@example.com");
    CHECK(*now.body.at("record", "emails", "additionalEmails") ==
          json::list({"grace@example.com", "g2@example.com"}));

    d.good("delete_record", one("person", id));
    CHECK(d.error_code("get_record", one("person", id)) == "not_found");
    const auto changed = d.call("update_record", one("person", id, R"(,"data":{"jobTitle":"x"})"));
    CHECK(changed.is_error);
    CHECK(changed.text.find("restore_record") != std::string::npos);
    const auto deleted =
        d.good("find_records", R"({"objectName":"person","filter":"deletedAt[is]:NOT_NULL"})");
    CHECK(rows_of(deleted) >= 1);
    const auto back = d.good("restore_record", one("person", id));
    CHECK(back.body.text("label") == "Grace Hopper");
    CHECK(back.text.find("deleted") == std::string::npos);
    d.good("get_record", one("person", id));
}

TEST_CASE("a record made from an object's own example is accepted", "[tools_against_demo]") {
    tool_desk d;
    const auto objects = d.good("list_objects", "{}");
    for (std::size_t i = 0; i < rows_of(objects); ++i) {
        const auto name = cell(objects, i, "object");
        const auto shown = d.good("describe_object", R"({"objectName":")" + name + "\"}");
        const auto* data = shown.body.find("exampleData");
        if (!data || data->if_object()->empty() || name == "workspaceMember") continue;
        const auto made = d.call("create_record", R"({"objectName":")" + name + R"(","data":)" +
                                                      json::dump(*data) + "}");
        INFO(name << " " << json::dump(*data) << " " << made.text);
        CHECK_FALSE(made.is_error);
    }
}

TEST_CASE("sixty records are made, changed, deleted and brought back in one call each",
          "[tools_against_demo]") {
    tool_desk d;
    std::string made_of;
    for (int i = 0; i < 60; ++i)
        made_of += (i ? "," : "") + std::string(R"({"firstName":"Bulk","lastName":"No )") +
                   std::to_string(i) + R"(","email":"bulk)" + std::to_string(i) +
                   R"(@example.com","jobTitle":"x"})";
    const auto with = [](std::string list) {
        return R"({"objectName":"person","records":[)" + list + "]}";
    };
    d.calls = 0;
    const auto made = d.good("create_record", with(made_of));
    CHECK(made.body.find("done")->as_int() == 60);
    CHECK(d.calls == 5); // three creates, one look for similar ones, one read-back
    const auto& lines = *made.body.find("results")->if_array();
    REQUIRE(lines.size() == 60);
    CHECK(lines[7].text("label") == "Bulk No 7");
    CHECK(lines[7].at("record", "emails")->text("primaryEmail") == "bulk7@example.com");

    const auto again = d.call("create_record", with(made_of.substr(0, made_of.find('}') + 1) +
                                                    R"(,{"email":"fresh@example.com"})"));
    CHECK(again.body.find("done")->as_int() == 1);
    const auto& refused = again.body.find("results")->if_array()->front();
    CHECK(refused.at("error", "existing")->text("id") == lines[0].text("id"));

    std::string changes;
    std::string ids;
    for (const auto& line : lines) {
        const std::string id(line.text("id"));
        changes += (changes.empty() ? "" : ",") + (R"({"id":")" + id) + R"(","jobTitle":"Bulk"})";
        ids += (ids.empty() ? "\"" : ",\"") + id + "\"";
    }
    d.calls += 60; // a minute later
    CHECK(d.good("update_record", with(changes)).body.find("done")->as_int() == 60);
    const auto of_ids = R"({"objectName":"person","ids":[)" + ids + "]}";
    d.calls += 60;
    CHECK(d.good("delete_record", of_ids).body.find("done")->as_int() == 60);
    CHECK(d.error_code("get_record", one("person", std::string(lines[0].text("id")))) ==
          "not_found");
    d.calls += 60;
    const auto back = d.good("restore_record", of_ids);
    CHECK(back.body.find("done")->as_int() == 60);
    CHECK(back.body.find("results")->if_array()->back().text("label") == "Bulk No 59");
}

TEST_CASE("a rate limit in the middle of a batch leaves the rest undone and listed",
          "[tools_against_demo]") {
    tool_desk d;
    const auto page =
        d.good("find_records", R"({"objectName":"person","limit":10,"fields":["id"]})");
    std::string ids;
    for (std::size_t i = 0; i < rows_of(page); ++i)
        ids += (i ? ",\"" : "\"") + cell(page, i, "id") + "\"";
    d.workspace.faults().answer_429 = 1;
    const auto none = d.call("delete_record", R"({"objectName":"person","ids":[)" + ids + "]}");
    CHECK(none.body.find("error")->text("code") == "rate_limited");
    CHECK(none.body.at("error", "notDone")->if_array()->size() == 10);
}

TEST_CASE("an upsert finds people by address and companies by any spelling of their domain",
          "[tools_against_demo]") {
    tool_desk d;
    const auto upsert = [&](std::string object, std::string by, std::string data) {
        return d.good("update_record", R"({"objectName":")" + object + R"(","upsertBy":")" + by +
                                           R"(","data":)" + data + "}");
    };
    const auto first =
        upsert("person", "emails", R"({"email":"Ups@example.com","phone":"+33612345678"})");
    CHECK(first.body.flag("created"));
    const auto second = upsert(
        "person", "emails.primaryEmail",
        R"({"email":"ups@example.com","jobTitle":"x","additionalEmails":["b@example.com"]})");
    CHECK(second.body.flag("updated"));
    CHECK(second.body.text("id") == first.body.text("id"));
    CHECK(*second.body.at("record", "emails", "additionalEmails") == json::list({"b@example.com"}));

    const auto acme = upsert("company", "domainName",
                             R"({"name":"Ups","website":"https://ups.example","city":"Oslo"})");
    CHECK(acme.body.flag("created"));
    CHECK(acme.body.at("record", "address")->text("addressCity") == "Oslo");
    const auto same =
        upsert("company", "domainName", R"({"domainName":"www.ups.example/","employees":7})");
    CHECK(same.body.flag("updated"));
    CHECK(same.body.text("id") == acme.body.text("id"));
    CHECK(same.body.at("record", "domainName")->text("primaryLinkUrl") == "https://ups.example");

    d.good("delete_record", one("person", std::string(first.body.text("id"))));
    CHECK(
        d.error_code(
            "update_record",
            R"({"objectName":"person","upsertBy":"emails","data":{"email":"ups@example.com"}})") ==
        "conflict");
}

TEST_CASE("replace drops the stored addresses, and links and phones are kept as addresses are",
          "[tools_against_demo]") {
    tool_desk d;
    const auto made = d.good(
        "create_record",
        R"({"objectName":"person","data":{"email":"r1@example.com","additionalEmails":["r2@example.com"],"phone":"+33612345678","linkedin":"https://l.example/a"}})");
    const std::string id(made.body.text("id"));
    const auto kept = d.good(
        "update_record",
        one("person", id, R"(,"data":{"phone":"+33699999999","linkedin":"https://l.example/b"})"));
    CHECK(
        kept.body.at("record", "phones", "additionalPhones")->if_array()->front().text("number") ==
        "612345678");
    CHECK(
        kept.body.at("record", "linkedinLink", "secondaryLinks")->if_array()->front().text("url") ==
        "https://l.example/a");
    const auto dropped = d.good(
        "update_record",
        one("person", id,
            R"(,"replace":true,"data":{"emails":{"primaryEmail":"r3@example.com","additionalEmails":[]}})"));
    CHECK(dropped.body.at("record", "emails")->text("primaryEmail") == "r3@example.com");
    CHECK_FALSE(dropped.body.at("record", "emails", "additionalEmails"));
}

TEST_CASE("a missing record is not found by any tool", "[tools_against_demo]") {
    tool_desk d;
    const std::string none = "20202020-ffff-4fff-8fff-ffffffffffff";
    CHECK(d.error_code("get_record", one("person", none)) == "not_found");
    CHECK(d.error_code("update_record", one("person", none, R"(,"data":{"jobTitle":"x"})")) ==
          "not_found");
    CHECK(d.error_code("delete_record", one("person", none)) == "not_found");
    CHECK(d.error_code("restore_record", one("person", none)) == "not_found");
}

TEST_CASE("free GraphQL reads, writes and explores the data model", "[tools_against_demo]") {
    tool_desk d;
    const auto read = d.good(
        "run_graphql",
        R"({"endpoint":"graphql","query":"query($n:Int){people(first:$n){totalCount edges{node{id name{firstName}}}}}","variables":{"n":2}})");
    CHECK(read.body.at("data", "people", "edges")->if_array()->size() == 2);
    d.good(
        "run_graphql",
        R"({"endpoint":"metadata","query":"{objects(paging:{first:5}){edges{node{nameSingular}}}}"})");
    const auto page = d.good("find_records", R"({"objectName":"person","limit":1})");
    d.good("run_graphql_mutation",
           json::dump(json::make({{"endpoint", "graphql"},
                                  {"query", "mutation{updatePerson(id:\"" + cell(page, 0, "id") +
                                                "\",data:{jobTitle:\"x\"}){id jobTitle}}"}})));
    CHECK(d.call("run_graphql",
                 R"({"endpoint":"graphql","query":"mutation{deletePerson(id:\"x\"){id}}"})")
              .is_error);
}

TEST_CASE("a limited key reads what its role may and says what was left out",
          "[tools_against_demo]") {
    tool_desk d(demo::role::limited);
    const auto r = d.good("find_records", R"({"objectName":"company","limit":2})");
    CHECK(rows_of(r) == 2);
    CHECK(r.body.find("notes"));
    CHECK(d.error_code("find_records", R"({"objectName":"opportunity"})") == "not_allowed");
    const auto page = d.good("find_records", R"({"objectName":"person","limit":1})");
    d.good("get_record", one("person", cell(page, 0, "id")));
}

TEST_CASE("a read-only key is told so by Twenty even on a write connection",
          "[tools_against_demo]") {
    tool_desk d(demo::role::read_only);
    CHECK(d.error_code("create_record", R"({"objectName":"person","data":{"jobTitle":"x"}})") ==
          "not_allowed");
}

TEST_CASE("a workspace that misbehaves costs an error, never a broken answer",
          "[tools_against_demo]") {
    tool_desk d;
    const auto ask = [&] { return d.error_code("find_records", R"({"objectName":"person"})"); };
    d.workspace.faults().answer_429 = 1;
    CHECK(ask() == "rate_limited");
    d.workspace.faults().answer_500 = 1;
    CHECK(ask() == "upstream_refused");
    d.workspace.faults().answer_html = 1;
    CHECK(ask() == "upstream_down");
    d.workspace.faults().hang = 1;
    CHECK(ask() == "upstream_timeout");
    d.workspace.faults().empty_reply = 1;
    CHECK(ask() == "upstream_down");
    CHECK(ask().empty());
}

TEST_CASE("a connection limited to people stays there by every path",
          "[tools_against_demo][plan-105]") {
    tool_desk d(demo::role::full, twenty::mode::write, std::set<std::string>{"person"});
    CHECK(rows_of(d.good("list_objects", "{}")) == 1);
    const auto page = d.good("find_records", R"({"objectName":"person","limit":5})");
    CHECK(page.text.find("company") == std::string::npos);
    const auto record = d.good("get_record", one("person", cell(page, 0, "id"), R"(,"depth":1)"));
    CHECK(record.text.find("company") == std::string::npos);
    const auto hits = d.good("search_records", R"({"query":"a","limit":60})");
    for (std::size_t i = 0; i < rows_of(hits); ++i)
        CHECK(cell(hits, i, "object") == "person");
    for (const auto* arguments :
         {R"({"objectName":"person","filter":"company.name[eq]:x"})",
          R"({"objectName":"person","orderBy":"company.name"})",
          R"({"objectName":"person","fields":["company"]})", R"({"objectName":"company"})"})
        CHECK(d.call("find_records", arguments).is_error);
}

TEST_CASE("a connection limited to people reads their timeline without what it tells of others",
          "[tools_against_demo]") {
    tool_desk d(demo::role::full, twenty::mode::read,
                std::set<std::string>{"person", "timelineActivity"});
    const auto page = d.good("find_records", R"({"objectName":"timelineActivity","limit":50})");
    REQUIRE(rows_of(page) > 5);
    // Entries of other records are not there at all.
    tool_desk all;
    const auto of_people = all.good("find_records", R"({"objectName":"timelineActivity","limit":1,)"
                                                    R"("filter":"targetPersonId[is]:NOT_NULL"})");
    CHECK(page.body.find("total")->as_int() == of_people.body.find("total")->as_int());
    const auto other = all.good("find_records", R"({"objectName":"timelineActivity","limit":1,)"
                                                R"("filter":"targetCompanyId[is]:NOT_NULL"})");
    REQUIRE(rows_of(other) == 1);
    CHECK(d.error_code("get_record", one("timelineActivity", cell(other, 0, "id"))) == "not_found");
    const auto counted = d.good("aggregate_records", R"({"objectName":"timelineActivity"})");
    CHECK(json::dump((*counted.body.find("rows")->if_array())[0]) ==
          "[" + json::dump(*page.body.find("total")) + "]");
    const auto record = d.good("get_record", one("timelineActivity", cell(page, 0, "id")));
    const auto described = d.good("describe_object", R"({"objectName":"timelineActivity"})");
    for (const auto* r : {&page, &record, &described})
        for (const auto* hidden :
             {"properties", "linkedRecord", "targetCompany", "linked-note", "{\"name\":\"name\""})
            CHECK(r->text.find(hidden) == std::string::npos);
    for (const auto* arguments :
         {R"({"objectName":"timelineActivity","fields":["properties"]})",
          R"({"objectName":"timelineActivity","filter":"linkedRecordId[is]:NOT_NULL"})"})
        CHECK(d.call("find_records", arguments).is_error);
    CHECK(
        d.call("run_graphql",
               R"({"endpoint":"graphql","query":"{timelineActivities{edges{node{properties}}}}"})")
            .is_error);
    tool_desk open;
    CHECK(
        open.good("get_record", one("timelineActivity", cell(page, 0, "id"), R"(,"detail":"full")"))
            .text.find("properties") != std::string::npos);
}
