#include "mcp/arguments.hpp"
#include "tests/support/catch.hpp"

namespace {

const json::value schema = json::parse(R"({"type":"object","properties":{
    "objectName":{"type":"string","minLength":1,"examples":["person"]},
    "limit":{"type":"integer","minimum":1,"maximum":200,"default":20},
    "data":{"type":"object"},
    "kind":{"type":"string","enum":["a","b"]},
    "filter":{"anyOf":[{"type":"string"},{"type":"object"}],"examples":["city[eq]:Oslo"]},
    "fields":{"anyOf":[{"type":"array","items":{"type":"string"},"maxItems":2},{"type":"string"}]},
    "deep":{"type":"boolean"},
    "parts":{"type":"array","items":{"type":"object","properties":{"field":{"type":"string"}},
        "required":["field"],"additionalProperties":false}},
    "words":{"type":"string","minLength":3,"maxLength":5},
    "sorts":{"type":"array","items":{"type":"object","properties":{
        "by":{"type":"string","enum":["name","date"]},"deep":{"type":"boolean"}},
        "required":["by"],"additionalProperties":false}},
    "sums":{"type":"array","items":{"type":"object","properties":{
        "function":{"type":"string","enum":["count","sum"]},"field":{"type":"string"}},
        "required":["function"],"additionalProperties":false},
        "examples":[[{"function":"sum","field":"amount"}]]}},
    "required":["objectName"],"additionalProperties":false})")
                               .value();

result<json::value> check(std::string_view text) {
    return mcp::check_arguments(json::parse(text).value(), schema);
}

} // namespace

TEST_CASE("arguments that fit pass unchanged", "[arguments]") {
    const auto text =
        R"({"objectName":"person","limit":5,"data":{"a":1},"kind":"b","filter":{"a":1}})";
    const auto got = check(text);
    REQUIRE(got.ok());
    CHECK(json::dump(*got) == text);
}

TEST_CASE("each refusal names the argument and what it should be", "[arguments]") {
    struct row {
        const char* arguments;
        std::vector<const char*> says;
    };
    const std::vector<row> rows{
        {R"({})", {"\"objectName\" is required", R"({"objectName":"person"})"}},
        {R"({"objectName":5})", {"\"objectName\" must be a string, not a number"}},
        {R"({"objectName":""})", {"\"objectName\" must not be empty"}},
        {R"({"objectName":null})", {"\"objectName\" must be a string, not null"}},
        {R"({"objectName":"x","limit":-1})",
         {"\"limit\" must be an integer from 1 to 200", R"({"limit":20})"}},
        {R"({"objectName":"x","limit":201})", {"an integer from 1 to 200"}},
        {R"({"objectName":"x","limit":1.5})", {"an integer from 1 to 200, not a number"}},
        {R"({"objectName":"x","limit":"many"})", {"not a string"}},
        {R"({"objectName":"x","data":[1]})", {"\"data\" must be an object, not an array"}},
        {R"({"objectName":"x","kind":"c"})", {"\"kind\" must be one of [\"a\",\"b\"]"}},
        {R"({"objectName":"x","fields":["a","b","c"]})", {"\"fields\" must have at most 2 items"}},
        {R"({"objectName":"x","fields":["a",2]})", {"\"fields[1]\" must be a string"}},
        {R"({"objectName":"x","filter":3})",
         {"a string or an object, not a number", R"({"filter":"city[eq]:Oslo"})"}},
        {R"({"objectName":"x","limt":3})", {"Unknown argument \"limt\"", "limit"}},
        {R"({"objectName":"x","zzz":3})", {"Unknown argument", "objectName, limit"}},
        {R"({"objectName":"x","parts":[{}]})", {"\"parts[0].field\" is required"}},
        {R"({"objectName":"x","parts":[{"field":"a","x":1}]})",
         {"Unknown argument \"parts[0].x\"", "Did you mean field?"}},
        {R"({"objectName":"x","words":"ab"})", {"\"words\" must have at least 3 characters"}},
        {R"({"objectName":"x","words":"abcdef"})", {"\"words\" must have at most 5 characters"}},
        {R"([1])", {"\"arguments\" must be an object, not an array"}},
    };
    for (const auto& r : rows) {
        INFO(r.arguments);
        const auto got = check(r.arguments);
        REQUIRE_FALSE(got.ok());
        CHECK(got.failure().code == errc::bad_request);
        INFO(got.failure().message);
        for (const auto* part : r.says)
            CHECK(got.failure().message.find(part) != std::string::npos);
    }
}

TEST_CASE("an example shows the whole argument, or there is none", "[arguments]") {
    struct row {
        const char* arguments;
        const char* example;
    };
    for (const auto& r :
         {row{R"({"objectName":"x","sums":[{"function":"total"}]})",
              R"({"sums":[{"function":"sum","field":"amount"}]})"},
          row{R"({"objectName":"x","sums":[{}]})",
              R"({"sums":[{"function":"sum","field":"amount"}]})"},
          row{R"({"objectName":"x","sorts":7})", R"({"sorts":[{"by":"name"}]})"},
          row{R"({"objectName":"x","sorts":[{"by":"size"}]})", R"({"sorts":[{"by":"name"}]})"},
          row{R"({"objectName":"x","deep":3})", R"({"deep":true})"},
          row{R"({"objectName":"x","parts":7})", ""}, row{R"({"objectName":"x","parts":[{}]})", ""},
          row{R"({"objectName":"x","data":3})", ""},
          row{R"({"objectName":"x","words":"ab"})", ""}}) {
        INFO(r.arguments);
        const auto got = check(r.arguments);
        REQUIRE_FALSE(got.ok());
        const auto& message = got.failure().message;
        const auto at = message.find(" Example: ");
        CHECK((at == std::string::npos ? "" : message.substr(at + 10)) == r.example);
        if (at != std::string::npos) {
            auto whole = *json::parse(message.substr(at + 10)).value().if_object();
            whole.set("objectName", "x");
            CHECK(mcp::check_arguments(std::move(whole), schema).ok());
        }
    }
}

TEST_CASE("lengths are counted in characters, not in bytes", "[arguments]") {
    CHECK(check(R"({"objectName":"x","words":"øøøøø"})").ok());
    CHECK_FALSE(check(R"({"objectName":"x","words":"øøøøøø"})").ok());
}

TEST_CASE("values that models write as text become what the schema wants", "[arguments]") {
    const auto got =
        check(R"({"objectName":"x","limit":"7","data":"{\"a\":1}","deep":"true","fields":"a,b"})");
    REQUIRE(got.ok());
    CHECK(json::dump(*got) ==
          R"({"objectName":"x","limit":7,"data":{"a":1},"deep":true,"fields":"a,b"})");
    CHECK(check(R"("{\"objectName\":\"x\"}")").ok());
}

TEST_CASE("an optional argument that is null counts as absent", "[arguments]") {
    const auto got = check(R"({"objectName":"x","limit":null,"filter":null})");
    REQUIRE(got.ok());
    CHECK(json::dump(*got) == R"({"objectName":"x"})");
}

TEST_CASE("an optional argument that says nothing counts as absent, a required one does not",
          "[arguments]") {
    for (const auto* nothing :
         {R"("limit":0)", R"("data":{})", R"("kind":"")", R"("filter":"")", R"("filter":{})",
          R"("fields":[])", R"("fields":"")", R"("parts":[])", R"("words":"")", R"("limit":null)",
          R"("parts":{})", R"("limit":0,"kind":"","fields":[])"}) {
        INFO(nothing);
        const auto got = check(R"({"objectName":"x",)" + std::string(nothing) + "}");
        REQUIRE(got.ok());
        CHECK(json::dump(*got) == R"({"objectName":"x"})");
    }
    // Inside of a list, too.
    const auto inside = check(R"({"objectName":"x","sums":[{"function":"count","field":""}]})");
    REQUIRE(inside.ok());
    CHECK(json::dump(*inside->find("sums")) == R"([{"function":"count"}])");

    for (const auto* something :
         {R"("deep":false)", R"("limit":-1)", R"("words":" ")", R"("parts":[""])",
          R"("data":{"name":""})", R"("parts":[null])"}) {
        INFO(something);
        const auto got = check(R"({"objectName":"x",)" + std::string(something) + "}");
        CHECK((!got || json::dump(*got) != R"({"objectName":"x"})"));
    }
    CHECK_FALSE(check(R"({"objectName":""})").ok());
    CHECK_FALSE(check(R"({"objectName":"x","parts":[{"field":null}]})").ok());
}

TEST_CASE("what a client adds to every call is left out, and nothing else that is unknown",
          "[arguments]") {
    const auto got = check(
        R"({"objectName":"x","toolCallId":"1","sessionId":"2","chatInput":"hello","action":"go"})");
    REQUIRE(got.ok());
    CHECK(json::dump(*got) == R"({"objectName":"x"})");
    for (const auto* other :
         {R"("toolcallid":1)", R"("session":1)", R"("parts":[{"field":"a","action":"b"}])"})
        CHECK_FALSE(check(R"({"objectName":"x",)" + std::string(other) + "}").ok());
    // One that a tool has is the tool's.
    const auto own = json::parse(
        R"({"type":"object","properties":{"action":{"type":"string"}},"additionalProperties":false})");
    CHECK(mcp::check_arguments(json::make({{"action", "go"}}), *own)->text("action") == "go");
}

TEST_CASE("keywords that the checker does not know are no obstacle", "[arguments]") {
    const auto open =
        json::parse(R"({"type":"object","allOf":[{"anyOf":[]}],"properties":{}})").value();
    CHECK(mcp::check_arguments(json::make({{"any", 1}}), open).ok());
}

TEST_CASE("one value stands for a list of it, and a text for an object's one required member",
          "[arguments]") {
    for (const auto& [given, parts] :
         {std::pair{R"("stage")", R"([{"field":"stage"}])"},
          std::pair{R"(["stage",{"field":"city"}])", R"([{"field":"stage"},{"field":"city"}])"},
          std::pair{R"({"field":"stage"})", R"([{"field":"stage"}])"},
          std::pair{R"("stage, city")", R"([{"field":"stage"},{"field":"city"}])"}}) {
        INFO(given);
        const auto got = check(R"({"objectName":"x","parts":)" + std::string(given) + "}");
        REQUIRE(got.ok());
        CHECK(json::dump(*got->find("parts")) == parts);
    }
    CHECK_FALSE(check(R"({"objectName":"x","data":"name"})").ok());
    CHECK_FALSE(check(R"({"objectName":"x","sorts":"size"})").ok());
}
