#include "doctor/judge_answers.hpp"

#include "tests/doctor/support.hpp"

using namespace doctor;
using namespace testing;

TEST_CASE("the server's own refusals are told from a proxy's pages", "[judge_answers]") {
    CHECK(is_ours(*refusal()));
    CHECK(is_ours(*json_answer(421, R"({"error":"misdirected_request"})")));
    CHECK(is_ours(*json_answer(400, R"({"jsonrpc":"2.0","error":{"code":-32600}})")));
    CHECK_FALSE(is_ours(*page_answer(502)));
    CHECK_FALSE(is_ours(*json_answer(404, R"({"message":"no Route matched"})")));
    CHECK_FALSE(is_ours(*json_answer(500, R"({"error":{"code":500}})")));
    CHECK_FALSE(is_ours(*json_answer(200, "no json")));
    CHECK_FALSE(is_ours(*answered(401, {{"WWW-Authenticate", "Basic realm=\"office\""}})));
}

TEST_CASE("an answer of the first call is the matter of one check", "[judge_answers]") {
    CHECK(judge_redirect(answered(308, {{"Location", "https://x.example/mcp"}})).seen ==
          "308 to https://x.example/mcp");
    CHECK(judge_redirect(refusal()).is == state::ok);

    const auto down = judge_proxy(page_answer(502));
    CHECK((down.is == state::failed && down.seen == "status 502, text/html of nginx"));
    CHECK(holds(down.advice, "TWENTY_MCP_LISTEN"));
    CHECK(judge_proxy(page_answer(418)).is == state::failed);
    CHECK(judge_proxy(no_answer()).seen == "no answer in time");
    CHECK(judge_proxy(refusal()).is == state::ok);

    const auto misdirected = json_answer(421, R"({"error":"misdirected_request"})");
    CHECK(judge_proxy(misdirected).is == state::ok);
    CHECK(judge_host(misdirected, "mcp.example.com").is == state::failed);
    CHECK(judge_host(refusal(), "mcp.example.com").is == state::ok);

    CHECK(judge_refusal(refusal()).is == state::ok);
    CHECK(judge_refusal(page_answer(401)).is == state::failed);
    CHECK(judge_refusal(json_answer(200, R"({"jsonrpc":"2.0"})")).is == state::failed);
}

TEST_CASE("a challenge leads to the address that was used, and to no other that begins alike",
          "[judge_answers]") {
    CHECK(judge_challenge(refusal(), origin).is == state::ok);
    CHECK(judge_challenge(refusal(), "https://mcp.example.co").is == state::failed);
    const auto other = judge_challenge(refusal(), "https://crm.example.com");
    CHECK((holds(other.seen, origin) && holds(other.seen, "https://crm.example.com")));
    CHECK(judge_challenge(json_answer(401, "{}"), origin).seen == "401 without WWW-Authenticate");
    CHECK(judge_challenge(answered(401, {{"WWW-Authenticate", "Bearer"}}), origin).is ==
          state::failed);
}

TEST_CASE("a token that does not arrive is told from one that is wrong", "[judge_answers]") {
    CHECK(judge_authorization(refusal(", error=\"invalid_token\"")).is == state::ok);
    CHECK(judge_authorization(refusal()).seen == "a token was sent, and the server saw none");
    CHECK(judge_authorization(page_answer(403)).is == state::failed);
}

TEST_CASE("a method or a size that a proxy refuses is named with its answer", "[judge_answers]") {
    CHECK(judge_head(refusal()).is == state::ok);
    CHECK(judge_head(page_answer(405)).is == state::failed);
    CHECK(judge_methods(refusal(), refusal()).is == state::ok);
    CHECK(holds(judge_methods(refusal(), page_answer(405)).seen, "DELETE: status 405"));
    CHECK(holds(judge_methods(no_answer(), refusal()).seen, "GET: no answer"));
    CHECK(judge_large_header(refusal()).is == state::ok);
    CHECK(holds(judge_large_header(page_answer(431)).seen, "431"));
    CHECK(judge_large_body(refusal()).is == state::ok);
    CHECK(holds(judge_large_body(page_answer(413)).seen, "413"));
}

TEST_CASE("a preflight allows the web origin, and Authorization", "[judge_answers]") {
    const auto allowed = [](const std::string& by, const std::string& headers) {
        return answered(
            204, {{"Access-Control-Allow-Origin", by}, {"Access-Control-Allow-Headers", headers}});
    };
    const std::string web = "https://claude.ai";
    CHECK(judge_preflight(allowed(web, "Authorization, Accept"), web).is == state::ok);
    CHECK(judge_preflight(allowed("https://x.example", "Authorization"), web).is == state::failed);
    CHECK(judge_preflight(allowed("*", "*"), web).is == state::failed); // no wildcard covers it
    CHECK(judge_preflight(answered(204), web).is == state::failed);
    CHECK(judge_preflight(page_answer(405), web).is == state::failed);
}

TEST_CASE("readiness is what the server says of itself, and nothing a proxy says",
          "[judge_answers]") {
    CHECK(judge_ready(json_answer(200, R"({"ready":true})")).is == state::ok);
    CHECK(judge_ready(json_answer(503, R"({"ready":false})")).is == state::failed);
    CHECK(judge_ready(page_answer(404)).is == state::skipped);
    CHECK(judge_keep_alive(refusal(), 0).is == state::ok);
    CHECK(judge_keep_alive(refusal(), 1).is == state::warning);
}
