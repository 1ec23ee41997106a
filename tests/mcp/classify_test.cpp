// The golden table of the two protocol eras, as far as a body and its headers decide it (the
// rows that need a session or a socket are tested with those). Measured against the official
// TypeScript example server; where we differ on purpose, the row says so.
#include "mcp/message.hpp"
#include "tests/support/catch.hpp"

namespace {

constexpr int accepted = 0;

struct sent : mcp::http_headers {
    sent(std::string version, std::string method, std::string name) {
        protocol_version = std::move(version);
        this->method = std::move(method);
        this->name = std::move(name);
    }
};

struct row {
    const char* title;
    sent headers;
    std::string body;
    int status; // of the refusal; unused when accepted
    int code;   // accepted, or the JSON-RPC code
    std::string id = "";
    mcp::era era = mcp::era::stateless;
};

// A request of 2026-07-28; `more` are further members of params.
std::string modern(std::string method, std::string more = "", std::string version = "2026-07-28") {
    return R"({"jsonrpc":"2.0","id":7,"method":")" + method +
           R"(","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":")" + version +
           R"(","io.modelcontextprotocol/clientCapabilities":{}})" + more + "}}";
}
std::string call(std::string name) {
    return modern("tools/call", R"(,"name":")" + name + R"(","arguments":{})");
}
std::string legacy(std::string method, std::string params = "{}") {
    return R"({"jsonrpc":"2.0","id":"a","method":")" + method + R"(","params":)" + params + "}";
}
const std::string now = "2026-07-28";

const std::vector<row> golden{
    {"G1 server/discover", {now, "server/discover", ""}, modern("server/discover"), 0, accepted},
    {"G2 no version header", {"", "tools/list", ""}, modern("tools/list"), 400, -32020, "7"},
    {"G3 no Mcp-Method", {now, "", ""}, modern("tools/list"), 400, -32020, "7"},
    {"G4 another Mcp-Method", {now, "tools/call", ""}, modern("tools/list"), 400, -32020, "7"},
    {"G4 Mcp-Method in another case",
     {now, "Tools/List", ""},
     modern("tools/list"),
     400,
     -32020,
     "7"},
    {"G5 no Mcp-Name", {now, "tools/call", ""}, call("get_primer"), 400, -32020, "7"},
    {"G5 another Mcp-Name", {now, "tools/call", "x"}, call("get_primer"), 400, -32020, "7"},
    {"an empty Mcp-Name for an empty name", {now, "tools/call", ""}, call(""), 400, -32020, "7"},
    {"G6 Mcp-Name", {now, "tools/call", " get_primer "}, call("get_primer"), 0, accepted},
    {"G6 Mcp-Name in Base64",
     {now, "tools/call", "=?base64?Z2V0X3ByaW1lcg==?="},
     call("get_primer"),
     0,
     accepted},
    {"Mcp-Name in Base64 without padding",
     {now, "tools/call", "=?base64?Z2V0X3ByaW1lcg?="},
     call("get_primer"),
     400,
     -32020,
     "7"},
    {"Mcp-Name in Base64 of another name",
     {now, "tools/call", "=?base64?eA==?="},
     call("get_primer"),
     400,
     -32020,
     "7"},
    {"Mcp-Name with a half sentinel is literal",
     {now, "tools/call", "=?base64?x"},
     call("=?base64?x"),
     0,
     accepted},
    {"Mcp-Name of a resource is its URI",
     {now, "resources/read", "twenty://primer"},
     modern("resources/read", R"(,"uri":"twenty://primer")"),
     0,
     accepted},
    {"another URI in Mcp-Name",
     {now, "resources/read", "twenty://x"},
     modern("resources/read", R"(,"uri":"twenty://primer")"),
     400,
     -32020,
     "7"},
    {"G8 tools/call without a name is the method's affair",
     {now, "tools/call", ""},
     modern("tools/call"),
     0,
     accepted},
    {"G9 initialize in a modern envelope reaches the method table",
     {now, "initialize", ""},
     modern("initialize"),
     0,
     accepted},
    {"G10 modern header, no params",
     {now, "ping", ""},
     R"({"jsonrpc":"2.0","id":7,"method":"ping"})",
     400,
     -32602,
     "7"},
    {"modern header, empty _meta",
     {now, "ping", ""},
     R"({"jsonrpc":"2.0","id":7,"method":"ping","params":{"_meta":{}}})",
     400,
     -32602,
     "7"},
    {"envelope without clientCapabilities",
     {now, "ping", ""},
     R"({"jsonrpc":"2.0","id":7,"method":"ping","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})",
     400,
     -32602,
     "7"},
    {"envelope with a numeric version",
     {now, "ping", ""},
     R"({"jsonrpc":"2.0","id":7,"method":"ping","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":1,"io.modelcontextprotocol/clientCapabilities":{}}}})",
     400,
     -32602,
     "7"},
    {"envelope with a list as clientCapabilities",
     {now, "ping", ""},
     R"({"jsonrpc":"2.0","id":7,"method":"ping","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":[]}}})",
     400,
     -32602,
     "7"},
    {"G11 unknown version in both",
     {"2099-01-01", "tools/list", ""},
     modern("tools/list", "", "2099-01-01"),
     400,
     -32022,
     "7"},
    {"unknown version in the body alone",
     {"", "tools/list", ""},
     modern("tools/list", "", "2099-01-01"),
     400,
     -32022,
     "7"},
    {"G12 session version in a modern envelope",
     {"2025-11-25", "tools/list", ""},
     modern("tools/list", "", "2025-11-25"),
     400,
     -32022,
     "7"},
    {"G13 header and body differ",
     {"2025-11-25", "tools/list", ""},
     modern("tools/list"),
     400,
     -32020,
     "7"},
    {"G14 modern notification",
     {now, "", ""},
     R"({"jsonrpc":"2.0","method":"notifications/cancelled"})",
     0,
     accepted},
    {"G15 batch with a modern element",
     {"", "", ""},
     "[" + modern("tools/list") + "]",
     400,
     -32600},
    {"G15 batch under a modern header", {now, "", ""}, "[" + legacy("ping") + "]", 400, -32600},
    {"G15 empty batch", {"", "", ""}, "[]", 400, -32600},
    {"batch with something that is no message",
     {"", "", ""},
     "[" + legacy("ping") + ",1]",
     400,
     -32600},
    {"initialize inside a batch",
     {"", "", ""},
     "[" + legacy("ping") + "," + legacy("initialize") + "]",
     400,
     -32600},
    {"G16 id null", {"", "", ""}, R"({"jsonrpc":"2.0","id":null,"method":"ping"})", 400, -32600},
    {"G16 no jsonrpc", {"", "", ""}, R"({"id":1,"method":"ping"})", 400, -32600},
    {"jsonrpc 1.0", {"", "", ""}, R"({"jsonrpc":"1.0","id":1,"method":"ping"})", 400, -32600},
    {"a fractional id", {"", "", ""}, R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", 400, -32600},
    {"a list as params",
     {"", "", ""},
     R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[1]})",
     400,
     -32600,
     "1"},
    {"a number as method",
     {"", "", ""},
     R"({"jsonrpc":"2.0","id":1,"method":5})",
     400,
     -32600,
     "1"},
    {"neither method nor result", {"", "", ""}, R"({"jsonrpc":"2.0","id":1})", 400, -32600},
    {"a bare string", {"", "", ""}, R"("ping")", 400, -32600},
    {"not JSON", {"", "", ""}, "{", 400, -32700},
    {"empty", {"", "", ""}, "", 400, -32700},
    {"not UTF-8", {"", "", ""}, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}", 400, -32700},
    {"nested 1,000 levels deep",
     {"", "", ""},
     std::string(1000, '[') + std::string(1000, ']'),
     400,
     -32700},
    {"a repeated member",
     {"", "", ""},
     R"({"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"})",
     400,
     -32700},
    {"G18 session request without session: served (hosted Claude drops the header)",
     {"", "", ""},
     legacy("tools/list"),
     0,
     accepted,
     "",
     mcp::era::session},
    {"G22 initialize",
     {"", "", ""},
     legacy("initialize", R"({"protocolVersion":"2025-06-18"})"),
     0,
     accepted,
     "",
     mcp::era::session},
    {"initialize with a modern version header",
     {now, "", ""},
     legacy("initialize"),
     400,
     -32020,
     "\"a\""},
    {"G25 ping under a supported version",
     {"2025-03-26", "", ""},
     legacy("ping"),
     0,
     accepted,
     "",
     mcp::era::session},
    {"G26 ping under an unknown version",
     {"1999-01-01", "", ""},
     legacy("ping"),
     400,
     -32000,
     "\"a\""},
    {"notification under an unknown version",
     {"1999-01-01", "", ""},
     R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
     400,
     -32000},
    {"G27 ping under a modern header without envelope",
     {now, "", ""},
     legacy("ping"),
     400,
     -32602,
     "\"a\""},
    {"G30 batch of two pings",
     {"2025-03-26", "", ""},
     "[" + legacy("ping") + "," + legacy("ping") + "]",
     0,
     accepted,
     "",
     mcp::era::session},
    {"batch without a version header",
     {"", "", ""},
     "[" + legacy("ping") + "]",
     0,
     accepted,
     "",
     mcp::era::session},
    {"G30 batch of a version that has none (the SDK takes it)",
     {"2025-11-25", "", ""},
     "[" + legacy("ping") + "," + legacy("ping") + "]",
     400,
     -32600},
    {"batch of the first version that has none",
     {"2025-06-18", "", ""},
     "[" + legacy("ping") + "]",
     400,
     -32600},
    {"G31 a response",
     {"", "", ""},
     R"({"jsonrpc":"2.0","id":99,"result":{}})",
     0,
     accepted,
     "",
     mcp::era::session},
    {"null params are no params",
     {"", "", ""},
     R"({"jsonrpc":"2.0","id":1,"method":"ping","params":null})",
     0,
     accepted,
     "",
     mcp::era::session},
};

} // namespace

TEST_CASE("every row of the golden table is classified as measured", "[classify]") {
    for (const auto& r : golden) {
        INFO(r.title);
        auto got = mcp::classify(r.body, r.headers);
        if (r.code == accepted) {
            REQUIRE(std::holds_alternative<mcp::classified>(got));
            for (const auto& m : std::get<mcp::classified>(got).messages)
                CHECK(m.era == r.era);
            continue;
        }
        REQUIRE(std::holds_alternative<mcp::refusal>(got));
        const auto& refused = std::get<mcp::refusal>(got);
        CHECK(refused.http_status == r.status);
        CHECK(refused.code == r.code);
        CHECK(refused.id == r.id);
        const auto body = json::parse(mcp::error_body(refused));
        REQUIRE(body.ok());
        CHECK(body->text("jsonrpc") == "2.0");
        CHECK(body->at("error", "code")->as_int() == r.code);
    }
}

TEST_CASE("row 108: a key that comes twice is refused wherever it stands in a message",
          "[classify][plan-108]") {
    // Threat: we read the first and Twenty the last of two. Defence: there are never two.
    for (const auto* arguments : {R"({"query":"query{a}","query":"mutation{b}"})",
                                  R"({"query":"query{a}","\u0071uery":"mutation{b}"})",
                                  R"({"objectName":"person","data":{"a":1,"a":2}})",
                                  R"({"variables":{"x":[{"y":1,"y":2}]}})"}) {
        INFO(arguments);
        const auto read = mcp::classify(
            R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"run_graphql",)"
            R"("arguments":)" +
                std::string(arguments) + "}}",
            {});
        const auto* refused = std::get_if<mcp::refusal>(&read);
        REQUIRE(refused);
        CHECK(refused->http_status == 400);
    }
    for (const auto* body : {R"({"jsonrpc":"2.0","id":7,"id":8,"method":"ping"})",
                             R"({"jsonrpc":"2.0","id":7,"method":"ping","method":"tools/call"})"})
        CHECK(std::holds_alternative<mcp::refusal>(mcp::classify(body, {})));
}

TEST_CASE("an unsupported version names what is supported and what was asked for", "[classify]") {
    auto got =
        mcp::classify(modern("tools/list", "", "2099-01-01"), sent("2099-01-01", "tools/list", ""));
    const auto data = json::parse(std::get<mcp::refusal>(got).data).value();
    CHECK(data ==
          json::make({{"supported", json::list({"2026-07-28"})}, {"requested", "2099-01-01"}}));
}

TEST_CASE("a missing envelope is named", "[classify]") {
    auto got = mcp::classify(legacy("ping"), sent(now, "ping", ""));
    const auto data = json::parse(std::get<mcp::refusal>(got).data).value();
    CHECK(*data.at("envelope", "missing") == json::list({"_meta"}));
}

TEST_CASE("the three kinds of message are told apart and ids keep their bytes", "[classify]") {
    const auto one = [](std::string body) {
        return std::get<mcp::classified>(mcp::classify(body, {})).messages.front();
    };
    CHECK(one(R"({"jsonrpc":"2.0","id":"x\"y","method":"ping"})").id == R"("x\"y")");
    CHECK(one(R"({"jsonrpc":"2.0","id":-3,"method":"ping"})").id == "-3");
    CHECK(one(R"({"jsonrpc":"2.0","method":"ping"})").what == mcp::incoming::kind::notification);
    CHECK(one(R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":""}})").what ==
          mcp::incoming::kind::response);
}

// Found by the fuzzer fuzz_json_rpc.
TEST_CASE("a header that is no UTF-8 is refused in valid JSON", "[classify]") {
    for (const auto& headers :
         {sent("\xCE\xCF-07-28", "tools/call", "get_primer"), sent(now, "tools/\xFF", "get_primer"),
          sent(now, "tools/call", "get\xFFprimer")}) {
        const auto read = mcp::classify(call("get_primer"), headers);
        REQUIRE(std::holds_alternative<mcp::refusal>(read));
        CHECK(json::parse(mcp::error_body(std::get<mcp::refusal>(read))).ok());
    }
}

TEST_CASE("a batch keeps its order and has at most 50 messages", "[classify]") {
    std::string body = "[";
    for (int i = 0; i < 50; ++i)
        body += (i ? "," : "") + std::string(R"({"jsonrpc":"2.0","method":"ping","id":)") +
                std::to_string(i) + "}";
    const auto all = std::get<mcp::classified>(mcp::classify(body + "]", {}));
    CHECK(all.batch);
    REQUIRE(all.messages.size() == 50);
    CHECK(all.messages.back().id == "49");
    const auto more = mcp::classify(body + R"(,{"jsonrpc":"2.0","method":"ping","id":50}])", {});
    CHECK(std::get<mcp::refusal>(more).code == -32600);
}

TEST_CASE("on a transport without headers a message speaks for itself", "[classify]") {
    mcp::http_headers none;
    none.absent = true;
    const auto refusal_of = [&](const std::string& body) -> std::string {
        const auto read = mcp::classify(body, none);
        const auto* refused = std::get_if<mcp::refusal>(&read);
        return refused ? refused->message : "";
    };
    const auto era_of = [&](const std::string& body) {
        const auto read = mcp::classify(body, none);
        return std::get<mcp::classified>(read).messages.front().era;
    };
    CHECK(era_of(call("find_records")) == mcp::era::stateless);
    CHECK(era_of(legacy("tools/list")) == mcp::era::session);
    CHECK(refusal_of(modern("ping", "", "2031-01-01")) == "Unsupported protocol version.");
    // What is negotiated says nothing of a message that names its own version.
    none.protocol_version = "2025-06-18";
    CHECK(era_of(call("find_records")) == mcp::era::stateless);
    CHECK(era_of(legacy("tools/list")) == mcp::era::session);
    CHECK(refusal_of("[" + legacy("ping") + "]").find("no batches") != std::string::npos);
    none.protocol_version = "2025-03-26";
    CHECK(refusal_of("[" + legacy("ping") + "]").empty());
}
