// Arguments that are repeated in headers (MCP 2026-07-28, x-mcp-header).
#include "tests/mcp/support/talk.hpp"

using namespace mcp_test;

namespace {

mcp::async<mcp::tool_result> ok(mcp::call_slot&, json::value, const mcp::call_context&) {
    co_return text_result("ok");
}

const mcp::catalogue& headed_tools() {
    static const mcp::catalogue own([] {
        mcp::catalogue::contents all;
        all.tools = {tool_of(
            "headed", ok,
            R"({"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},)"
            R"("limit":{"type":"integer","x-mcp-header":"Limit"},)"
            R"("dry":{"type":"boolean","x-mcp-header":"Dry"},)"
            R"("deep":{"type":"object","properties":{"er":{"type":"string",)"
            R"("x-mcp-header":"Deeper"}}}}})")};
        return all;
    }());
    return own;
}

struct headed_client : script {
    headed_client() { context.catalogue = &headed_tools(); }
    // As it comes over HTTP: 0 when the tool ran, else the error's code.
    std::int64_t call(const std::string& arguments,
                      std::vector<std::pair<std::string, std::string>> headers) {
        mcp::http_headers all;
        all.protocol_version = "2026-07-28";
        all.method = "tools/call";
        all.name = "headed";
        all.params = std::move(headers);
        auto params = envelope("{}", R"({"name":"headed","arguments":)" + arguments + "}");
        const auto body = json::dump(json::make(
            {{"jsonrpc", "2.0"}, {"id", 1}, {"method", "tools/call"}, {"params", params}}));
        auto read = mcp::classify(body, all);
        auto* one = std::get_if<mcp::classified>(&read);
        REQUIRE(one);
        const auto reply = send(std::move(one->messages.front()));
        const auto code = error_code(reply);
        CHECK(reply.http_status == (code == 0 ? 200 : 400));
        if (code == 0) CHECK(said(reply) == "ok");
        return code;
    }
};

constexpr std::int64_t mismatch = -32020;

} // namespace

TEST_CASE("an argument and its header must agree, or both be absent", "[methods_tools]") {
    headed_client c;
    CHECK(c.call("{}", {}) == 0);
    CHECK(c.call(R"({"region":"eu"})", {{"region", "eu"}}) == 0);
    CHECK(c.call(R"({"region":"eu"})", {{"region", "  eu "}}) == 0);
    CHECK(c.call(R"({"region":"eu"})", {{"region", "EU"}}) == mismatch);
    CHECK(c.call(R"({"region":"eu"})", {}) == mismatch);
    CHECK(c.call("{}", {{"region", "eu"}}) == mismatch);
    CHECK(c.call("{}", {{"region", ""}}) == mismatch);
    CHECK(c.call(R"({"region":""})", {{"region", ""}}) == 0);
    CHECK(c.call(R"({"deep":{"er":"x"}})", {{"deeper", "x"}}) == 0);
    CHECK(c.call(R"({"deep":{"er":"x"}})", {}) == mismatch);
    CHECK(c.call("{}", {{"unknown", "x"}}) == 0); // none of this tool's
}

TEST_CASE("a header in Base64 is decoded strictly before it is compared", "[methods_tools]") {
    headed_client c;
    CHECK(c.call(R"({"region":"K\u00f6ln"})", {{"region", "=?base64?S8O2bG4=?="}}) == 0);
    CHECK(c.call(R"({"region":"Köln"})", {{"region", "=?base64?S8O2bG4?="}}) == mismatch);
    CHECK(c.call(R"({"region":"Köln"})", {{"region", "=?base64?S8O2 bG4=?="}}) == mismatch);
    CHECK(c.call(R"({"region":"x"})", {{"region", "=?base64?/w==?="}}) == mismatch); // no UTF-8
    CHECK(c.call(R"({"region":"=?base64?x"})", {{"region", "=?base64?x"}}) == 0);    // half a mark
    CHECK(c.call(R"({"region":"eu"})", {{"region", "=?BASE64?ZXU=?="}}) == mismatch);
}

TEST_CASE("integers are compared as numbers, booleans by their word", "[methods_tools]") {
    headed_client c;
    CHECK(c.call(R"({"limit":20})", {{"limit", "20"}}) == 0);
    CHECK(c.call(R"({"limit":20.0})", {{"limit", "20"}}) == 0);
    CHECK(c.call(R"({"limit":-1})", {{"limit", "-1"}}) == 0);
    for (const auto* header : {"21", "", "0x14", "twenty", "20 0", "\"20\"", "[20]", "true"})
        CHECK(c.call(R"({"limit":20})", {{"limit", header}}) == mismatch);
    CHECK(c.call(R"({"dry":true})", {{"dry", "true"}}) == 0);
    for (const auto* header : {"false", "1", "True", ""})
        CHECK(c.call(R"({"dry":true})", {{"dry", header}}) == mismatch);
}
