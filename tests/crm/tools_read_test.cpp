#include "crm/catalogue.hpp"
#include "tests/crm/support.hpp"
#include "tests/mcp/support/script.hpp"

using crm_test::people_refused;
using mcp_test::acme;
using mcp_test::ada;
using mcp_test::script;

namespace {

// A page of people as Twenty's GraphQL answers it: `count` of `total`, text of `weight` bytes.
std::string people(int count, int total, bool more, std::size_t weight = 5) {
    json::writer out;
    out.begin_object().key("data").begin_object().key("people").begin_object();
    out.member("totalCount", total).key("pageInfo").begin_object();
    out.member("hasNextPage", more).member("endCursor", "end").end_object();
    out.key("edges").begin_array();
    for (int i = 0; i < count; ++i) {
        out.begin_object().member("cursor", std::string_view("c" + std::to_string(i)));
        out.key("node").begin_object().member("id", ada);
        out.key("name").begin_object().member("firstName", "Ada");
        out.member("lastName", std::string_view("L" + std::to_string(i))).end_object();
        out.member("jobTitle", std::string_view(std::string(weight, 'x')));
        out.key("company").begin_object().member("id", acme).member("name", "Acme").end_object();
        out.end_object().end_object();
    }
    out.end_array().end_object().end_object().end_object();
    return out.take();
}

} // namespace

TEST_CASE("find_records shows columns and rows, the total, and where to look at a record",
          "[tools_read]") {
    script s;
    s.answers(people(2, 2, false));
    const auto r = s.call("find_records", R"({"objectName":"people"})");
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.text("object") == "person");
    CHECK(r.body.find("total")->as_int() == 2);
    CHECK(r.body.flag("hasNextPage", true) == false);
    CHECK_FALSE(r.body.find("cursor"));
    CHECK(r.body.text("recordUrl") == "https://crm.example.com/object/person/{id}");
    CHECK(*r.body.find("columns") == json::list({"id", "name.firstName", "name.lastName",
                                                 "jobTitle", "company.id", "company.label"}));
    CHECK(r.body.find("rows")->if_array()->size() == 2);
    CHECK(s.query(0).find("first:20") != std::string::npos);
    CHECK_FALSE(s.sent().front().is_write);
}

TEST_CASE("find_records asks for the name, what identifies and what is recent by default",
          "[tools_read]") {
    script s;
    s.answers(people(0, 0, false));
    CHECK_FALSE(s.call("find_records", R"({"objectName":"person"})").is_error);
    for (const auto* part :
         {"firstName", "primaryEmail", "jobTitle", "company{id name}", "updatedAt"})
        CHECK(s.query(0).find(part) != std::string::npos);
    CHECK(s.query(0).find("noteTargets") == std::string::npos);
}

TEST_CASE("find_records asks for exactly the fields that were named", "[tools_read]") {
    script s;
    s.answers(people(0, 0, false));
    CHECK_FALSE(
        s.call("find_records", R"({"objectName":"person","fields":["city"],"limit":3})").is_error);
    CHECK(s.query(0).find("{id city}") != std::string::npos);
    CHECK(s.query(0).find("first:3") != std::string::npos);
    const auto r = s.call("find_records", R"({"objectName":"person","fields":"citty"})");
    CHECK(r.code() == "bad_request");
    CHECK(r.message().find("city") != std::string_view::npos);
}

TEST_CASE("a filter reaches Twenty as a variable, as text or as an object", "[tools_read]") {
    for (const auto* filter :
         {R"("city[eq]:Oslo")", R"({"city":{"eq":"Oslo"}})", R"("{\"city\":{\"eq\":\"Oslo\"}}")"}) {
        INFO(filter);
        script s;
        s.answers(people(1, 1, false));
        const auto r = s.call("find_records",
                              std::string(R"({"objectName":"person","filter":)") + filter + "}");
        INFO(r.text);
        REQUIRE_FALSE(r.is_error);
        CHECK(json::dump(*s.variables(0).find("filter")).find(R"({"eq":"Oslo"})") !=
              std::string::npos);
    }
}

TEST_CASE("a repaired filter says so", "[tools_read]") {
    script s;
    s.answers(people(1, 1, false));
    const auto r =
        s.call("find_records", R"({"objectName":"person","filter":"city[contains]: Oslo"})");
    REQUIRE_FALSE(r.is_error);
    REQUIRE(r.body.find("notes"));
    CHECK_FALSE(r.body.find("notes")->if_array()->empty());
}

TEST_CASE("a page that is cut to its budget continues exactly behind its last row",
          "[tools_read]") {
    script s;
    s.answers(people(200, 500, true, 1000));
    const auto r = s.call("find_records",
                          R"({"objectName":"person","limit":200,"fields":["name","jobTitle"]})");
    REQUIRE_FALSE(r.is_error);
    const auto shown = r.body.find("count")->as_int().value();
    CHECK(shown > 5);
    CHECK(shown < 200);
    CHECK(json::dump(r.body).size() < 30'000);
    CHECK(r.body.flag("hasNextPage"));
    s.answers(people(1, 500, false));
    const auto next =
        s.call("find_records",
               R"({"objectName":"person","limit":200,"fields":["name","jobTitle"],"cursor":")" +
                   std::string(r.body.text("cursor")) + "\"}");
    REQUIRE_FALSE(next.is_error);
    CHECK(s.variables(1).text("after") == "c" + std::to_string(shown - 1));
}

TEST_CASE("a full page continues with Twenty's own cursor", "[tools_read]") {
    script s;
    s.answers(people(2, 5, true));
    const auto r = s.call("find_records", R"({"objectName":"person","limit":2})");
    REQUIRE(r.body.flag("hasNextPage"));
    s.answers(people(1, 5, false));
    const auto next = s.call("find_records", R"({"objectName":"person","limit":2,"cursor":")" +
                                                 std::string(r.body.text("cursor")) + "\"}");
    CHECK(s.variables(1).text("after") == "end");
    CHECK(next.body.flag("hasNextPage", true) == false);
}

TEST_CASE("orders whose cursors lose rows are paged by offset", "[tools_read]") {
    script s;
    s.answers(people(2, 3, true));
    const auto r = s.call("find_records", R"({"objectName":"person","limit":2,"orderBy":"city"})");
    REQUIRE_FALSE(r.is_error);
    CHECK(s.query(0).find("offset:0") != std::string::npos);
    REQUIRE(r.body.flag("hasNextPage"));
    s.answers(people(1, 3, false));
    const auto next =
        s.call("find_records", R"({"objectName":"person","limit":2,"orderBy":"city","cursor":")" +
                                   std::string(r.body.text("cursor")) + "\"}");
    CHECK(s.query(1).find("offset:2") != std::string::npos);
    CHECK(next.body.flag("hasNextPage", true) == false);
}

TEST_CASE("a cursor of another query is refused before Twenty is asked", "[tools_read]") {
    script s;
    s.answers(people(2, 5, true));
    const auto r = s.call("find_records", R"({"objectName":"person","limit":2})");
    const std::string cursor(r.body.text("cursor"));
    for (const auto& arguments :
         {R"({"objectName":"company","cursor":")" + cursor + "\"}",
          R"({"objectName":"person","filter":"city[eq]:Oslo","cursor":")" + cursor + "\"}",
          std::string(R"({"objectName":"person","cursor":"../x"})")}) {
        const auto bad = s.call("find_records", arguments);
        CHECK(bad.code() == "bad_request");
        CHECK(bad.message().find("cursor") != std::string_view::npos);
    }
    CHECK(s.sent().size() == 1);
}

TEST_CASE("a cursor of Twenty's that is too long to copy is continued by offset", "[tools_read]") {
    script s;
    auto answer = people(2, 5, true);
    const std::string twentys = R"("endCursor":"end")";
    answer.replace(answer.find(twentys), twentys.size(),
                   R"("endCursor":")" + std::string(9000, 'e') + "\"");
    s.answers(answer);
    const auto r = s.call("find_records", R"({"objectName":"person","limit":2})");
    CHECK(r.body.text("cursor").size() < 2048);
    s.answers(people(2, 5, true));
    const auto next = s.call("find_records", R"({"objectName":"person","limit":2,"cursor":")" +
                                                 std::string(r.body.text("cursor")) + "\"}");
    INFO(next.text);
    REQUIRE_FALSE(next.is_error);
    CHECK(s.query(1).find("offset:2") != std::string::npos);
    CHECK(next.body.flag("hasNextPage"));
}

TEST_CASE("a field that the key may not read is left out and named", "[tools_read]") {
    script s;
    s.answers(people_refused(
        R"(Entity performing the request does not have permission: no permission to read field \"jobTitle\" on \"person\")",
        R"({"code":"FORBIDDEN","subCode":"PERMISSION_DENIED"})"));
    s.answers(people(1, 1, false));
    const auto r = s.call("find_records", R"({"objectName":"person"})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(s.query(1).find("jobTitle") == std::string::npos);
    CHECK(json::dump(*r.body.find("notes")).find("person.jobTitle") != std::string::npos);
}

TEST_CASE("a related object that the key may not read leaves its ids", "[tools_read]") {
    script s;
    const auto denied = people_refused("Entity performing the request does not have permission",
                                       R"({"code":"FORBIDDEN","subCode":"PERMISSION_DENIED"})");
    s.answers(denied);
    s.answers(people(1, 1, false));
    const auto r = s.call("find_records", R"({"objectName":"person","fields":["name","company"]})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(s.query(1).find("companyId") != std::string::npos);
    CHECK(s.query(1).find("company{") == std::string::npos);
    CHECK(r.body.find("notes"));
    s.answers(denied);
    CHECK(s.call("find_records", R"({"objectName":"person","fields":["name"]})").code() ==
          "not_allowed");
    CHECK(s.sent().size() == 3);
}

TEST_CASE("refused fields are dropped a bounded number of times", "[tools_read]") {
    script s;
    for (int i = 0; i < 20; ++i)
        s.answers(people_refused(
            R"(Entity performing the request does not have permission: no permission to read field \"f)" +
                std::to_string(i) + R"(\" on \"person\")",
            R"({"code":"FORBIDDEN","subCode":"PERMISSION_DENIED"})"));
    CHECK(s.call("find_records", R"({"objectName":"person"})").code() == "not_allowed");
    CHECK(s.sent().size() <= 6);
}

TEST_CASE("an unknown object gets near names, after the schema was read again once",
          "[tools_read][plan-104]") {
    script s;
    const auto r = s.call("find_records", R"({"objectName":"persn"})");
    CHECK(r.code() == "not_found");
    CHECK(r.message().find("person") != std::string_view::npos);
    CHECK(s.refreshes == 1);
    CHECK(s.sent().empty());
}

TEST_CASE("a schema that proves stale is read again once and the call repeated", "[tools_read]") {
    script s;
    s.refreshed_schema = mcp_test::sample_schema();
    s.answers(
        R"({"data":{},"errors":[{"message":"Cannot query field \"people\" on type \"Query\"."}]})");
    s.answers(people(1, 1, false));
    const auto r = s.call("find_records", R"({"objectName":"person"})");
    INFO(r.text);
    CHECK_FALSE(r.is_error);
    CHECK(s.refreshes == 1);
    CHECK(json::dump(*r.body.find("notes")).find("read again") != std::string::npos);
}

TEST_CASE("every way in which Twenty fails is an error that says what it was", "[tools_read]") {
    struct row {
        const char* name;
        int status;
        const char* type;
        const char* body;
        const char* code;
    };
    for (
        const auto& f :
        {row{"rate limit over REST's status", 429, "application/json",
             R"j({"statusCode":429,"error":"HttpException","messages":["Limit reached (100 tokens per 60000 ms)"]})j",
             "rate_limited"},
         row{"rate limit inside HTTP 200", 200, "application/json",
             R"j({"data":null,"errors":[{"message":"Limit reached (100 tokens per 60000 ms)","extensions":{"code":"BAD_USER_INPUT","subCode":"LIMIT_REACHED"}}]})j",
             "rate_limited"},
         row{"an HTML page", 200, "text/html", "<html><body>Welcome to nginx</body></html>",
             "upstream_down"},
         row{"an empty object", 200, "application/json", "{}", "upstream_"},
         row{"null data", 200, "application/json", R"({"data":null})", ""},
         row{"a stack trace", 500, "text/plain",
             "Error: Must provide operation name\n    at /app/node_modules/graphql/execution.js:1",
             "upstream_refused"},
         row{"a revoked key", 200, "application/json",
             R"({"data":null,"errors":[{"message":"This API Key is revoked","extensions":{"code":"FORBIDDEN","subCode":"FORBIDDEN_EXCEPTION"}}]})",
             "upstream_auth"},
         row{"a gateway", 502, "text/html", "<html>Bad gateway at 10.0.0.7</html>",
             "upstream_down"}}) {
        INFO(f.name);
        script s;
        s.answers(f.status, f.type, f.body);
        const auto r = s.call("find_records", R"({"objectName":"person"})");
        INFO(r.text);
        CHECK(r.is_error);
        CHECK(r.code().substr(0, std::string_view(f.code).size()) == f.code);
        CHECK_FALSE(r.message().empty());
        for (const auto* leak : {"nginx", "node_modules", "10.0.0.7", "<html"})
            CHECK(r.text.find(leak) == std::string::npos);
    }
    for (const auto code : {errc::upstream_down, errc::upstream_timeout, errc::busy}) {
        script s;
        s.fails(error(code, "Twenty did not answer.", "connect 10.0.0.7: refused"));
        const auto r = s.call("find_records", R"({"objectName":"person"})");
        CHECK(r.code() == to_string(code));
        CHECK(r.body.at("error", "hint"));
        CHECK(r.text.find("10.0.0.7") == std::string::npos);
    }
    script s;
    s.schema = error(errc::upstream_timeout, "Twenty did not answer in time.");
    CHECK(s.call("list_objects", "{}").code() == "upstream_timeout");
}

TEST_CASE("a rate limit says when to come back", "[tools_read]") {
    script s;
    s.answers(429, "application/json",
              R"j({"messages":["Limit reached (100 tokens per 60000 ms)"]})j");
    const auto r = s.call("find_records", R"({"objectName":"person"})");
    REQUIRE(r.body.at("error", "retryAfterSeconds"));
    CHECK(r.body.at("error", "retryAfterSeconds")->as_int() == 1);
}

TEST_CASE("get_record shows one record with its name and address", "[tools_read]") {
    script s;
    s.answers(std::string(R"({"data":{"person":{"id":")") + ada +
              R"(","name":{"firstName":"Ada","lastName":"Byron"},"jobTitle":"","companyId":")" +
              acme + R"(","company":{"id":")" + acme + R"(","name":"Acme"}}}})");
    const auto r =
        s.call("get_record", std::string(R"({"objectName":"person","id":")") + ada + "\"}");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.text("label") == "Ada Byron");
    CHECK(r.body.text("url") == std::string("https://crm.example.com/object/person/") + ada);
    CHECK(r.body.at("record", "company")->text("label") == "Acme");
    CHECK_FALSE(r.body.at("record", "jobTitle"));
    CHECK(s.query(0).find("noteTargets") == std::string::npos);
}

TEST_CASE("get_record with depth 1 shows the notes behind their link rows", "[tools_read]") {
    script s;
    s.answers(
        std::string(R"({"data":{"company":{"id":")") + acme + R"(","name":"Acme",)" +
        R"("people":{"edges":[{"node":{"id":")" + ada +
        R"(","name":{"firstName":"Ada","lastName":"B"}}}]},)" +
        R"("noteTargets":{"edges":[{"node":{"id":"l1","note":{"id":"n1","title":"Call"}}}]}}}})");
    const auto r = s.call("get_record", std::string(R"({"objectName":"company","depth":1,"id":")") +
                                            acme + "\"}");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(*r.body.at("record", "notes") ==
          json::list({json::make({{"id", "n1"}, {"label", "Call"}})}));
    CHECK(r.body.at("record", "people")->if_array()->front().text("label") == "Ada B");
    CHECK_FALSE(r.body.at("record", "noteTargets"));
    CHECK(s.sent().size() == 1);
}

TEST_CASE("depth 1 says how many related records there are and how to list them", "[tools_read]") {
    // Twenty gives up to 60 of a nested list, whatever `first` says.
    const auto company = [](int given, int counted) {
        json::array edges;
        for (int i = 0; i < given; ++i)
            edges.push_back(json::make({{"node", json::make({{"id", ada}})}}));
        const auto list = json::make({{"totalCount", counted}, {"edges", edges}});
        json::array rows;
        for (int i = 0; i < given; ++i)
            rows.push_back(json::make(
                {{"node",
                  json::make({{"id", "l"}, {"note", json::make({{"id", std::to_string(i)}})}})}}));
        const auto links = json::make({{"totalCount", counted}, {"edges", rows}});
        const auto record = json::make({{"id", acme}, {"people", list}, {"noteTargets", links}});
        return json::dump(json::make({{"data", json::make({{"company", record}})}}));
    };
    const auto asked = std::string(R"({"objectName":"company","depth":1,"id":")") + acme + "\"}";
    script s;
    s.answers(company(60, 150));
    const auto r = s.call("get_record", asked);
    CHECK(s.query(0).find("people(first:10){totalCount ") != std::string::npos);
    CHECK(r.body.at("record", "people")->if_array()->size() == 10);
    CHECK(r.body.at("record", "notes")->if_array()->size() == 10);
    CHECK(*r.body.find("notes") ==
          json::list({std::string("10 of 150 people are shown; find_records of person with filter "
                                  R"({"companyId":{"eq":")") +
                          acme + R"("}} lists all.)",
                      std::string("10 of 150 notes are shown; find_records of noteTarget with "
                                  R"(filter {"targetCompanyId":{"eq":")") +
                          acme + R"("}} lists all.)"}));
    s.answers(company(60, 60)); // the count of a real Twenty ends at what it gives
    CHECK(s.call("get_record", asked).text.find("10 of at least 60 people") != std::string::npos);
    s.answers(company(10, 10));
    CHECK_FALSE(s.call("get_record", asked).body.find("notes"));
}

TEST_CASE("depth 1 keeps a field of the object's own that is called like the linked notes",
          "[tools_read]") {
    script s;
    std::vector<twenty::object> objects = (*s.schema)->objects();
    for (auto& o : objects)
        if (o.name_singular == "company") {
            twenty::field own;
            own.name = "notes";
            own.type = twenty::field_type::text;
            own.type_name = "TEXT";
            o.fields.push_back(std::move(own));
        }
    s.schema = std::make_shared<const twenty::schema>("w", "Apple", std::move(objects));
    s.answers(
        std::string(R"({"data":{"company":{"id":")") + acme + R"(","notes":"call back",)" +
        R"("noteTargets":{"edges":[{"node":{"id":"l1","note":{"id":"n1","title":"Call"}}}]}}}})");
    const auto r = s.call("get_record", std::string(R"({"objectName":"company","depth":1,"id":")") +
                                            acme + "\"}");
    CHECK(r.body.at("record")->text("notes") == "call back");
    CHECK(*r.body.at("record", "noteTargets") ==
          json::list({json::make({{"id", "n1"}, {"label", "Call"}})}));
}

TEST_CASE("no result is boundless, however large a record is", "[tools_read]") {
    const std::string huge(1'000'000, 'x');
    script s;
    s.answers(people(2, 2, false, huge.size()));
    const auto list = s.call("find_records", R"({"objectName":"person"})");
    CHECK(list.body.find("count")->as_int() == 2);
    CHECK(list.text.size() < 8'000);
    CHECK(json::dump(*list.body.find("notes")).find("jobTitle") != std::string::npos);
    const auto one = std::string(R"({"data":{"person":{"id":")") + ada +
                     R"(","name":{"firstName":")" + huge + R"("},"jobTitle":")" + huge + "\"}}}";
    s.answers(one);
    const auto asked = std::string(R"({"objectName":"person","id":")") + ada + "\"";
    const auto record = s.call("get_record", asked + "}");
    CHECK(record.text.size() < 33'000);
    CHECK(json::dump(*record.body.find("notes")).find("1000000 bytes") != std::string::npos);
    s.answers(one);
    const auto field = s.call("get_record", asked + R"(,"fields":["jobTitle"]})");
    CHECK(field.body.find("record")->text("jobTitle").size() > 12'000);
    s.answers(one);
    const auto read = s.send("resources/read",
                             json::make({{"uri", std::string("twenty://record/person/") + ada}}));
    CHECK(read.body.size() < 50'000);
    CHECK(read.body.find("was cut") != std::string::npos);
}

TEST_CASE("a to-many list in a page is short and says so", "[tools_read]") {
    script s;
    json::array edges;
    for (int i = 0; i < 60; ++i)
        edges.push_back(json::make({{"node", json::make({{"id", ada}})}}));
    const auto company =
        json::make({{"id", acme}, {"people", json::make({{"totalCount", 60}, {"edges", edges}})}});
    const auto page =
        json::make({{"totalCount", 1},
                    {"edges", json::list({json::make({{"cursor", "c"}, {"node", company}})})}});
    s.answers(json::dump(json::make({{"data", json::make({{"companies", page}})}})));
    const auto r = s.call("find_records", R"({"objectName":"company","fields":["people"]})");
    INFO(r.text);
    const auto& row = *r.body.find("rows")->if_array()->front().if_array();
    CHECK(row.back().if_array()->size() == 10);
    CHECK(json::dump(*r.body.find("notes")).find("people") != std::string::npos);
}

TEST_CASE("depth 1 does not leave the grant", "[tools_read]") {
    script s(twenty::mode::read, std::set<std::string>{"company"});
    s.answers(std::string(R"({"data":{"company":{"id":")") + acme + R"(","name":"Acme"}}})");
    CHECK_FALSE(s.call("get_record",
                       std::string(R"({"objectName":"company","depth":1,"id":")") + acme + "\"}")
                    .is_error);
    CHECK(s.query(0).find("people") == std::string::npos);
    CHECK(s.query(0).find("note") == std::string::npos);
    CHECK(s.call("find_records", R"({"objectName":"person"})").code() == "not_allowed");
    CHECK(s.sent().size() == 1);
}

TEST_CASE("an id that is no UUID never reaches Twenty", "[tools_read][plan-103]") {
    for (const auto* tool : {"get_record", "update_record", "delete_record", "restore_record"})
        for (const auto* id : {"", " ", "?x=1", "?filter=city[eq]:Tallinn", "../companies",
                               "..%2fcompanies", "merge", "#", "1", "\\\" } }", "nil"}) {
            INFO(tool << " " << id);
            script s;
            const std::string data =
                std::string(tool) == "update_record" ? R"(,"data":{"city":"Oslo"})" : "";
            const auto r = s.call(tool, std::string(R"({"objectName":"person","id":")") + id +
                                            "\"" + data + "}");
            CHECK(r.code() == "bad_request");
            CHECK(r.message().find("\"id\"") != std::string_view::npos);
            CHECK(s.sent().empty());
        }
}

TEST_CASE("a record that is not there is named as such", "[tools_read]") {
    script s;
    s.answers(
        R"({"data":{"person":null},"errors":[{"message":"Record not found","extensions":{"code":"NOT_FOUND","subCode":"RECORD_NOT_FOUND"}}]})");
    const auto r =
        s.call("get_record", std::string(R"({"objectName":"person","id":")") + ada + "\"}");
    CHECK(r.code() == "not_found");
    CHECK(s.refreshes == 0);
}

TEST_CASE("list_objects shows what the grant may use, and system objects by name only",
          "[tools_read]") {
    script s;
    const auto all = s.call("list_objects", "{}");
    CHECK(all.body.text("workspace") == "Apple");
    CHECK(all.body.text("mode") == "write");
    CHECK(all.body.find("rows")->if_array()->size() == 4);
    CHECK(*all.body.find("systemObjects") == json::list({"noteTarget"}));
    script only(twenty::mode::read, std::set<std::string>{"person"});
    const auto one = only.call("list_objects", "{}");
    CHECK(one.body.find("rows")->if_array()->size() == 1);
    CHECK(one.body.text("mode") == "read");
    CHECK(one.text.find("company") == std::string::npos);
}

TEST_CASE("describe_object shows types, options, relations and a body for a create",
          "[tools_read]") {
    script s;
    const auto r = s.call("describe_object", R"({"objectName":"Opportunities"})");
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.text("object") == "opportunity");
    CHECK(r.text.find(R"("options":["NEW","WON"])") != std::string::npos);
    CHECK(r.text.find(R"("relation":{"object":"company","kind":"to-one","writeAs":"companyId"})") !=
          std::string::npos);
    CHECK(r.body.at("exampleData", "name"));
    script reader(twenty::mode::read);
    CHECK_FALSE(
        reader.call("describe_object", R"({"objectName":"person"})").body.find("exampleData"));
}

TEST_CASE("search_records gives object, id and label, and nothing outside the grant",
          "[tools_read]") {
    const std::string hits =
        std::string(R"({"data":{"search":{"edges":[{"node":{"recordId":")") + acme +
        R"(","objectNameSingular":"company","label":"Acme"}},{"node":{"recordId":")" + ada +
        R"(","objectNameSingular":"person","label":"Ada"}}]}}})";
    script s;
    s.answers(hits);
    const auto r = s.call("search_records", R"({"query":"a"})");
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.find("count")->as_int() == 2);
    CHECK(*r.body.find("rows")->if_array()->begin() == json::list({"company", acme, "Acme"}));
    script only(twenty::mode::read, std::set<std::string>{"person"});
    only.answers(hits);
    const auto one = only.call("search_records", R"({"query":"a"})");
    CHECK(one.body.find("count")->as_int() == 1);
    CHECK(only.call("search_records", R"({"query":"a","objects":["company"]})").code() ==
          "not_allowed");
    CHECK(only.call("search_records", R"({"query":""})").code() == "bad_request");
}

TEST_CASE("search says when there may be more hits than it shows", "[tools_read]") {
    const std::string hits = std::string(R"({"data":{"search":{"edges":[{"node":{"recordId":")") +
                             acme + R"(","objectNameSingular":"company","label":"Acme"}}]}}})";
    script s;
    s.answers(hits);
    CHECK(s.call("search_records", R"({"query":"a","limit":1})").body.find("notes"));
    s.answers(hits);
    CHECK_FALSE(s.call("search_records", R"({"query":"a","limit":2})").body.find("notes"));
}

TEST_CASE("search words are refused beyond 500 characters and sent whole up to there",
          "[tools_read]") {
    script s;
    const auto words = [](int n) {
        std::string text;
        for (int i = 0; i < n; ++i)
            text += "ø";
        return R"({"query":")" + text + "\"}";
    };
    CHECK(s.call("search_records", words(501)).message().find("at most 500 characters") !=
          std::string_view::npos);
    s.answers(R"({"data":{"search":{"edges":[]}}})");
    CHECK_FALSE(s.call("search_records", words(500)).is_error);
    CHECK(s.variables(0).text("searchInput").size() == 1000);
}

TEST_CASE("get_primer gives the organisation's words and the grant's objects", "[tools_read]") {
    script s(twenty::mode::read, std::set<std::string>{"person"});
    const auto r = s.call("get_primer", "{}");
    REQUIRE_FALSE(r.is_error);
    const auto text = r.body.text("primer");
    CHECK(text.find("Be brief.") != std::string_view::npos);
    CHECK(text.find("person") != std::string_view::npos);
    CHECK(text.find("opportunity") == std::string_view::npos);
}

TEST_CASE("a read token on a write connection is not told that it may write", "[tools_read]") {
    script s(twenty::mode::write);
    s.context.scope_write = false;
    const auto primer = s.call("get_primer", "{}");
    CHECK(primer.text.find("may read records, not change them") != std::string::npos);
    CHECK(s.call("list_objects", "{}").body.text("mode") == "read");
    CHECK_FALSE(s.call("describe_object", R"({"objectName":"person"})").body.find("exampleData"));
}

TEST_CASE("every tool refuses an argument that it does not have", "[tools_read]") {
    script s;
    for (const auto& t : crm::catalogue().tools()) {
        INFO(t.name);
        const auto r = s.call(
            std::string(t.name),
            R"({"objectName":"person","id":"x","data":{},"query":"{","endpoint":"graphql","bogus":1})");
        CHECK(r.code() == "bad_request");
    }
    CHECK(s.sent().empty());
}

TEST_CASE("describe_object shows a choice's label where it says more than the value",
          "[tools_read]") {
    twenty::object deal;
    deal.name_singular = "deal";
    deal.name_plural = "deals";
    twenty::field stage;
    stage.name = "stage";
    stage.type = twenty::field_type::select;
    stage.type_name = "SELECT";
    stage.options = {{"NEW", "New"}, {"CUSTOMER", "Closed won"}};
    deal.fields.push_back(stage);
    script s;
    s.schema = std::make_shared<const twenty::schema>("w", "x", std::vector<twenty::object>{deal});
    const auto r = s.call("describe_object", R"({"objectName":"deal"})");
    INFO(r.text);
    CHECK(r.text.find(R"("options":["NEW","CUSTOMER"],"labels":{"CUSTOMER":"Closed won"})") !=
          std::string::npos);
}
