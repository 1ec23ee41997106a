#include "tests/mcp/support/talk.hpp"

using namespace mcp_test;

namespace {

mcp::async<mcp::tool_result> progress(mcp::call_slot& slot, json::value, const mcp::call_context&) {
    mcp::report_progress(slot, 1, 3, "one");
    mcp::report_progress(slot, 2, std::nullopt, "");
    co_return text_result("done");
}

mcp::async<mcp::tool_result> logs(mcp::call_slot& slot, json::value, const mcp::call_context& c) {
    for (const auto* level :
         {"debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"})
        mcp::log_to_client(slot, c, level, "test", R"({"a":1})");
    co_return text_result("done");
}

mcp::async<mcp::tool_result> sure(mcp::call_slot& slot, json::value, const mcp::call_context& c) {
    const auto verdict = co_await mcp::confirm(slot, c, "Delete it?");
    co_return text_result(verdict == mcp::verdict::accepted    ? "accepted"
                          : verdict == mcp::verdict::declined  ? "declined"
                          : verdict == mcp::verdict::cancelled ? "cancelled"
                                                               : "impossible");
}

mcp::async<mcp::tool_result> needs(mcp::call_slot& slot, json::value, const mcp::call_context& c) {
    mcp::require_client(slot, c, "sampling/createMessage");
    co_return text_result("able");
}

mcp::async<mcp::tool_result> asks_nothing(mcp::call_slot& slot, json::value,
                                          const mcp::call_context& c) {
    std::vector<mcp::input_request> none;
    auto answers = co_await mcp::ask_client(slot, c, std::move(none));
    co_return text_result(answers ? json::dump(*answers) : "failed");
}

const mcp::catalogue& tools() {
    static const mcp::catalogue own([] {
        mcp::catalogue::contents offered;
        offered.tools = {tool_of("progress", progress), tool_of("logs", logs),
                         tool_of("sure", sure), tool_of("needs", needs),
                         tool_of("asks_nothing", asks_nothing)};
        offered.logging = true;
        return offered;
    }());
    return own;
}

struct client : script {
    heard ears;
    client() {
        context.catalogue = &tools();
        out = &ears;
    }
    // In a session.
    mcp::answer run(const std::string& tool, const std::string& more_params = "{}") {
        auto params = json::parse(more_params).value();
        params.if_object()->set("name", tool);
        return send("tools/call", params);
    }
    mcp::answer run_stateless(const std::string& tool, const std::string& capabilities = "{}",
                              const std::string& params = "{}", const std::string& more = "{}") {
        auto all = envelope(capabilities, params, more);
        all.if_object()->set("name", tool);
        return send("tools/call", all, mcp::era::stateless);
    }
};

} // namespace

TEST_CASE("progress carries the caller's token, and its numbers as the tool gave them",
          "[interaction]") {
    client c;
    c.run("progress", R"({"_meta":{"progressToken":"t"}})");
    REQUIRE(c.ears.notes.size() == 2);
    CHECK(c.ears.notes[0] == R"({"jsonrpc":"2.0","method":"notifications/progress","params":)"
                             R"({"progressToken":"t","progress":1,"total":3,"message":"one"}})");
    CHECK(c.ears.notes[1] == R"({"jsonrpc":"2.0","method":"notifications/progress","params":)"
                             R"({"progressToken":"t","progress":2}})");
    c.run_stateless("progress", "{}", "{}", R"({"progressToken":7})");
    REQUIRE(c.ears.notes.size() == 4);
    CHECK(c.ears.notes[2].find(R"("progressToken":7)") != std::string::npos);
}

TEST_CASE("without a usable token there is no progress, and without a listener neither",
          "[interaction]") {
    client c;
    for (const auto* params :
         {"{}", R"({"_meta":{}})", R"({"_meta":{"progressToken":null}})",
          R"({"_meta":{"progressToken":true}})", R"({"_meta":{"progressToken":{}}})",
          R"({"_meta":{"progressToken":1.5}})", R"({"_meta":5})"}) {
        INFO(params);
        CHECK(said(c.run("progress", params)) == "done");
    }
    CHECK(c.ears.notes.empty());
    c.out = nullptr;
    CHECK(said(c.run("progress", R"({"_meta":{"progressToken":1}})")) == "done");
}

TEST_CASE("a session is logged to from the level that it set, and fully before it set one",
          "[interaction]") {
    struct row {
        const char* level;
        std::size_t heard;
    };
    for (const auto& r :
         {row{"", 8}, row{"debug", 8}, row{"info", 7}, row{"notice", 6}, row{"warning", 5},
          row{"error", 4}, row{"critical", 3}, row{"alert", 2}, row{"emergency", 1}}) {
        INFO(r.level);
        client c;
        c.context.session.log_level = r.level;
        c.run("logs");
        CHECK(c.ears.notes.size() == r.heard);
        CHECK(c.ears.notes.back() ==
              R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":"emergency",)"
              R"("logger":"test","data":{"a":1}}})");
    }
}

TEST_CASE("under 2026-07-28 only a request that names a level is logged to", "[interaction]") {
    client c;
    c.run_stateless("logs");
    c.run_stateless("logs", "{}", "{}", R"({"io.modelcontextprotocol/logLevel":"loud"})");
    c.run_stateless("logs", "{}", "{}", R"({"io.modelcontextprotocol/logLevel":5})");
    CHECK(c.ears.notes.empty());
    c.run_stateless("logs", "{}", "{}", R"({"io.modelcontextprotocol/logLevel":"error"})");
    CHECK(c.ears.notes.size() == 4);
}

TEST_CASE("logging/setLevel takes the eight levels and no other word", "[interaction]") {
    client c;
    for (const auto* level :
         {"debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"})
        CHECK(c.send("logging/setLevel", json::make({{"level", level}})).log_level == level);
    for (const auto* level : {"", "Debug", "warn", "off"})
        CHECK(error_code(c.send("logging/setLevel", json::make({{"level", level}}))) == -32602);
    CHECK(error_code(c.send("logging/setLevel")) == -32602);
}

TEST_CASE("who names no session sets no level, which would be everybody's of the grant",
          "[interaction][plan-130]") {
    client c;
    c.context.in_session = false;
    const auto refused = c.send("logging/setLevel", json::make({{"level", "emergency"}}));
    CHECK(refused.http_status == 400);
    CHECK(error_code(refused) == -32000);
    CHECK_FALSE(refused.log_level);
}

TEST_CASE("a client is asked only what it declared, era by era", "[interaction]") {
    struct row {
        const char* capabilities;
        bool elicit, sample, roots;
    };
    for (const auto& r :
         {row{"{}", false, false, false}, row{R"({"elicitation":{}})", true, false, false},
          row{R"({"elicitation":{"form":{}}})", true, false, false},
          row{R"({"elicitation":{"url":{}}})", false, false, false},
          row{R"({"elicitation":{"form":{},"url":{}}})", true, false, false},
          row{R"({"elicitation":true})", false, false, false},
          row{R"({"elicitation":null})", false, false, false},
          row{R"({"sampling":{}})", false, true, false},
          row{R"({"roots":{"listChanged":true}})", false, false, true},
          row{R"({"sampling":{},"roots":{},"elicitation":{}})", true, true, true}}) {
        INFO(r.capabilities);
        for (const auto speaks : {mcp::era::session, mcp::era::stateless}) {
            client c;
            mcp::incoming m;
            m.era = speaks;
            if (speaks == mcp::era::stateless)
                m.params = envelope(r.capabilities);
            else
                c.context.session.client_capabilities = r.capabilities;
            mcp::call_slot slot;
            slot.request = &m;
            slot.out = &c.ears;
            CHECK(mcp::client_answers(slot, c.context, "elicitation/create") == r.elicit);
            CHECK(mcp::client_answers(slot, c.context, "sampling/createMessage") == r.sample);
            CHECK(mcp::client_answers(slot, c.context, "roots/list") == r.roots);
            CHECK_FALSE(mcp::client_answers(slot, c.context, "something/else"));
        }
    }
}

TEST_CASE("a session whose client takes no stream is never asked", "[interaction]") {
    client c;
    c.context.session.client_capabilities = R"({"elicitation":{}})";
    c.out = nullptr;
    CHECK(said(c.run("sure")) == "impossible");
}

TEST_CASE("a capability that a tool cannot do without is named in each era's own way",
          "[interaction]") {
    client c;
    const auto modern = c.run_stateless("needs");
    CHECK(modern.http_status == 400);
    CHECK(error_code(modern) == -32021);
    const auto body = parsed(modern);
    CHECK(json::dump(*body.at("error", "data")) == R"({"requiredCapabilities":{"sampling":{}}})");
    CHECK(said(c.run_stateless("needs", R"({"sampling":{}})")) == "able");
    const auto old = c.run("needs");
    CHECK(old.http_status == 200);
    CHECK(error_code(old) == -32600);
}

TEST_CASE("an empty set of questions is answered at once in both eras", "[interaction]") {
    client c;
    CHECK(said(c.run("asks_nothing")) == "{}");
    CHECK(said(c.run_stateless("asks_nothing")) == "{}");
}

TEST_CASE("a person's verdict in a session", "[interaction]") {
    struct row {
        const char* answer;
        const char* verdict;
    };
    for (const auto& r : {row{R"({"action":"accept","content":{"confirm":true}})", "accepted"},
                          row{R"({"action":"accept","content":{"confirm":"true"}})", "declined"},
                          row{R"({"action":"accept","content":null})", "declined"},
                          row{R"({"action":"decline","content":{"confirm":true}})", "declined"},
                          row{R"({"action":"cancel"})", "cancelled"}, row{R"("yes")", "declined"},
                          row{"null", "declined"}}) {
        INFO(r.answer);
        client c;
        c.context.session.client_capabilities = R"({"elicitation":{}})";
        int asked = 0;
        c.person = [&](const std::vector<mcp::input_request>& questions) {
            ++asked;
            REQUIRE(questions.size() == 1);
            CHECK(questions[0].method == "elicitation/create");
            CHECK(questions[0].params.text("message") == "Delete it?");
            return json::make({{questions[0].key, json::parse(r.answer).value()}});
        };
        CHECK(said(c.run("sure")) == r.verdict);
        CHECK(asked == 1);
    }
    client c;
    c.context.session.client_capabilities = R"({"elicitation":{}})";
    c.person = [](const auto&) { return error(errc::upstream_timeout, "nobody"); };
    CHECK(said(c.run("sure")) == "impossible");
}

TEST_CASE("under 2026-07-28 a question ends the call, and its answer lets it run again",
          "[interaction]") {
    client c;
    const std::string able = R"({"elicitation":{}})";
    const auto first = parsed(c.run_stateless("sure", able));
    CHECK(first.find("result")->text("resultType") == "input_required");
    CHECK(first.at("result", "inputRequests", "confirm")->text("method") == "elicitation/create");
    CHECK(first.at("result", "_meta", mcp::meta::server_info));
    CHECK_FALSE(first.at("result", "ttlMs")); // nothing to be cached
    const std::string state(first.find("result")->text("requestState"));
    const auto again = [&](const std::string& answer) {
        return c.run_stateless("sure", able,
                               R"({"requestState":")" + state +
                                   R"(","inputResponses":{"confirm":)" + answer + "}}");
    };
    CHECK(said(again(R"({"action":"accept","content":{"confirm":true}})")) == "accepted");
    // Final, not asked again.
    CHECK(said(again(R"({"action":"decline"})")) == "declined");
    CHECK(said(again(R"({"action":"cancel"})")) == "cancelled");
    for (const auto* wrong : {R"("yes")", "null", "[]", "{}", R"({"action":"maybe"})",
                              R"({"action":"accept","content":[]})"}) {
        INFO(wrong);
        const auto body = parsed(again(wrong));
        CHECK(body.find("result")->text("resultType") == "input_required");
        CHECK(body.at("result", "inputRequests", "confirm"));
    }
    CHECK(said(c.run_stateless("sure")) == "impossible"); // not declared this time
}
