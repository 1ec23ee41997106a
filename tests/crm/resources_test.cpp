#include "tests/mcp/support/script.hpp"

using mcp_test::ada;
using mcp_test::script;

namespace {

json::value read(script& s, std::string uri, mcp::era speaks = mcp::era::session) {
    return json::parse(s.send("resources/read", json::make({{"uri", std::move(uri)}}), speaks).body)
        .value();
}

std::string text_of(const json::value& reply) {
    const auto* contents = reply.at("result", "contents");
    REQUIRE(contents);
    return std::string(contents->if_array()->front().text("text"));
}

} // namespace

TEST_CASE("twenty://primer is the primer as Markdown", "[resources]") {
    script s;
    const auto reply = read(s, "twenty://primer");
    CHECK(reply.at("result", "contents")->if_array()->front().text("mimeType") == "text/markdown");
    CHECK(text_of(reply).find("Be brief.") != std::string::npos);
}

TEST_CASE("twenty://api/info says what this connection is, without its key", "[resources]") {
    script s(twenty::mode::read, std::set<std::string>{"person"});
    const auto info = json::parse(text_of(read(s, "twenty://api/info"))).value();
    CHECK(info.find("workspace")->text("name") == "Apple");
    CHECK(info.text("mode") == "read");
    CHECK(info.text("label") == "Ada's laptop");
    CHECK(info.text("keyExpires") == "2030-03-17T17:46:40Z");
    CHECK(*info.find("objects") == json::list({"person"}));
    CHECK(info.flag("restricted"));
    CHECK(info.find("server")->text("version") == TWENTY_MCP_VERSION);
}

TEST_CASE("twenty://api/info answers while Twenty is down", "[resources]") {
    script s;
    s.schema = error(errc::upstream_down, "Twenty can't be reached.");
    const auto info = json::parse(text_of(read(s, "twenty://api/info"))).value();
    CHECK(info.text("problem") == "Twenty can't be reached.");
}

TEST_CASE("twenty://schema and twenty://record read what the tools read", "[resources]") {
    script s;
    const auto schema = json::parse(text_of(read(s, "twenty://schema/person"))).value();
    CHECK(schema.text("object") == "person");
    s.answers(std::string(R"({"data":{"person":{"id":")") + ada + R"(","city":"Oslo"}}})");
    const auto record =
        json::parse(text_of(read(s, std::string("twenty://record/person/") + ada))).value();
    CHECK(record.text("object") == "person");
    CHECK(record.find("record")->text("city") == "Oslo");
}

TEST_CASE("a resource of an object newer than the cached schema is found", "[resources]") {
    script s;
    const auto now = mcp_test::sample_schema();
    std::vector<twenty::object> before;
    for (const auto& o : now->objects())
        if (o.name_singular != "company") before.push_back(o);
    s.schema = std::make_shared<const twenty::schema>(now->workspace_id(), now->workspace_name(),
                                                      std::move(before));
    s.refreshed_schema = now;
    const auto schema = json::parse(text_of(read(s, "twenty://schema/company"))).value();
    CHECK(schema.text("object") == "company");
    CHECK(s.refreshes == 1);
}

TEST_CASE("what is not there or not allowed is -32602 with the URI", "[resources]") {
    script s(twenty::mode::read, std::set<std::string>{"person"});
    for (const std::string& uri :
         {std::string("twenty://nothing"), std::string("twenty://schema/unicorn"),
          std::string("twenty://schema/company"),
          std::string("twenty://record/person/..%2Fcompanies"),
          std::string("twenty://record/company/") + ada, std::string("twenty://record/person/"),
          std::string("file:///etc/passwd")})
        for (const auto speaks : {mcp::era::session, mcp::era::stateless}) {
            INFO(uri);
            const auto reply = read(s, uri, speaks);
            CHECK(reply.at("error", "code")->as_int() == -32602);
            CHECK(reply.at("error", "data", "uri")->if_string()->find(uri) == 0);
        }
    CHECK(s.sent().empty());
    const auto no_uri = json::parse(s.send("resources/read").body).value();
    CHECK(no_uri.at("error", "code")->as_int() == -32602);
}

TEST_CASE("a resource behind a broken Twenty is an internal error, not a missing one",
          "[resources]") {
    script s;
    s.schema = error(errc::upstream_down, "Twenty can't be reached.");
    CHECK(read(s, "twenty://primer").at("error", "code")->as_int() == -32603);
}

TEST_CASE("each resource says how long it keeps", "[resources]") {
    script s;
    const auto ttl = [&](std::string uri) {
        return read(s, std::move(uri), mcp::era::stateless).at("result", "ttlMs")->as_int();
    };
    CHECK(ttl("twenty://primer") == 60'000);
    CHECK(ttl("twenty://schema/person") == 300'000);
    s.answers(std::string(R"({"data":{"person":{"id":")") + ada + R"("}}})");
    CHECK(ttl(std::string("twenty://record/person/") + ada) == 0);
}

TEST_CASE("a limited connection subscribes only to what it may read", "[resources]") {
    script s(twenty::mode::read, std::set<std::string>{"person"});
    const auto subscribed = [&](const char* uri) {
        return s.send("resources/subscribe", json::make({{"uri", uri}})).subscription.has_value();
    };
    CHECK(subscribed("twenty://primer"));
    CHECK(subscribed("twenty://schema/person"));
    CHECK_FALSE(subscribed("twenty://schema/company"));
    CHECK_FALSE(subscribed("twenty://schema/nosuch"));
    json::value uris = json::list({"twenty://schema/person", "twenty://schema/company"});
    json::value wanted = json::make({{"resourceSubscriptions", std::move(uris)}});
    const auto a = s.send("subscriptions/listen", json::make({{"notifications", wanted}}),
                          mcp::era::stateless);
    REQUIRE(a.listen);
    CHECK(a.listen->uris == std::vector<std::string>{"twenty://schema/person"});
}
