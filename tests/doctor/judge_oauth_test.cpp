#include "doctor/judge_oauth.hpp"

#include "tests/doctor/support.hpp"

using namespace doctor;
using namespace testing;

namespace {

const std::string form_page =
    R"(<form method="post"><input type="hidden" name="txn" value="a&amp;b&quot;c">)"
    R"(<input type="password" name="api_key"></form>)";

asked page(const std::string& cookie = "__Host-tmcp_b=x; Path=/; HttpOnly; Secure; SameSite=Lax") {
    return answered(200, {{"Content-Type", "text/html"}, {"Set-Cookie", cookie}}, form_page);
}

asked back(const std::string& query) {
    return answered(303, {{"Location", "http://127.0.0.1:33418/callback?" + query}});
}

} // namespace

TEST_CASE("a registration counts with its client id alone", "[judge_oauth]") {
    const auto made = json_answer(201, R"({"client_id":"twc1.x"})");
    CHECK(judge_registration(made).is == state::ok);
    CHECK(client_id_of(made) == "twc1.x");
    CHECK(judge_registration(json_answer(201, "{}")).is == state::failed);
    const auto refused =
        judge_registration(json_answer(400, R"({"error":"invalid_client_metadata"})"));
    CHECK(holds(refused.seen, "invalid_client_metadata"));
}

TEST_CASE("the consent page is known by its form, which is read as a browser would",
          "[judge_oauth]") {
    CHECK(judge_page(page()).is == state::ok);
    CHECK(judge_page(page_answer(200)).is == state::failed);
    const auto form = form_of(page());
    REQUIRE(form);
    REQUIRE(form->hidden.size() == 1);
    CHECK(form->hidden[0] == std::pair<std::string, std::string>("txn", "a&b\"c"));
    CHECK(form->cookie == "__Host-tmcp_b=x");
    CHECK_FALSE(form_of(page_answer(200)));
}

TEST_CASE("a cookie that browsers would drop fails", "[judge_oauth]") {
    CHECK(judge_cookie(page(), true).is == state::ok);
    CHECK(judge_cookie(page("__Host-tmcp_b=x; Path=/; HttpOnly"), true).is == state::failed);
    CHECK(judge_cookie(page("__Host-tmcp_b=x; Path=/crm; Secure"), true).is == state::failed);
    CHECK(judge_cookie(page("__Host-tmcp_b=x; Path=/; Domain=x.example; Secure"), true).is ==
          state::failed);
    CHECK(judge_cookie(page("other=x; Path=/; Secure"), true).is == state::failed);
    CHECK(judge_cookie(page("tmcp_b=x; Path=/; HttpOnly; SameSite=Lax"), false).is == state::ok);
}

TEST_CASE("PKCE holds when both ways around it are refused", "[judge_oauth]") {
    const auto refused = back("error=invalid_request&state=doctor");
    CHECK(judge_pkce(refused, refused).is == state::ok);
    CHECK(judge_pkce(page_answer(400), page_answer(400)).is == state::ok);
    CHECK(judge_pkce(page(), refused).is == state::failed);
    CHECK(judge_pkce(refused, page()).is == state::failed);
    CHECK(judge_pkce(back("code=x"), refused).is == state::failed);
    CHECK(judge_pkce(no_answer(), refused).is == state::failed);
}

TEST_CASE("a code counts with the state and the issuer that belong to it", "[judge_oauth]") {
    const auto good = back("code=twk_secret&state=doctor&iss=https%3A%2F%2Fmcp.example.com");
    const auto found = judge_consent(good, "doctor", origin);
    CHECK(found.is == state::ok);
    CHECK_FALSE(holds(found.seen, "twk_secret"));
    CHECK(way_back_of(good)->code.reveal() == "twk_secret");
    CHECK(judge_consent(back("code=x&state=other"), "doctor", origin).is == state::failed);
    CHECK(judge_consent(back("code=x&state=doctor&iss=https://x.example"), "doctor", origin).is ==
          state::failed);
    CHECK(judge_consent(back("error=access_denied"), "doctor", origin).is == state::failed);
    const auto problem = answered(
        200, {}, R"(<div id="problems"><ul><li><a href="#api_key">Twenty refuses it</a></li>)");
    CHECK(judge_consent(problem, "doctor", origin).seen == "Twenty refuses it");
}

TEST_CASE("tokens count as a pair, and are not in what was seen", "[judge_oauth]") {
    const auto both = json_answer(200, R"({"access_token":"at_x","refresh_token":"rt_x"})");
    CHECK(judge_tokens(both).is == state::ok);
    CHECK_FALSE(holds(judge_tokens(both).seen, "_x"));
    CHECK(tokens_of(both)->refresh.reveal() == "rt_x");
    CHECK(judge_tokens(json_answer(200, R"({"access_token":"at_x"})")).is == state::failed);
    const auto refused = json_answer(400, R"({"error":"invalid_grant"})");
    CHECK(holds(judge_tokens(refused).seen, "invalid_grant"));
    CHECK(judge_token_endpoint(refused).is == state::ok);
    CHECK(judge_token_endpoint(page_answer(400)).is == state::failed);
    CHECK(judge_token_endpoint(both).is == state::failed);
}

TEST_CASE("a revocation counts when the token is refused afterwards", "[judge_oauth]") {
    CHECK(judge_revoke_endpoint(answered(200)).is == state::ok);
    CHECK(judge_revoke_endpoint(page_answer(404)).is == state::failed);
    CHECK(judge_revocation(answered(200), refusal()).is == state::ok);
    CHECK(judge_revocation(answered(200), json_answer(200, "{}")).is == state::failed);
    CHECK(judge_revocation(page_answer(403), refusal()).is == state::failed);
    CHECK(judge_revocation(answered(200), no_answer()).is == state::failed);
}

TEST_CASE("clients with a document of their own are looked at where they are taken",
          "[judge_oauth]") {
    CHECK(judge_client_document(page(), true).is == state::ok);
    CHECK(judge_client_document(page_answer(403), true).is == state::failed);
    CHECK(judge_client_document(no_answer(), false).is == state::skipped);
    CHECK(judge_style(answered(200, {{"Content-Type", "text/css; charset=utf-8"}})).is ==
          state::ok);
    CHECK(judge_style(page_answer(200)).is == state::failed);
}
