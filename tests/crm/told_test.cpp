// What is told of a tool's work: names of the data model and ids, never a value.
#include "tests/crm/support.hpp"

using namespace crm_test;
using mcp_test::acme;
using mcp_test::ada;
using mcp_test::script;

namespace {

mcp::call_report told_of(script& s, const std::string& tool, const std::string& arguments) {
    const auto params = json::make({{"name", tool}, {"arguments", json::parse(arguments).value()}});
    (void)s.send("tools/call", params);
    return s.told;
}

constexpr const char* one_company =
    R"({"data":{"companies":{"totalCount":1,"edges":[{"node":{"id":)"
    R"("20202020-a000-4485-94de-70c2a98daef2","name":"Acme"},"cursor":"c"}],)"
    R"("pageInfo":{"hasNextPage":false,"endCursor":"c"}}}})";

} // namespace

TEST_CASE("a list tells its object and how many rows it shows", "[told]") {
    script s;
    s.answers(one_company);
    const auto told = told_of(s, "find_records", R"({"objectName":"Companies"})");
    CHECK(told.method == "tools/call");
    CHECK(told.tool == "find_records");
    CHECK_FALSE(told.writes);
    CHECK(told.object == "company");
    CHECK(told.rows == 1);
    CHECK(told.ids.empty());
    CHECK(told.outcome() == "ok");
}

TEST_CASE("a name that is no object is not told", "[told]") {
    script s;
    const auto told = told_of(s, "find_records", R"({"objectName":"secret words"})");
    CHECK(told.object.empty());
    CHECK(told.outcome() == "not_found");
}

TEST_CASE("a write tells the ids of what was written, or may have been", "[told]") {
    script s;
    s.answers(R"({"data":{"company":{"id":"20202020-a000-4485-94de-70c2a98daef2","name":"Old"}}})");
    s.fails(error(errc::upstream_timeout, "Twenty did not answer in time."));
    const auto told = told_of(s, "update_record",
                              R"({"objectName":"company","id":")" + std::string(acme) +
                                  R"(","data":{"name":"New"}})");
    CHECK(told.writes);
    CHECK(told.object == "company");
    CHECK(told.ids == std::vector<std::string>{acme});
    CHECK(told.outcome() == "upstream_timeout");
}

TEST_CASE("what is no id of a record is told by no write", "[told]") {
    script s;
    const auto told =
        told_of(s, "delete_record",
                R"({"objectName":"person","ids":["nonsense",")" + std::string(ada) + R"("]})");
    CHECK(told.ids == std::vector<std::string>{ada});
    CHECK(told.outcome() != "ok");
}

TEST_CASE("a tool that the connection may not call is told by its refusal", "[told]") {
    script s(twenty::mode::read);
    const auto told =
        told_of(s, "delete_record", R"({"objectName":"person","id":")" + std::string(ada) + "\"}");
    CHECK(told.tool == "delete_record");
    CHECK(told.writes);
    CHECK_FALSE(told.error.empty());
    CHECK(told.ids.empty());
}

TEST_CASE("the log's pairs are short where there is nothing to say", "[told]") {
    mcp::call_report told;
    told.method = "ping";
    REQUIRE(mcp::log_pairs(told).size() == 2);
    CHECK(mcp::log_pairs(told)[1].value == "ok");
    told.asks = true;
    CHECK(told.outcome() == "input_required");
    told.upstream = std::chrono::microseconds(400);
    CHECK(mcp::log_pairs(told).size() == 2);
    told.upstream = std::chrono::microseconds(1600);
    const auto pairs = mcp::log_pairs(told);
    CHECK(pairs.back().key == "twenty_ms");
    CHECK(pairs.back().value == "2");
    CHECK(pairs.back().is_number);
}
