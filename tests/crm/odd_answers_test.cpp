// Answers that have not the form that was asked for become an error of ours: nothing of them may
// reach a model.
#include "tests/mcp/support/script.hpp"

using mcp_test::ada;
using mcp_test::script;

namespace {

constexpr const char* find_people = R"({"objectName":"person"})";

std::string get_ada() { return std::string(R"({"objectName":"person","id":")") + ada + "\"}"; }

} // namespace

TEST_CASE("an answer in an unexpected form is our own error, and nothing of it is shown",
          "[odd_answers]") {
    struct sample {
        const char* tool;
        std::string arguments;
        const char* answer;
    };
    const sample all[] = {
        {"get_record", get_ada(), R"({"data":{"person":77}})"},
        {"get_record", get_ada(), R"({"data":{"person":"leak"}})"},
        {"get_record", get_ada(), R"({"data":{"person":[{"id":"leak"}]}})"},
        {"get_record", get_ada(), R"({"data":{"person":{"name":"leak"}}})"},
        {"get_record", get_ada(), R"({"data":{"person":{"id":77}}})"},
        {"get_record", get_ada(), R"({"data":{"person":true}})"},
        {"find_records", find_people, R"({"data":{"people":77}})"},
        {"find_records", find_people, R"({"data":{"people":[77]}})"},
        {"find_records", find_people, R"({"data":{"people":{"totalCount":1}}})"},
        {"find_records", find_people, R"({"data":{"people":{"totalCount":1,"edges":77}}})"},
        {"find_records", find_people, R"({"data":{"people":{"totalCount":1,"edges":[77]}}})"},
        {"find_records", find_people,
         R"({"data":{"people":{"totalCount":1,"edges":[{"node":"leak"}]}}})"},
        {"find_records", find_people,
         R"({"data":{"people":{"totalCount":1,"edges":[{"node":{}}]}}})"},
        {"aggregate_records", find_people, R"({"data":{"people":77}})"},
        {"aggregate_records", find_people, R"({"data":{"people":[{"totalCount":"leak"}]}})"},
        {"aggregate_records", R"({"objectName":"person","groupBy":[{"field":"city"}]})",
         R"({"data":{"peopleGroupBy":{"totalCount":77}}})"},
        {"aggregate_records", R"({"objectName":"person","groupBy":[{"field":"city"}]})",
         R"({"data":{"peopleGroupBy":["leak"]}})"},
        {"search_records", R"({"query":"x"})", R"({"data":{"search":"leak"}})"},
        {"search_records", R"({"query":"x"})", R"({"data":{"search":{"edges":77}}})"},
    };
    for (const auto& one : all) {
        INFO(one.tool << " " << one.arguments << " " << one.answer);
        script s;
        s.answers(one.answer);
        const auto r = s.call(one.tool, one.arguments);
        INFO(r.text);
        CHECK(r.is_error);
        CHECK(r.code() == "upstream_refused");
        CHECK(r.message() == "Twenty answered in an unexpected form.");
        CHECK(r.text.find("leak") == std::string::npos);
        CHECK(r.text.find("77") == std::string::npos);
    }
}

TEST_CASE("half a character in one record costs that text its end, not the page", "[odd_answers]") {
    script s;
    s.answers(
        R"({"data":{"people":{"totalCount":2,"pageInfo":{"hasNextPage":false,"endCursor":""},)"
        R"("edges":[{"cursor":"a","node":{"id":"1","jobTitle":"Head of \ud83d"}},)"
        R"({"cursor":"b","node":{"id":"2","jobTitle":"Clerk"}}]}}})");
    const auto r = s.call("find_records", R"({"objectName":"person","fields":["jobTitle"]})");
    REQUIRE_FALSE(r.is_error);
    CHECK(json::dump(*r.body.find("rows")) ==
          "[[\"1\",\"Head of \xEF\xBF\xBD\"],[\"2\",\"Clerk\"]]");
}
