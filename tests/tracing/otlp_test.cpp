// The JSON that a collector gets, by the names of opentelemetry-proto, and what its answers mean.
#include "tracing/otlp.hpp"

#include "base/json.hpp"
#include "tests/support/catch.hpp"

#include <vector>

namespace {

using namespace std::chrono_literals;
using tracing::otlp::answer;
using fate = answer::fate;

const tracing::place child{
    {"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true}, "00f067aa0ba902b7", true};
const std::chrono::system_clock::time_point noon{1'800'000'000s};

std::string encoded(const tracing::place& where, std::string_view error = {}) {
    const std::vector<tracing::attribute> of{{"gen_ai.tool.name", "find_records"},
                                             {"server.port", std::int64_t{443}}};
    return tracing::otlp::encode(
        {where, tracing::kind::server, "tools/call find_records", noon, noon + 1500us, error, of});
}

} // namespace

TEST_CASE("a span has the names, the hexadecimal ids and the numbers of OTLP's JSON", "[otlp]") {
    CHECK(encoded(child) ==
          R"({"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331",)"
          R"("parentSpanId":"00f067aa0ba902b7","flags":769,"name":"tools/call find_records",)"
          R"("kind":2,"startTimeUnixNano":"1800000000000000000",)"
          R"("endTimeUnixNano":"1800000000001500000","attributes":[)"
          R"({"key":"gen_ai.tool.name","value":{"stringValue":"find_records"}},)"
          R"({"key":"server.port","value":{"intValue":"443"}}]})");
}

TEST_CASE("a span that failed has its kind of error and the status of one", "[otlp]") {
    const auto read = json::parse(encoded(child, "rate_limited"));
    REQUIRE(read.ok());
    CHECK(read->at("status", "code")->as_int() == 2);
    CHECK(json::dump(read->find("attributes")->if_array()->back()) ==
          R"({"key":"error.type","value":{"stringValue":"rate_limited"}})");
}

TEST_CASE("a span that begins its trace names no parent, and whether a parent is remote is told",
          "[otlp]") {
    auto first = child;
    first.parent.clear();
    first.remote = false;
    const auto read = json::parse(encoded(first));
    REQUIRE(read.ok());
    CHECK_FALSE(read->find("parentSpanId"));
    CHECK(read->find("flags")->as_int() == 0x101);
    CHECK(json::parse(encoded(child))->find("flags")->as_int() == 0x301);
}

TEST_CASE("a request is one JSON document with the resource and all of its spans", "[otlp]") {
    const auto body = tracing::otlp::begun({"twenty-mcp", "1.2.3", "some-instance"}) +
                      encoded(child) + "," + encoded(child) + std::string(tracing::otlp::end);
    const auto read = json::parse(body);
    REQUIRE(read.ok());
    const auto& of = read->find("resourceSpans")->if_array()->front();
    CHECK(json::dump(*of.find("resource")) ==
          R"({"attributes":[{"key":"service.name","value":{"stringValue":"twenty-mcp"}},)"
          R"({"key":"service.version","value":{"stringValue":"1.2.3"}},)"
          R"({"key":"service.instance.id","value":{"stringValue":"some-instance"}}]})");
    const auto& scope = of.find("scopeSpans")->if_array()->front();
    CHECK(json::dump(*scope.find("scope")) == R"({"name":"twenty-mcp","version":"1.2.3"})");
    CHECK(scope.find("spans")->if_array()->size() == 2);
}

TEST_CASE("only the four answers that OTLP names are tried again", "[otlp]") {
    for (const int status : {429, 502, 503, 504}) {
        INFO(status);
        const auto how = tracing::otlp::read(status, "", 7s);
        CHECK(how.how == fate::again);
        CHECK(how.pause == 7s);
    }
    for (const int status : {301, 400, 401, 403, 404, 408, 413, 415, 500, 501}) {
        INFO(status);
        CHECK(tracing::otlp::read(status, "", 7s).how == fate::refused);
    }
    CHECK(tracing::otlp::read(200, "{}", {}).how == fate::taken);
    CHECK(tracing::otlp::read(202, "", {}).how == fate::taken);
}

TEST_CASE("an answer of partial success says how many spans were not taken", "[otlp]") {
    const auto rejected = [](std::string_view body) {
        return tracing::otlp::read(200, body, {}).rejected;
    };
    CHECK(rejected(R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}})") == 3);
    CHECK(
        tracing::otlp::read(200, R"({"partialSuccess":{"rejectedSpans":3,"errorMessage":"x"}})", {})
            .why == "x");
    CHECK(rejected(R"({"partialSuccess":{"rejectedSpans":3}})") == 3);
    CHECK(rejected(R"({"partialSuccess":{"rejectedSpans":"-3"}})") == 0);
    CHECK(rejected(R"({"partialSuccess":{"errorMessage":"a warning"}})") == 0);
    for (const auto* body : {"", "{}", "[]", "<html>", R"({"partialSuccess":null})",
                             R"({"partialSuccess":{"rejectedSpans":{}}})"})
        CHECK(rejected(body) == 0);
}
