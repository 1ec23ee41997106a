#include "mcp/session_memory.hpp"

#include "crm/columns.hpp"
#include "mcp/client_limits.hpp"
#include "tests/mcp/support/script.hpp"

using mcp_test::script;
using names = std::vector<std::string>;

TEST_CASE("a refusal is remembered until a read succeeds or an hour has passed",
          "[session_memory]") {
    mcp::session_memory memory;
    CHECK_FALSE(memory.is_refused("person", 1'000));
    memory.refused("person", 1'000);
    CHECK(memory.is_refused("person", 1'000));
    CHECK(memory.is_refused("person", 4'599));
    CHECK_FALSE(memory.is_refused("person", 4'600));
    CHECK_FALSE(memory.is_refused("company", 1'000));
    memory.answered("person");
    CHECK_FALSE(memory.is_refused("person", 1'000));
}

TEST_CASE("the fields named last come first, and only a few are kept", "[session_memory]") {
    mcp::session_memory memory;
    for (const auto* field : {"a", "b", "c", "b", "d", "e", "f", "g"})
        memory.used("person", field);
    CHECK(memory.recent("person") == names{"g", "f", "e", "d", "b", "c"});
    CHECK(memory.recent("company").empty());
}

TEST_CASE("a page shows the fields that the session has named lately", "[session_memory]") {
    const auto schema = mcp_test::sample_schema();
    const twenty::access may(twenty::mode::read, std::nullopt, schema);
    const auto& of = *schema->by_singular("opportunity");
    const auto usual = crm::list_fields(of, may);
    mcp::session_memory memory;
    CHECK(crm::list_fields(of, may, &memory) == usual);
    const auto named = json::parse(R"({"and":[{"not":{"createdAt":{"is":"NULL"}}},)"
                                   R"({"companyId":{"is":"NULL"}},{"nope":{"eq":1}}]})");
    crm::remember_used(&memory, of, *named);
    CHECK(memory.recent("opportunity") == names{"company", "createdAt"});
    CHECK(crm::list_fields(of, may, &memory) ==
          names{"id", "name", "company", "createdAt", "stage", "amount", "closeDate", "updatedAt"});
    for (const auto* name : {"id", "updatedAt", "deletedAt", "position", "createdBy"})
        crm::remember_used(&memory, of, json::value(name));
    CHECK(memory.recent("opportunity") == names{"company", "createdAt"});
    // What makes no column is not shown unasked, and nothing is shown that the grant may not see.
    crm::remember_used(&memory, *schema->by_singular("company"), json::value("noteTargets"));
    const auto& company = *schema->by_singular("company");
    CHECK(crm::list_fields(company, may, &memory) == crm::list_fields(company, may));
    const twenty::access only(twenty::mode::read, std::set<std::string>{"opportunity"}, schema);
    for (const auto& name : crm::list_fields(of, only, &memory))
        CHECK(name != "company");
}

TEST_CASE("clients that cut long results off get pages that they show whole", "[session_memory]") {
    CHECK(mcp::bytes_shown_by("codex-mcp-client") < 10'240);
    CHECK(mcp::bytes_shown_by("claude-code") < 50'000);
    CHECK(mcp::bytes_shown_by("somebody") == SIZE_MAX);
    script s;
    s.context.session.client_info = R"({"name":"codex-mcp-client","version":"1"})";
    json::writer out;
    out.begin_object().key("data").begin_object().key("people").begin_object();
    out.member("totalCount", 200).key("pageInfo").begin_object().member("hasNextPage", false);
    out.member("endCursor", "e").end_object().key("edges").begin_array();
    for (int i = 0; i < 200; ++i) {
        out.begin_object().member("cursor", "c").key("node").begin_object();
        out.member("id", mcp_test::ada).member("jobTitle", std::string(100, 'x'));
        out.end_object().end_object();
    }
    out.end_array().end_object().end_object().end_object();
    const auto page = out.take();
    const auto ask = R"({"objectName":"person","limit":200,"fields":["jobTitle"]})";
    s.answers(page);
    const auto cut = s.call("find_records", ask);
    REQUIRE_FALSE(cut.is_error);
    CHECK(cut.text.size() < 10'240);
    CHECK(cut.text.size() > 8'000);
    CHECK(cut.body.flag("hasNextPage"));
    // Whatever is asked for: it would be cut out unseen.
    s.answers(page);
    const auto asked = s.call("find_records", R"({"objectName":"person","limit":200,)"
                                              R"("maxTokens":25000,"fields":["jobTitle"]})");
    REQUIRE_FALSE(asked.is_error);
    CHECK(asked.text.size() < 10'240);
    // 2026-07-28: each request names its client, whatever a session said.
    script other;
    other.answers(page);
    mcp::incoming m;
    m.id = "1";
    m.era = mcp::era::stateless;
    m.method = "tools/call";
    m.params = json::make(
        {{"name", "find_records"},
         {"arguments", json::parse(ask).value()},
         {"_meta", json::make({{"io.modelcontextprotocol/clientInfo",
                                json::make({{"name", "codex-mcp-client"}, {"version", "1"}})}})}});
    CHECK(other.send(std::move(m)).body.size() < 2 * 10'240 + 1'000);
    // Others get more.
    script usual;
    usual.answers(page);
    CHECK(usual.call("find_records", ask).text.size() > 20'000);
}

TEST_CASE("a session remembers two hundred objects and goes on knowing those", "[session_memory]") {
    mcp::session_memory memory;
    for (int i = 0; i < 201; ++i) {
        memory.refused("o" + std::to_string(i), 1'000);
        memory.used("o" + std::to_string(i), "a");
    }
    CHECK(memory.is_refused("o199", 1'000));
    CHECK_FALSE(memory.is_refused("o200", 1'000));
    CHECK(memory.recent("o199") == names{"a"});
    CHECK(memory.recent("o200").empty());
    memory.refused("o0", 9'000);
    memory.used("o0", "b");
    CHECK(memory.is_refused("o0", 9'000));
    CHECK(memory.recent("o0") == names{"b", "a"});
}
