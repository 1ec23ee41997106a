#include "doctor/judge_mcp.hpp"

#include "tests/doctor/support.hpp"

using namespace doctor;
using namespace testing;

namespace {

asked event(const std::string& json) {
    return answered(200, {{"Content-Type", "text/event-stream"}},
                    "event: message\nid: 1\ndata: " + json + "\n\n");
}

asked stream(std::optional<std::chrono::milliseconds> after) {
    auto a = event("{}");
    a->body_after = after;
    return a;
}

} // namespace

TEST_CASE("a result is found in JSON and in a stream of one event", "[judge_mcp]") {
    const std::string message = R"({"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"x"}]}})";
    CHECK(judge_tools(json_answer(200, message)).seen == "1 tools");
    CHECK(judge_tools(event(message)).is == state::ok);
    CHECK(
        result_of(answered(200, {{"Content-Type", "text/event-stream"}}, ": hello\n\n")).is_null());
    CHECK(judge_tools(json_answer(200, R"({"result":{"tools":[]}})")).is == state::failed);
    CHECK(judge_tools(page_answer(504)).is == state::failed);
    CHECK(judge_tools(no_answer()).is == state::failed);
}

TEST_CASE("an error of the protocol is told with its message", "[judge_mcp]") {
    const auto refused =
        json_answer(400, R"({"error":{"code":-32020,"message":"Mcp-Method is missing"}})");
    CHECK(holds(judge_discover(refused).seen, "Mcp-Method is missing"));
    CHECK(judge_discover(json_answer(200, R"({"result":{"supportedVersions":[]}})")).is ==
          state::ok);
    CHECK(judge_initialize(refused).is == state::failed);
    const auto made = json_answer(
        200,
        R"({"result":{"serverInfo":{"name":"twenty-mcp","version":"1"},"protocolVersion":"2025-11-25"}})",
        {{"Mcp-Session-Id", "s"}});
    CHECK(judge_initialize(made).seen == "twenty-mcp 1, protocol 2025-11-25");
    CHECK(judge_session_header(made).is == state::ok);
    CHECK(judge_session_header(refused).is == state::failed);
}

TEST_CASE("a tool that could not do its work fails with its words", "[judge_mcp]") {
    CHECK(judge_call(json_answer(200, R"({"result":{"content":[]}})")).is == state::ok);
    const auto failed = judge_call(json_answer(
        200, R"({"result":{"isError":true,"content":[{"text":"Twenty cannot be reached"}]}})"));
    CHECK((failed.is == state::failed && failed.seen == "Twenty cannot be reached"));
}

TEST_CASE("a large message counts when it was read, not when it was refused", "[judge_mcp]") {
    CHECK(judge_large_call(json_answer(200, R"({"result":{}})")).is == state::ok);
    CHECK(judge_large_call(page_answer(413)).is == state::failed);
    CHECK(judge_large_call(json_answer(200, R"({"error":{"code":1}})")).is == state::failed);
}

TEST_CASE("a stream is held back when its first event is late or missing", "[judge_mcp]") {
    using namespace std::chrono_literals;
    CHECK(judge_stream(stream(0ms)).is == state::ok);
    CHECK(judge_buffering(stream(3000ms)).is == state::ok);
    CHECK(judge_buffering(stream(3001ms)).is == state::failed);
    CHECK(judge_buffering(stream({})).is == state::failed);
    CHECK(judge_buffering(no_answer()).is == state::failed);
    CHECK(judge_stream(json_answer(200, "{}")).is == state::failed);
    CHECK(judge_stream(page_answer(504)).is == state::failed);
    auto packed = stream(0ms);
    packed->headers.emplace_back("Content-Encoding", "gzip");
    CHECK(judge_buffering(packed).is == state::failed);
    CHECK(judge_session_end(answered(200)).is == state::ok);
    CHECK(judge_session_end(page_answer(405)).is == state::failed);
}

TEST_CASE("a quiet stream that ends before its keep-alive was cut on the way", "[judge_mcp]") {
    using namespace std::chrono_literals;
    auto left_alone = [](std::chrono::milliseconds after, bool cut, bool complete = false) {
        auto a = stream(0ms);
        a->ended_after = after;
        a->cut = cut;
        a->complete = complete;
        return judge_kept(a, 15s);
    };
    CHECK(left_alone(15'010ms, false).is == state::ok);
    CHECK(left_alone(15'010ms, false).seen == "open after 15 s");
    CHECK(left_alone(10'002ms, true).is == state::failed);
    CHECK(left_alone(10'002ms, true).seen == "it was ended after 10 s");
    CHECK(left_alone(10'002ms, false, true).is == state::failed);
    CHECK(left_alone(2'000ms, false).is == state::ok);
    CHECK(judge_kept(no_answer(), 15s).is == state::failed);
}
