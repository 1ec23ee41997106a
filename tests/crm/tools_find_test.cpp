// find_records beyond filter and order: search, countOnly, includeDeleted, maxTokens, detail; and
// get_record's detail and include. tests/demo/find_more_test.cpp runs them against a workspace.
#include "mcp/session_memory.hpp"
#include "tests/mcp/support/script.hpp"

using mcp_test::acme;
using mcp_test::ada;
using mcp_test::script;

namespace {

constexpr const char* two =
    R"({"data":{"people":{"totalCount":2,"pageInfo":{"hasNextPage":false,"endCursor":"e"},"edges":[)"
    R"({"cursor":"a","node":{"id":"1","jobTitle":"CTO","city":"","deletedAt":null}},)"
    R"({"cursor":"b","node":{"id":"2","jobTitle":"","city":"","deletedAt":"2026-01-01T00:00:00Z"}}]}}})";

constexpr const char* people_denied =
    R"({"data":{"people":null,"person":null},"errors":[{"message":"Entity performing the request )"
    R"(does not have permission","extensions":{"code":"FORBIDDEN","subCode":"PERMISSION_DENIED"}}]})";

std::string find(const char* more) {
    return std::string(R"({"objectName":"person",)") + more + "}";
}
std::string get_acme(const char* more) {
    return std::string(R"({"objectName":"company","id":")") + acme + "\"," + more + "}";
}

} // namespace

TEST_CASE("countOnly answers the total and asks for one record at most", "[tools_find]") {
    script s;
    s.answers(R"({"data":{"people":{"totalCount":1211}}})");
    const auto r = s.call("find_records", find(R"("countOnly":true,"filter":"city[eq]:Oslo")"));
    REQUIRE_FALSE(r.is_error);
    CHECK(r.text == R"({"object":"person","total":1211})");
    CHECK(s.query(0).find("first:1)") != std::string::npos);
    CHECK(s.variables(0).find("filter"));
    s.answers(R"({"data":{"people":{"totalCount":"many"}}})");
    CHECK(s.call("find_records", find(R"("countOnly":true)")).code() == "upstream_refused");
}

TEST_CASE("includeDeleted lists deleted rows too, each with the time of its end", "[tools_find]") {
    script s;
    s.answers(two);
    const auto r = s.call(
        "find_records",
        find(
            R"x("includeDeleted":true,"fields":["jobTitle"],"filter":"or(city[eq]:A,city[eq]:B)")x"));
    REQUIRE_FALSE(r.is_error);
    CHECK(s.query(0).find("deletedAt") != std::string::npos);
    const auto filter = json::dump(*s.variables(0).find("filter"));
    CHECK(filter.find(R"({"deletedAt":{"is":"NOT_NULL"}})") != std::string::npos);
    CHECK(filter.starts_with(R"({"and":[{"or":[{"city")"));
    CHECK(*r.body.find("columns") == json::list({"id", "jobTitle", "deletedAt"}));
    CHECK(r.text.find("1 of the rows are deleted") != std::string::npos);
    // Without it nobody asks for deleted ones.
    s.answers(two);
    CHECK_FALSE(s.call("find_records", find(R"("includeDeleted":false)")).is_error);
    CHECK_FALSE(s.variables(1).find("filter"));
}

TEST_CASE("detail full shows every field, empty ones too, and cuts no text to a preview",
          "[tools_find]") {
    script s;
    s.answers(two);
    const auto r = s.call("find_records", find(R"("detail":"full")"));
    REQUIRE_FALSE(r.is_error);
    CHECK(*r.body.find("columns") == json::list({"id", "jobTitle", "city", "deletedAt"}));
    for (const auto* part : {"createdAt", "deletedAt", "emails{", "company{", "city"})
        CHECK(s.query(0).find(part) != std::string::npos);
    const std::string text(5'000, 'x');
    s.answers(R"({"data":{"people":{"totalCount":1,"pageInfo":{"hasNextPage":false},"edges":[)"
              R"({"cursor":"a","node":{"id":"1","jobTitle":")" +
              text + R"("}}]}}})");
    CHECK(s.call("find_records", find(R"("detail":"full")")).text.find(text) != std::string::npos);
    s.answers(R"({"data":{"company":{"id":"1","name":"","domainName":{"primaryLinkUrl":"",)"
              R"("secondaryLinks":null},"deletedAt":null}}})");
    const auto one = s.call("get_record", get_acme(R"("detail":"full")"));
    CHECK(json::dump(*one.body.find("record")) ==
          R"({"id":"1","name":"","domainName":{"primaryLinkUrl":"","secondaryLinks":null},)"
          R"("deletedAt":null})");
    CHECK(s.call("find_records", find(R"("detail":"some")")).code() == "bad_request");
}

TEST_CASE("a page keeps within maxTokens, and the cursor goes on", "[tools_find]") {
    script s;
    s.answers(two);
    const auto page = s.call("find_records", find(R"("maxTokens":500,"fields":["jobTitle"])"));
    CHECK_FALSE(page.is_error);
    for (const auto* bad : {R"("maxTokens":10)", R"("maxTokens":26000)", R"("maxTokens":"few")"})
        CHECK(s.call("find_records", find(bad)).code() == "bad_request");
}

TEST_CASE("include reads the latest notes with their text in the same call", "[tools_find]") {
    script s;
    s.answers(R"({"data":{"company":{"id":"1","name":"Acme"}}})");
    s.answers(R"({"data":{"noteTargets":{"totalCount":25,"pageInfo":{"hasNextPage":true},"edges":[)"
              R"({"cursor":"a","node":{"id":"t","note":{"id":"n","title":"Call"}}},)"
              R"({"cursor":"b","node":{"id":"u","note":null}}]}}})");
    const auto r = s.call("get_record", get_acme(R"("include":["notes"])"));
    INFO(r.text);
    REQUIRE_FALSE(r.is_error);
    CHECK(json::dump(*r.body.at("record", "notes")) == R"([{"id":"n","label":"Call"}])");
    CHECK(r.text.find("1 of 25 notes are shown") != std::string::npos);
    CHECK(s.query(1).find("first:10") != std::string::npos);
    CHECK(json::dump(*s.variables(1).find("filter")).find("targetCompanyId") != std::string::npos);
    CHECK(json::dump(*s.variables(1).find("orderBy")) == R"([{"createdAt":"DescNullsLast"}])");
    CHECK(s.sent().size() == 2);
}

TEST_CASE("what can't be included is named before anything is asked", "[tools_find]") {
    script s;
    const auto r = s.call("get_record", get_acme(R"("include":["note","peple"])"));
    CHECK(r.code() == "bad_request");
    CHECK(r.message().find("people") != std::string_view::npos);
    CHECK(s.sent().empty());
    script limited(twenty::mode::read, std::set<std::string>{"company"});
    const auto hidden = limited.call("get_record", get_acme(R"("include":["people"])"));
    CHECK(hidden.code() == "bad_request");
    CHECK(hidden.message() == "\"people\" can't be included with a company; nothing can.");
}

TEST_CASE("an included list that Twenty refuses is a note, and the record is still there",
          "[tools_find]") {
    script s;
    s.answers(R"({"data":{"company":{"id":"1","name":"Acme"}}})");
    s.answers(people_denied);
    s.answers(people_denied);
    const auto r = s.call("get_record", get_acme(R"("include":["people"])"));
    REQUIRE_FALSE(r.is_error);
    CHECK(r.body.at("record", "name"));
    CHECK(r.text.find("people could not be read") != std::string::npos);
}

TEST_CASE("an object that the key may not read is marked after the first refusal", "[tools_find]") {
    mcp::session_memory memory;
    script s;
    s.context.memory = &memory;
    CHECK_FALSE(s.call("list_objects", "{}").body.find("unreadable"));
    s.answers(people_denied);
    s.answers(people_denied);
    CHECK(s.call("find_records", find(R"("limit":1)")).code() == "not_allowed");
    const auto marked = s.call("list_objects", "{}");
    REQUIRE(marked.body.find("unreadable"));
    CHECK(*marked.body.find("unreadable") == json::list({"person"}));
    CHECK(marked.text.find("role") != std::string::npos);
    s.context.now += 4'000;
    CHECK_FALSE(s.call("list_objects", "{}").body.find("unreadable"));
    s.context.now -= 4'000;
    s.answers(R"({"data":{"people":{"totalCount":1}}})");
    CHECK_FALSE(s.call("find_records", find(R"("countOnly":true)")).is_error);
    CHECK_FALSE(s.call("list_objects", "{}").body.find("unreadable"));
}
