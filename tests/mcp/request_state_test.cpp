#include "mcp/request_state.hpp"

#include "tests/mcp/support/talk.hpp"

#include <ctime>

using namespace mcp_test;

namespace {

json::value answer(std::string_view name) {
    return json::make({{"action", "accept"}, {"content", json::make({{"name", name}})}});
}

// Two rounds, one after the other.
mcp::async<mcp::tool_result> two_rounds(mcp::call_slot& slot, json::value,
                                        const mcp::call_context& c) {
    std::string all;
    for (const std::string key : {"first", "second"}) {
        std::vector<mcp::input_request> questions;
        questions.push_back(mcp::form(key, key, json::make({{"type", "object"}})));
        auto got = co_await mcp::ask_client(slot, c, std::move(questions));
        if (!got) co_return text_result("failed");
        all += std::string(got->at(key, "content")->text("name")) + ";";
    }
    co_return text_result(all);
}

const mcp::catalogue& round_tools() {
    static const mcp::catalogue own([] {
        mcp::catalogue::contents offered;
        offered.tools = {tool_of("two_rounds", two_rounds), tool_of("other", two_rounds)};
        return offered;
    }());
    return own;
}

struct rounds : script {
    rounds() { context.catalogue = &round_tools(); }

    mcp::answer call(const json::value& state, const json::value& responses,
                     const std::string& tool = "two_rounds",
                     const std::string& arguments = R"({"b":{"y":1,"x":2},"a":[1]})") {
        auto params = envelope(R"({"elicitation":{}})");
        auto& members = *params.if_object();
        members.set("name", tool);
        members.set("arguments", json::parse(arguments).value());
        if (!state.is_null()) members.set("requestState", state);
        if (!responses.is_null()) members.set("inputResponses", responses);
        return send("tools/call", params, mcp::era::stateless);
    }
    std::string state_of(const mcp::answer& a) {
        const auto body = parsed(a);
        REQUIRE(body.find("result"));
        CHECK(body.find("result")->text("resultType") == "input_required");
        return std::string(body.find("result")->text("requestState"));
    }
    std::string asked_for(const mcp::answer& a) {
        const auto body = parsed(a);
        const auto* asked = body.at("result", "inputRequests");
        REQUIRE(asked);
        REQUIRE(asked->if_object()->size() == 1);
        return asked->if_object()->begin()->first;
    }
};

} // namespace

TEST_CASE("the answers of earlier rounds travel in the state, sealed", "[request_state]") {
    rounds r;
    const auto first = r.call({}, {});
    CHECK(r.asked_for(first) == "first");
    const auto second = r.call(r.state_of(first), json::make({{"first", answer("ada")}}));
    CHECK(r.asked_for(second) == "second");
    const auto state = r.state_of(second);
    CHECK(text::base64url_decode(state)->find("ada") == std::string::npos);
    CHECK(said(r.call(state, json::make({{"second", answer("bob")}}))) == "ada;bob;");
    // The order of answers does not matter, and strange keys are ignored.
    CHECK(said(r.call(
              {}, json::make({{"second", answer("2")}, {"none", 5}, {"first", answer("1")}}))) ==
          "1;2;");
}

TEST_CASE("answers without number cost no more than reading them", "[request_state]") {
    rounds r;
    const auto state = r.state_of(r.call({}, {}));
    json::object many;
    for (int i = 0; i < 49'000; ++i)
        many.append("k" + std::to_string(i), i);
    many.append("first", answer("ada"));
    const auto cpu = [] { return std::clock() / (CLOCKS_PER_SEC / 1000); }; // milliseconds
    const auto before = cpu();
    CHECK(r.asked_for(r.call(state, std::move(many))) == "second");
    // Each compared with all others took ten seconds, optimised.
    CHECK(cpu() - before < 2000);
}

TEST_CASE("an answer of the wrong shape is asked for again and does not cover an earlier one",
          "[request_state]") {
    rounds r;
    const auto state =
        r.state_of(r.call(r.state_of(r.call({}, {})), json::make({{"first", answer("ada")}})));
    const auto again = r.call(state, json::make({{"second", "a string"}}));
    CHECK(r.asked_for(again) == "second");
    CHECK(said(r.call(r.state_of(again), json::make({{"second", answer("bob")}}))) == "ada;bob;");
}

TEST_CASE("an answer of this round stands in the place of an earlier one", "[request_state]") {
    rounds r;
    const auto state =
        r.state_of(r.call(r.state_of(r.call({}, {})), json::make({{"first", answer("ada")}})));
    CHECK(said(r.call(state, json::make({{"second", answer("bob")}, {"first", answer("eve")}}))) ==
          "eve;bob;");
}

TEST_CASE("a state is good for its own request, person and time only", "[request_state]") {
    rounds r;
    const auto state =
        r.state_of(r.call(r.state_of(r.call({}, {})), json::make({{"first", answer("ada")}})));
    const auto second = json::make({{"second", answer("bob")}});
    SECTION("any byte changed") {
        for (std::size_t i = 0; i < state.size(); i += 7) {
            auto bad = state;
            bad[i] = bad[i] == 'A' ? 'B' : 'A';
            INFO(i);
            CHECK(error_code(r.call(bad, second)) == -32602);
        }
        for (const auto& bad :
             {json::value("x"), json::value(""), json::value(state + "A"), json::value("%%%"),
              json::value(5), json::value(json::object{}), json::value(state.substr(1))})
            CHECK(error_code(r.call(bad, second)) == -32602);
    }
    SECTION("another tool or other arguments") {
        CHECK(error_code(r.call(state, second, "other")) == -32602);
        CHECK(error_code(r.call(state, second, "two_rounds", R"({"a":[2]})")) == -32602);
        CHECK(error_code(r.call(state, second, "two_rounds", "{}")) == -32602);
        CHECK(error_code(r.call(state, second, "two_rounds",
                                R"({"b":{"y":1,"x":2},"a":[1],"c":null})")) == -32602);
    }
    SECTION("the same arguments in another order") {
        CHECK(said(r.call(state, second, "two_rounds", R"({"a":[1],"b":{"x":2,"y":1}})")) ==
              "ada;bob;");
    }
    SECTION("another person") {
        r.context.principal = "grant-of-bob";
        CHECK(error_code(r.call(state, second)) == -32602);
    }
    SECTION("another server's key") {
        const secret other(std::string(32, 'o'));
        r.context.state_key = &other;
        CHECK(error_code(r.call(state, second)) == -32602);
    }
    SECTION("time") {
        r.context.now += mcp::request_state_seconds;
        CHECK(said(r.call(state, second)) == "ada;bob;");
        r.context.now += 1;
        CHECK(error_code(r.call(state, second)) == -32602);
    }
    SECTION("another method") {
        mcp::incoming m;
        m.method = "prompts/get";
        m.params = envelope("{}", R"({"name":"two_rounds","requestState":")" + state + "\"}");
        CHECK_FALSE(mcp::open_answers(m, r.context).ok());
    }
}

TEST_CASE("inputResponses must be an object, absent and null are none", "[request_state]") {
    rounds r;
    CHECK(error_code(r.call({}, json::list({}))) == -32602);
    CHECK(error_code(r.call({}, "x")) == -32602);
    auto params = envelope(R"({"elicitation":{}})");
    for (const auto* name : {"requestState", "inputResponses"})
        params.if_object()->set(name, nullptr);
    params.if_object()->set("name", "two_rounds");
    CHECK(r.asked_for(r.send("tools/call", params, mcp::era::stateless)) == "first");
}
