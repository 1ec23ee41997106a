#include "tests/mcp/support/script.hpp"

using mcp_test::script;

namespace {

std::string arguments(std::string query, std::string endpoint = "graphql") {
    return json::dump(json::make({{"endpoint", std::move(endpoint)}, {"query", std::move(query)}}));
}

} // namespace

TEST_CASE("run_graphql runs a query and gives its data", "[tools_graphql]") {
    script s;
    s.answers(R"({"data":{"people":{"edges":[{"node":{"id":"1","city":"Oslo"}}]}}})");
    const auto r = s.call("run_graphql", arguments("query{people(first:1){edges{node{id city}}}}"));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.at("data", "people"));
    CHECK(s.sent()[0].target == "/graphql");
    CHECK_FALSE(s.sent()[0].is_write);
}

TEST_CASE("partial data is kept beside its errors", "[tools_graphql]") {
    script s;
    s.answers(
        R"({"data":{"people":{"totalCount":3},"companies":null},"errors":[{"message":"Record not found","path":["companies"],"extensions":{"code":"NOT_FOUND"}}]})");
    const auto r =
        s.call("run_graphql", arguments("query{people{totalCount} companies{totalCount}}"));
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.at("data", "people", "totalCount")->as_int() == 3);
    CHECK(r.body.find("errors")->if_array()->front().text("path") == "companies");
}

TEST_CASE("a mutation with data beside errors is kept as done, one without data as refused",
          "[tools_graphql]") {
    const auto state_behind = [](const std::string& data) {
        script s;
        s.journal.on = true;
        s.answers(R"({"data":{"person":{"id":"20202020-b000-4485-94de-70c2a98daef2"}}})");
        s.answers(R"({"data":)" + data + R"(,"errors":[{"message":"no permission to read"}]})");
        s.call("run_graphql_mutation",
               arguments("mutation{updatePerson(id:\"20202020-b000-4485-94de-70c2a98daef2\","
                         "data:{city:\"Oslo\"}){id city}}"));
        REQUIRE(s.journal.kept.size() == 1);
        return s.journal.kept.front().state;
    };
    CHECK(state_behind(R"({"updatePerson":{"id":"20202020-b000-4485-94de-70c2a98daef2"}})") ==
          mcp::change_state::done);
    CHECK(state_behind(R"({"updatePerson":null})") == mcp::change_state::refused);
}

TEST_CASE("run_graphql refuses what is no single allowed query, before Twenty sees it",
          "[tools_graphql]") {
    script s;
    for (const auto* query :
         {"", "   ", "{", "mutation{deletePerson(id:\"x\"){id}}", "subscription{x}",
          "query A{people{totalCount}} query B{people{totalCount}}", "query{peple{totalCount}}",
          "query{people{edges{node{nmae}}}}", "fragment f on Person{id}"}) {
        INFO(query);
        const auto r = s.call("run_graphql", arguments(query));
        CHECK(r.is_error);
        CHECK_FALSE(r.message().empty());
    }
    CHECK(s.call("run_graphql", arguments("query{people{totalCount}}", "rest")).code() ==
          "bad_request");
    CHECK(s.sent().empty());
}

TEST_CASE("run_graphql_mutation runs mutations only", "[tools_graphql]") {
    script s;
    CHECK(s.call("run_graphql_mutation", arguments("query{people{totalCount}}")).is_error);
    CHECK(s.sent().empty());
    s.answers(R"({"data":{"updatePerson":{"id":"1"}}})");
    const auto r =
        s.call("run_graphql_mutation", arguments(std::string("mutation{updatePerson(id:\"") +
                                                 mcp_test::ada + "\",data:{city:\"Oslo\"}){id}}"));
    INFO(r.text);
    CHECK_FALSE(r.is_error);
    CHECK(s.sent()[0].is_write);
}

TEST_CASE("a restricted grant does not reach another object through GraphQL", "[tools_graphql]") {
    script s(twenty::mode::read, std::set<std::string>{"person"});
    for (const auto* query :
         {"query{companies{totalCount}}", "query{people{edges{node{company{name}}}}}",
          "query{x:companies{totalCount}}", "query{...on Query{companies{totalCount}}}",
          "query{__schema{types{name}}}"}) {
        INFO(query);
        CHECK(s.call("run_graphql", arguments(query)).is_error);
    }
    CHECK(s.sent().empty());
}

TEST_CASE("an answer beyond the budget is refused with the way out", "[tools_graphql]") {
    for (const std::size_t city : {60'000, 1'100'000}) { // the latter is not read at all
        script s;
        s.answers(R"({"data":{"people":{"edges":[{"node":{"city":")" + std::string(city, 'x') +
                  R"("}}]}}})");
        const auto r = s.call("run_graphql", arguments("query{people{edges{node{city}}}}"));
        CHECK(r.code() == "too_large");
        CHECK((r.text.find("Select fewer") != std::string::npos) == (city < 1'000'000));
        CHECK(r.text.size() < 1000);
    }
}

TEST_CASE("a mutation with a large answer is reported as done, once", "[tools_graphql]") {
    for (const std::size_t city : {60'000, 1'100'000}) {
        script s;
        s.answers(R"({"data":{"updatePerson":{"city":")" + std::string(city, 'x') + R"("}}})");
        const auto r = s.call("run_graphql_mutation",
                              arguments(std::string("mutation{updatePerson(id:\"") + mcp_test::ada +
                                        "\",data:{city:\"Oslo\"}){city}}"));
        REQUIRE_FALSE(r.is_error);
        CHECK(r.text.find("The mutation ran") != std::string::npos);
        CHECK(r.text.size() < 1000);
        CHECK(s.sent().size() == 1);
    }
}

TEST_CASE("a mutation whose answer was lost may have run, a query is just repeated",
          "[tools_graphql]") {
    for (const auto code : {errc::upstream_down, errc::upstream_timeout, errc::too_large}) {
        script s;
        s.fails(error(code, "No answer."));
        const auto r =
            s.call("run_graphql_mutation", arguments(std::string("mutation{deletePerson(id:\"") +
                                                     mcp_test::ada + "\"){id}}"));
        CHECK(r.text.find("may have run") != std::string::npos);
        s.fails(error(code, "No answer."));
        const auto read = s.call("run_graphql", arguments("query{people{totalCount}}"));
        CHECK(read.is_error);
        CHECK(read.text.find("may have run") == std::string::npos);
    }
}

TEST_CASE("file tokens and upstream internals do not pass", "[tools_graphql]") {
    script s;
    s.answers(
        R"({"data":{"people":{"edges":[{"node":{"city":"https://x/f.png?token=eyJabc.def.ghi"}}]}}})");
    CHECK(
        s.call("run_graphql", arguments("query{people{edges{node{city}}}}")).text.find("eyJabc") ==
        std::string::npos);
    s.answers(500, "text/plain", "Error\n at /app/packages/twenty-server/x.js");
    CHECK(s.call("run_graphql", arguments("query{people{totalCount}}")).text.find("/app/") ==
          std::string::npos);
}

TEST_CASE("a mutation in a document gets the sentences of the rules that it broke",
          "[tools_graphql]") {
    script s;
    s.answers(
        R"({"data":{"updatePerson":null},"errors":[{"message":"Title is required","path":["updatePerson"],"extensions":{"code":"BAD_USER_INPUT","subCode":"VALIDATION_RULE_VIOLATION","validationRuleViolations":[{"ruleId":"r","message":"Title is required","fieldMetadataId":null,"recordId":"x","inputIndex":0}]}}]})");
    const auto r =
        s.call("run_graphql_mutation", arguments(std::string("mutation{updatePerson(id:\"") +
                                                 mcp_test::ada + "\",data:{city:\"\"}){id}}"));
    CHECK(r.is_error);
    CHECK(r.code() == "bad_request");
    CHECK(r.message() == "A rule of this workspace refuses this: Title is required.");
    CHECK(s.sent().size() == 1);
}

TEST_CASE("an answer with lists inside of records says how far they go", "[tools_graphql]") {
    script s;
    s.answers(R"({"data":{"companies":{"edges":[]}}})");
    const auto r =
        s.call("run_graphql", arguments("{companies{edges{node{people{edges{node{id}}}}}}}"));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    REQUIRE(r.body.find("notes"));
    CHECK(r.body.find("notes")->if_array()->size() == 1);
}

TEST_CASE("a merge is run dry by run_graphql, as a read", "[tools_graphql]") {
    script s;
    s.answers(R"({"data":{"mergePeople":{"id":"1"}}})");
    const auto r =
        s.call("run_graphql",
               arguments(std::string("mutation{mergePeople(ids:[\"") + mcp_test::ada + "\",\"" +
                         mcp_test::acme + "\"],conflictPriorityIndex:0,dryRun:true){id}}"));
    INFO(r.text);
    CHECK_FALSE(r.is_error);
    CHECK_FALSE(s.sent()[0].is_write);
}

TEST_CASE("a field is not given fewer choices through a document", "[tools_graphql]") {
    script s;
    const auto r =
        s.call("run_graphql_mutation",
               arguments("mutation{updateOneField(input:{id:\"x\",update:{options:[]}}){id}}",
                         "metadata"));
    INFO(r.text);
    CHECK(r.is_error);
    CHECK(s.sent().empty());
}

// What is withheld of a mail is a constant in its place [live, Twenty 2.19; the same in 2.44].
TEST_CASE("a document that meets private mails gets them explained, once", "[tools_graphql]") {
    script s;
    s.answers(
        R"({"data":{"people":{"edges":[{"node":{"city":"FIELD_RESTRICTED_ADDITIONAL_PERMISSIONS_REQUIRED"}},{"node":{"city":"FIELD_RESTRICTED_ADDITIONAL_PERMISSIONS_REQUIRED"}}]}}})");
    const auto r = s.call("run_graphql", arguments("{people{edges{node{city}}}}"));
    REQUIRE_FALSE(r.is_error);
    REQUIRE(r.body.find("notes"));
    CHECK(r.body.find("notes")->if_array()->size() == 1);
    CHECK(r.body.find("notes")->if_array()->front().if_string()->find("private") !=
          std::string::npos);
}
