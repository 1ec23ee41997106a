#include "crm/catalogue.hpp"
#include "mcp/protocol.hpp"
#include "tests/mcp/support/talk.hpp"

using mcp_test::error_code;
using mcp_test::parsed;
using mcp_test::script;

namespace {

mcp::answer initialize(script& s, std::string version) {
    return s.send(
        "initialize",
        json::make({{"protocolVersion", std::move(version)},
                    {"capabilities", json::make({{"roots", json::object{}}})},
                    {"clientInfo", json::make({{"name", "te\u202Est"}, {"version", "1"}})}}));
}

} // namespace

TEST_CASE("icons and addresses are for clients that know them", "[dispatch]") {
    auto all = crm::contents();
    all.server.website_url = "https://example.org/";
    all.server.icons = {{"https://example.org/i.png", "image/png", "96x96"}};
    all.tool_icons = "https://example.org/icons/";
    const mcp::catalogue offered(std::move(all));
    script s;
    s.context.catalogue = &offered;
    const auto shown = [&](const std::string& version, mcp::era speaks) {
        s.context.session.protocol_version = version;
        return s.send("tools/list", json::object(), speaks).body.find("\"icons\"") !=
               std::string::npos;
    };
    const auto met = [&](const std::string& version) {
        s.context.session.protocol_version.clear();
        const auto body = s.send("initialize", json::make({{"protocolVersion", version}})).body;
        const bool icons = body.find("\"icons\"") != std::string::npos;
        CHECK(icons == (body.find("\"websiteUrl\"") != std::string::npos));
        CHECK(icons == (body.find("Reads and changes the records") != std::string::npos));
        return icons;
    };
    for (const auto version : mcp::supported_versions()) {
        const bool knows = version >= "2025-11-25";
        if (mcp::is_session_version(version)) {
            CHECK(shown(std::string(version), mcp::era::session) == knows);
            CHECK(met(std::string(version)) == knows);
        }
    }
    CHECK_FALSE(shown("", mcp::era::session));
    CHECK(shown("", mcp::era::stateless));
    CHECK(s.send("server/discover", json::object(), mcp::era::stateless).body.find("websiteUrl") !=
          std::string::npos);
    CHECK(s.send("prompts/list", json::object(), mcp::era::stateless).body.find("websiteUrl") ==
          std::string::npos);
}

TEST_CASE("initialize echoes a session version and answers any other with the newest one",
          "[dispatch]") {
    struct row {
        const char* asked;
        const char* answered;
    };
    for (const auto& r : {row{"2025-11-25", "2025-11-25"}, row{"2025-06-18", "2025-06-18"},
                          row{"2025-03-26", "2025-03-26"}, row{"2024-11-05", "2024-11-05"},
                          row{"1999-01-01", "2025-11-25"}, row{"2026-07-28", "2025-11-25"}}) {
        INFO(r.asked);
        script s;
        const auto a = initialize(s, r.asked);
        CHECK(a.http_status == 200);
        const auto body = parsed(a);
        CHECK(body.find("result")->text("protocolVersion") == r.answered);
        REQUIRE(a.initialized);
        CHECK(a.initialized->protocol_version == r.answered);
    }
}

TEST_CASE("initialize tells who the server is, what it offers, and how to begin", "[dispatch]") {
    script s;
    const auto a = initialize(s, "2025-11-25");
    const auto body = parsed(a);
    const auto* result = body.find("result");
    CHECK(result->find("serverInfo")->text("name") == "twenty-mcp");
    CHECK(result->find("serverInfo")->text("title") == "Twenty CRM");
    CHECK_FALSE(result->find("serverInfo")->text("description").empty());
    for (const auto* offered : {"tools", "resources", "prompts", "completions"})
        CHECK(result->at("capabilities", offered));
    CHECK_FALSE(result->at("capabilities", "logging"));
    const std::string instructions(result->text("instructions"));
    CHECK(instructions.find("find_records") != std::string::npos);
    CHECK(instructions.find("Apple") != std::string::npos);
    CHECK(instructions.find("Be brief.") != std::string::npos);
    CHECK(instructions.find("Today is Friday, 2027-01-15 (UTC)") != std::string::npos);
    CHECK(instructions.size() < 5000);
    CHECK(a.initialized->client_capabilities == R"({"roots":{}})");
}

TEST_CASE("initialize succeeds while Twenty is down, with the fixed instructions", "[dispatch]") {
    script s;
    s.schema = error(errc::upstream_down, "Twenty can't be reached.");
    const auto a = initialize(s, "2025-11-25");
    REQUIRE(a.initialized);
    const auto body = parsed(a);
    CHECK(body.find("result")->text("instructions").find("Twenty CRM") != std::string_view::npos);
}

TEST_CASE("a session is initialized once, and only with a version", "[dispatch]") {
    script s;
    CHECK(error_code(s.send("initialize")) == -32602);
    s.context.session.protocol_version = "2025-11-25";
    const auto again = initialize(s, "2025-11-25");
    CHECK(again.http_status == 400);
    CHECK(error_code(again) == -32600);
}

TEST_CASE("each method belongs to its eras and is unknown in the other", "[dispatch]") {
    struct row {
        const char* method;
        bool session;
        bool stateless;
    };
    for (const auto& r :
         {row{"initialize", true, false}, row{"ping", true, false},
          row{"server/discover", false, true}, row{"tools/list", true, true},
          row{"resources/list", true, true}, row{"resources/templates/list", true, true},
          row{"prompts/list", true, true}, row{"logging/setLevel", false, false},
          row{"resources/subscribe", true, false}, row{"resources/unsubscribe", true, false},
          row{"subscriptions/listen", false, true}, row{"tasks/list", false, false},
          row{"nonsense", false, false}}) {
        INFO(r.method);
        script s;
        const auto old_style = s.send(r.method);
        CHECK(old_style.http_status == 200);
        CHECK((error_code(old_style) == -32601) != r.session);
        const auto new_style = s.send(r.method, {}, mcp::era::stateless);
        CHECK((error_code(new_style) == -32601) != r.stateless);
        CHECK(new_style.http_status == (r.stateless ? 200 : 404));
    }
}

TEST_CASE("who names no session changes nothing that a session remembers", "[dispatch][plan-130]") {
    script s;
    s.context.in_session = false;
    const std::pair<const char*, json::value> changes[] = {
        {"resources/subscribe", json::make({{"uri", "twenty://primer"}})},
        {"resources/unsubscribe", json::make({{"uri", "twenty://primer"}})}};
    for (const auto& [method, params] : changes) {
        INFO(method);
        const auto refused = s.send(method, params);
        CHECK(refused.http_status == 400);
        CHECK(error_code(refused) == -32000);
        CHECK(refused.body.find("Mcp-Session-Id") != std::string::npos);
        CHECK_FALSE(refused.subscription);
    }
    CHECK(s.send("ping").http_status == 200);
    s.context.in_session = true;
    for (const auto& [method, params] : changes)
        CHECK(s.send(method, params).http_status == 200);
}

TEST_CASE("notifications and responses are accepted without a body", "[dispatch]") {
    for (const auto kind : {mcp::incoming::kind::notification, mcp::incoming::kind::response}) {
        script s;
        mcp::incoming m;
        m.what = kind;
        m.method = "notifications/initialized";
        const auto a = s.send(std::move(m));
        CHECK(a.http_status == 202);
        CHECK(a.body.empty());
    }
}

TEST_CASE("every result of the stateless era is complete, signed, and says how long it keeps",
          "[dispatch]") {
    script s;
    for (const auto* method : {"server/discover", "tools/list", "resources/list",
                               "resources/templates/list", "prompts/list"}) {
        INFO(method);
        const auto body = parsed(s.send(method, {}, mcp::era::stateless));
        const auto* result = body.find("result");
        REQUIRE(result);
        CHECK(result->text("resultType") == "complete");
        CHECK(result->text("cacheScope") == "private");
        CHECK(result->find("ttlMs")->as_int().value_or(-1) >= 0);
        CHECK(result->at("_meta", mcp::meta::server_info)->text("name") == "twenty-mcp");
    }
    const auto body = parsed(s.send("server/discover", {}, mcp::era::stateless));
    CHECK(*body.at("result", "supportedVersions") == json::list({"2026-07-28"}));
    CHECK_FALSE(body.at("result", "instructions")->if_string()->empty());
    const auto plain = parsed(s.send("tools/list"));
    CHECK_FALSE(plain.at("result", "resultType"));
    CHECK_FALSE(plain.at("result", "_meta"));
}

TEST_CASE("decorate keeps an empty result valid", "[dispatch]") {
    CHECK(json::parse(mcp::decorate("{}", crm::catalogue().server_info(), mcp::era::stateless,
                                    "complete", std::nullopt))
              .ok());
    CHECK(mcp::decorate("{}", crm::catalogue().server_info(), mcp::era::session, "complete",
                        std::nullopt) == "{}");
}

TEST_CASE("a cursor for a list is refused, because none was ever given", "[dispatch]") {
    script s;
    for (const auto* method :
         {"tools/list", "resources/list", "resources/templates/list", "prompts/list"})
        CHECK(error_code(s.send(method, json::make({{"cursor", "x"}}))) == -32602);
    for (const auto& none : {json::value(), json::value("")})
        CHECK(error_code(s.send("tools/list", json::make({{"cursor", none}}))) == 0);
}

TEST_CASE("a read grant sees no write tool, and calling one is a 403", "[dispatch][plan-102]") {
    script s(twenty::mode::read);
    const auto list = s.send("tools/list").body;
    CHECK(list.find("create_record") == std::string::npos);
    CHECK(list.find("run_graphql_mutation\",") == std::string::npos);
    CHECK(list.find("find_records") != std::string::npos);
    for (const auto& t : crm::catalogue().tools()) {
        if (!mcp::is_write(t.what)) continue;
        INFO(t.name);
        for (const auto speaks : {mcp::era::session, mcp::era::stateless}) {
            const auto a = s.send("tools/call", json::make({{"name", t.name}}), speaks);
            CHECK(a.http_status == 403);
            CHECK(a.insufficient_scope);
            CHECK(parsed(a).at("error", "message"));
        }
    }
    CHECK(s.sent().empty());
}

TEST_CASE("a write connection with a read token is a read grant", "[dispatch]") {
    script s(twenty::mode::write);
    s.context.scope_write = false;
    CHECK(s.send("tools/list").body.find("delete_record") == std::string::npos);
    CHECK(s.send("tools/call", json::make({{"name", "delete_record"}})).http_status == 403);
}

TEST_CASE("an unknown tool is a protocol error that offers near names", "[dispatch]") {
    script s;
    const auto a = s.send("tools/call", json::make({{"name", "find_record"}}));
    CHECK(a.http_status == 200);
    CHECK(error_code(a) == -32602);
    CHECK(a.body.find("find_records") != std::string::npos);
    CHECK(error_code(s.send("tools/call")) == -32602);
    CHECK(error_code(s.send("tools/call", json::make({{"name", 5}}))) == -32602);
}

TEST_CASE("missing arguments are no arguments", "[dispatch]") {
    script s;
    const auto body = parsed(s.send("tools/call", json::make({{"name", "list_objects"}})));
    CHECK(body.at("result", "structuredContent"));
}

TEST_CASE("a handler that throws costs one answer", "[dispatch]") {
    mcp::catalogue::contents offered;
    mcp::tool broken;
    broken.name = "broken";
    broken.input_schema = R"({"type":"object"})";
    broken.run = [](mcp::call_slot&, json::value,
                    const mcp::call_context&) -> mcp::async<mcp::tool_result> {
        throw std::runtime_error("secret detail");
        co_return mcp::tool_result{};
    };
    offered.tools.push_back(broken);
    const mcp::catalogue own(std::move(offered));
    script s;
    s.context.catalogue = &own;
    const auto a = s.send("tools/call", json::make({{"name", "broken"}}));
    CHECK(error_code(a) == -32603);
    CHECK(a.body.find("secret detail") == std::string::npos);
}

TEST_CASE("a catalogue without prompts and completions does not claim them", "[dispatch]") {
    const mcp::catalogue own{mcp::catalogue::contents{}};
    CHECK(mcp::capabilities(own) == "{}");
    script s;
    s.context.catalogue = &own;
    CHECK(error_code(s.send("completion/complete")) == -32601);
    for (const auto* method : {"prompts/list", "resources/list", "resources/subscribe"})
        CHECK(error_code(s.send(method)) == -32601);
}

TEST_CASE("prompts come with their arguments filled in", "[dispatch]") {
    script s;
    const auto listed = s.send("prompts/list").body;
    CHECK(listed.find("prepare_meeting") != std::string::npos);
    const auto body = parsed(s.send(
        "prompts/get", json::make({{"name", "prepare_meeting"},
                                   {"arguments", json::make({{"company", "Acme\u202E"}})}})));
    const auto text = json::dump(*body.at("result", "messages"));
    CHECK(text.find("\\\"Acme\\\"") != std::string::npos);
    CHECK(error_code(s.send("prompts/get", json::make({{"name", "none"}}))) == -32602);
    CHECK(error_code(s.send("prompts/get", json::make({{"name", "prepare_meeting"}}))) == -32602);
    CHECK(error_code(s.send("prompts/get",
                            json::make({{"name", "prepare_meeting"},
                                        {"arguments", json::make({{"company", 5}})}}))) == -32602);
}

TEST_CASE("prompts name tools that exist", "[dispatch]") {
    script s;
    const auto meeting = s.send(
        "prompts/get",
        json::make({{"name", "prepare_meeting"}, {"arguments", json::make({{"company", "A"}})}}));
    const auto pipeline = s.send("prompts/get", json::make({{"name", "review_pipeline"}}));
    for (const auto* name : {"search_records", "get_record", "aggregate_records", "find_records"}) {
        CHECK((meeting.body + pipeline.body).find(name) != std::string::npos);
        CHECK(crm::catalogue().find_tool(name));
    }
}

TEST_CASE("object names are completed from what the grant may read", "[dispatch]") {
    script s(twenty::mode::read, std::set<std::string>{"person", "company"});
    const auto complete = [&](std::string uri, std::string typed) {
        return s.send(
            "completion/complete",
            json::make({{"ref", json::make({{"type", "ref/resource"}, {"uri", uri}})},
                        {"argument", json::make({{"name", "object"}, {"value", typed}})}}));
    };
    const auto values = parsed(complete("twenty://schema/{object}", "P"));
    CHECK(*values.at("result", "completion", "values") == json::list({"person"}));
    const auto all = parsed(complete("twenty://record/{object}/{id}", ""));
    CHECK(all.at("result", "completion", "values")->if_array()->size() == 2);
    CHECK(error_code(complete("twenty://other/{x}", "")) == -32602);
    CHECK(error_code(s.send("completion/complete")) == -32602);
}
