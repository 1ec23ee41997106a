#include "twenty/document_notes.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/sample_schema.hpp"

using support::sample_access;
using twenty::endpoint;
using twenty::graphql_tool;

namespace {

std::vector<std::string> notes(std::string_view document, const char* variables = "{}") {
    const auto may = sample_access(twenty::mode::write);
    const auto tool =
        document.starts_with("mutation") ? graphql_tool::mutation : graphql_tool::query;
    const auto values = json::parse(variables).value();
    INFO(document);
    CHECK(twenty::graphql_request(may, tool, endpoint::records, document, values));
    return twenty::document_notes(may, tool, endpoint::records, document, values);
}

} // namespace

// twenty-golden-2 relations/073-077: 65 people, 60 of them told and counted, whatever is asked.
TEST_CASE("a list inside of records is said to be cut and uncounted, once", "[document_notes]") {
    const auto plain = notes("{companies{edges{node{people{edges{node{id}}}}}}}");
    REQUIRE(plain.size() == 1);
    CHECK(plain[0].find("(people)") != std::string::npos);
    CHECK(plain[0].find("at most 60") != std::string::npos);
    CHECK(plain[0].find("ignores") == std::string::npos);
    const auto asked = notes("{companies{edges{node{people(first:2){totalCount}}}}}");
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].find("ignores their first, filter and orderBy") != std::string::npos);
    for (const auto* document :
         {"{companies{...F}} fragment F on CompanyConnection{edges{node{people{totalCount}}}}",
          "{companies{edges{node{... on Company{people{totalCount}} people{edges{node{id}}}}}}}",
          "{...on Query{...on Query{companies{edges{node{people{totalCount}}}}}}}",
          "{...on Query{company(filter:{id:{is:NULL}}){people{totalCount}}}}"}) {
        INFO(document);
        CHECK(notes(document).size() == 1);
    }
    CHECK(notes("{people(first:2){totalCount edges{node{company{name}}}}}").empty());
    CHECK(notes("{__schema{types{name}}}").empty());
}

// twenty-golden-2 uniqueness/031, many/047.
TEST_CASE("an upsert is said to restore what was deleted", "[document_notes]") {
    const auto restores = [](std::string_view document, const char* variables = "{}") {
        const auto all = notes(document, variables);
        return all.size() == 1 && all[0].find("restores it without a word") != std::string::npos;
    };
    CHECK(restores("mutation{createPerson(upsert:true,data:{jobTitle:\"x\"}){id}}"));
    CHECK(restores("mutation{createPeople(upsert:true,data:[{jobTitle:\"x\"}]){id}}"));
    CHECK(restores("mutation($u:Boolean){createPerson(upsert:$u,data:{jobTitle:\"x\"}){id}}",
                   R"({"u":true})"));
    CHECK_FALSE(restores("mutation{createPerson(upsert:false,data:{jobTitle:\"x\"}){id}}"));
    CHECK_FALSE(restores("mutation{createPerson(data:{jobTitle:\"x\"}){id}}"));
}

TEST_CASE("five of the lists inside of records are named, each once", "[document_notes]") {
    const auto said = notes(
        "{companies{edges{node{people{totalCount} opportunities{totalCount} "
        "noteTargets{totalCount} taskTargets{totalCount}}}} "
        "people{edges{node{pointOfContactForOpportunities{totalCount} attachments{totalCount} "
        "noteTargets{totalCount}}}}}");
    REQUIRE(said.size() == 1);
    CHECK(said[0].find("(people, opportunities, noteTargets, taskTargets, "
                       "pointOfContactForOpportunities)") != std::string::npos);
}
