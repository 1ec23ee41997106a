#include "crm/workspace.hpp"

#include "tests/mcp/support/script.hpp"

using mcp::freshness;
using mcp_test::script;
using asked = std::vector<freshness>;

namespace {

twenty::schema_ptr without(const std::string& object) {
    const auto now = mcp_test::sample_schema();
    std::vector<twenty::object> before;
    for (const auto& o : now->objects())
        if (o.name_singular != object) before.push_back(o);
    return std::make_shared<const twenty::schema>(now->workspace_id(), now->workspace_name(),
                                                  std::move(before));
}

std::string call_document(std::string query, std::string endpoint) {
    return json::dump(json::make({{"endpoint", std::move(endpoint)}, {"query", std::move(query)}}));
}

} // namespace

TEST_CASE("a call whose names all resolve takes the schema at hand", "[workspace]") {
    script s;
    s.answers(R"({"data":{"people":{"totalCount":0,"edges":[],"pageInfo":{}}}})");
    CHECK_FALSE(s.call("find_records", R"({"objectName":"person"})").is_error);
    CHECK(s.schemas_asked == asked{freshness::cached});
}

TEST_CASE("no tool says that an object is missing before the schema was checked", "[workspace]") {
    for (const auto* tool : {"find_records", "aggregate_records", "describe_object"}) {
        INFO(tool);
        script s;
        s.schema = without("company");
        s.refreshed_schema = mcp_test::sample_schema();
        s.answers(R"({"data":{"companies":{"totalCount":0,"edges":[],"pageInfo":{}}}})");
        const auto r = s.call(tool, R"({"objectName":"company"})");
        INFO(r.text);
        CHECK_FALSE(r.is_error);
        CHECK(s.schemas_asked.back() == freshness::checked);
    }
}

TEST_CASE("no tool says that a field is missing before the schema was checked", "[workspace]") {
    const std::string id = R"("id":"20202020-b000-4485-94de-70c2a98daef2")";
    const std::pair<const char*, std::string> calls[] = {
        {"find_records", R"({"objectName":"person","fields":["score"]})"},
        {"find_records", R"({"objectName":"person","filter":"score[gt]:1"})"},
        {"find_records", R"({"objectName":"person","orderBy":"score"})"},
        {"get_record", R"({"objectName":"person","fields":["score"],)" + id + "}"},
        {"aggregate_records", R"({"objectName":"person","measures":["sum score"]})"},
        {"aggregate_records", R"({"objectName":"person","groupBy":"score"})"},
        {"create_record", R"({"objectName":"person","data":{"score":1}})"},
        {"create_record", R"({"objectName":"person","records":[{"score":1}]})"},
        {"create_record", R"({"objectName":"note","data":{"title":"a","about":["project:x"]}})"},
        {"create_record",
         R"({"objectName":"note","records":[{"title":"a","about":["project:x"]}]})"},
        {"update_record", R"({"objectName":"person","data":{"score":1},)" + id + "}"},
        {"update_record", R"({"objectName":"person","records":[{"score":1,)" + id + "}]}"},
        {"update_record",
         R"({"objectName":"person","ids":["20202020-b000-4485-94de-70c2a98daef2"],)"
         R"("data":{"score":1}})"}};
    for (const auto& [tool, arguments] : calls) {
        INFO(tool << " " << arguments);
        script s;
        CHECK(s.call(tool, arguments).is_error);
        CHECK(s.sent().empty());
        CHECK(s.schemas_asked == asked{freshness::cached, freshness::checked});
    }
}

TEST_CASE("a field that is shown under its whole name does not count as missing", "[workspace]") {
    const std::string node =
        R"({"id":"20202020-b000-4485-94de-70c2a98daef2","jobTitle":"Countess",)"
        R"("name":{"firstName":"Ada","lastName":"Byron"},"emails":{"primaryEmail":"a@x.y"}})";
    for (const auto* fields :
         {"[\"email\"]", "[\"primaryEmail\"]", "[\"firstName\"]", "[\"jobtitle\"]",
          "\" jobTitle \"", "[\"Emails.primaryEmail\"]", "[\"name.lastName\",\"email\"]"}) {
        INFO(fields);
        script s;
        s.answers(R"({"data":{"people":{"totalCount":1,"edges":[{"node":)" + node +
                  R"(}],"pageInfo":{}}}})");
        const auto found = s.call("find_records", R"({"objectName":"person","fields":)" +
                                                      std::string(fields) + "}");
        INFO(found.text);
        CHECK_FALSE(found.is_error);
        CHECK(s.schemas_asked == asked{freshness::cached});

        script one;
        one.answers(R"({"data":{"person":)" + node + "}}");
        const auto got = one.call(
            "get_record",
            R"({"objectName":"person","id":"20202020-b000-4485-94de-70c2a98daef2","fields":)" +
                std::string(fields) + "}");
        INFO(got.text);
        CHECK_FALSE(got.is_error);
        CHECK(one.schemas_asked == asked{freshness::cached});
    }
}

// The text of a field that has another name is null under its former one [twenty-golden-2
// metadata-change/041].
TEST_CASE("a named field that comes empty may be gone, so the schema is checked", "[workspace]") {
    const auto now = mcp_test::sample_schema();
    std::vector<twenty::object> later = now->objects();
    for (auto& o : later)
        std::erase_if(o.fields, [](const auto& f) { return f.name == "jobTitle"; });
    const std::string node = R"({"id":"20202020-b000-4485-94de-70c2a98daef2","jobTitle":null,)"
                             R"("name":{"firstName":"Ada","lastName":"Byron"}})";
    const std::string page =
        R"({"data":{"people":{"totalCount":1,"edges":[{"node":)" + node + R"(}],"pageInfo":{}}}})";
    const std::string fields = R"("fields":["name.firstName","jobTitle"]})";
    for (const bool changed : {true, false}) {
        script s;
        if (changed)
            s.refreshed_schema = std::make_shared<const twenty::schema>(
                now->workspace_id(), now->workspace_name(), later);
        s.answers(page);
        const auto found = s.call("find_records", R"({"objectName":"person",)" + fields);
        INFO(found.text);
        CHECK(s.schemas_asked == asked{freshness::cached, freshness::checked});
        CHECK(found.is_error == changed);

        script one;
        if (changed) one.refreshed_schema = s.refreshed_schema;
        one.answers(R"({"data":{"person":)" + node + "}}");
        const auto got = one.call(
            "get_record",
            R"({"objectName":"person","id":"20202020-b000-4485-94de-70c2a98daef2",)" + fields);
        INFO(got.text);
        CHECK(one.schemas_asked == asked{freshness::cached, freshness::checked});
        CHECK(got.is_error == changed);
    }
    script full;
    full.answers(R"({"data":{"people":{"totalCount":1,"edges":[{"node":)"
                 R"({"id":"20202020-b000-4485-94de-70c2a98daef2","jobTitle":"Countess",)"
                 R"("name":{"firstName":"Ada","lastName":"Byron"}}}],"pageInfo":{}}}})");
    CHECK_FALSE(full.call("find_records", R"({"objectName":"person",)" + fields).is_error);
    CHECK(full.schemas_asked == asked{freshness::cached});
}

TEST_CASE("what shows the schema itself shows one that is known to hold", "[workspace]") {
    script s;
    s.schema = without("company");
    s.refreshed_schema = mcp_test::sample_schema();
    CHECK(s.call("list_objects", "{}").text.find("\"company\"") != std::string::npos);
    CHECK(s.schemas_asked == asked{freshness::checked});
    CHECK_FALSE(s.call("describe_object", R"({"objectName":"company"})").is_error);
    CHECK(s.schemas_asked == asked{freshness::checked, freshness::checked});
}

TEST_CASE("a document may name a root that is newer than the schema at hand", "[workspace]") {
    script s;
    s.schema = without("company");
    s.refreshed_schema = mcp_test::sample_schema();
    s.answers(R"({"data":{"companies":{"totalCount":1}}})");
    const auto r = s.call("run_graphql", call_document("query{companies{totalCount}}", "graphql"));
    INFO(r.text);
    CHECK_FALSE(r.is_error);
    CHECK(s.schemas_asked == asked{freshness::cached, freshness::checked});
}

TEST_CASE("a change of objects or fields through this server is compared at once", "[workspace]") {
    script s;
    s.answers(R"({"data":{"createOneObject":{"id":"1"}}})");
    const auto r =
        s.call("run_graphql_mutation",
               call_document(R"(mutation{createOneObject(input:{object:{)"
                             R"(nameSingular:"pet",namePlural:"pets",labelSingular:"Pet",)"
                             R"(labelPlural:"Pets"}}){id}})",
                             "metadata"));
    INFO(r.text);
    CHECK_FALSE(r.is_error);
    CHECK(s.schemas_asked == asked{freshness::cached, freshness::changed});
}

TEST_CASE("a change whose answer was lost is compared as well, a refused document is not",
          "[workspace]") {
    const std::string change =
        call_document(R"(mutation{createOneObject(input:{object:{)"
                      R"(nameSingular:"pet",namePlural:"pets",labelSingular:"Pet",)"
                      R"(labelPlural:"Pets"}}){id}})",
                      "metadata");
    script lost; // nothing scripted: no answer comes
    CHECK(lost.call("run_graphql_mutation", change).is_error);
    CHECK(lost.schemas_asked == asked{freshness::cached, freshness::changed});
    script refused;
    CHECK(refused.call("run_graphql_mutation", call_document("mutation{nothing}", "metadata"))
              .is_error);
    CHECK(refused.sent().empty());
    CHECK(refused.schemas_asked == asked{freshness::cached});
}
