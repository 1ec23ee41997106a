#include "base/json.hpp"
#include "oauth/token.hpp"

#include "tests/oauth/support.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using oauth_test::here;

namespace {

// RFC 7636 appendix B
const std::string verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const std::string challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

result<oauth::token_request> read(text::fields form, bool may_refresh = true) {
    oauth::client who;
    who.id = "client";
    who.may_refresh = may_refresh;
    return oauth::read_token_request(form, who, here());
}
errc token_refusal(text::fields form, bool may_refresh = true) {
    const auto outcome = read(std::move(form), may_refresh);
    REQUIRE_FALSE(outcome.ok());
    return outcome.failure().code;
}
text::fields with(text::fields form, const std::string& name, const std::string& value) {
    form.emplace_back(name, value);
    return form;
}
const text::fields code_form{
    {"grant_type", "authorization_code"}, {"code", "twk_x"}, {"code_verifier", verifier}};
const text::fields refresh_form{{"grant_type", "refresh_token"}, {"refresh_token", "twr_x"}};

} // namespace

TEST_CASE("PKCE agrees with the example of RFC 7636 and with nothing near it", "[token]") {
    CHECK(oauth::code_verifier_matches(challenge, verifier));
    CHECK_FALSE(oauth::code_verifier_matches(challenge, verifier + "x"));
    CHECK_FALSE(oauth::code_verifier_matches(verifier, verifier)); // plain
    CHECK(oauth::valid_code_verifier(std::string(43, '~')));
    CHECK(oauth::valid_code_verifier(std::string(128, '.')));
    CHECK_FALSE(oauth::valid_code_verifier(std::string(42, 'a'))); // row 65
    CHECK_FALSE(oauth::valid_code_verifier(std::string(129, 'a')));
    CHECK_FALSE(oauth::valid_code_verifier(std::string(42, 'a') + "+"));
    CHECK(oauth::valid_code_challenge(challenge));
    CHECK_FALSE(oauth::valid_code_challenge(std::string(42, 'a') + "."));
}

TEST_CASE("a code form becomes an exchange for the client that authenticated", "[token]") {
    auto form = with(code_form, "redirect_uri", "https://claude.ai/cb");
    form = with(form, "resource", "https://crm.example.com/mcp/");
    form = with(form, "scope", "twenty:read");
    form = with(form, "client_id", "somebody else");
    const auto request = read(form);
    REQUIRE(request.ok());
    const auto& exchange = std::get<oauth::code_exchange>(*request);
    CHECK(exchange.client_id == "client");
    CHECK(exchange.code.reveal() == "twk_x");
    CHECK(exchange.code_verifier == verifier);
    CHECK(exchange.redirect_uri == "https://claude.ai/cb");
    CHECK(exchange.resource == "https://crm.example.com/mcp");
    CHECK(exchange.scope == oauth::scope_set{true, false, false});
    CHECK(exchange.may_refresh);
    CHECK_FALSE(std::get<oauth::code_exchange>(*read(code_form, false)).may_refresh);
}

TEST_CASE("a refresh form becomes an exchange", "[token]") {
    const auto request = read(refresh_form);
    REQUIRE(request.ok());
    const auto& exchange = std::get<oauth::refresh_exchange>(*request);
    CHECK(exchange.refresh_token.reveal() == "twr_x");
    CHECK_FALSE(exchange.resource);
    CHECK_FALSE(exchange.scope);
}

TEST_CASE("token forms that cannot be served get the code of RFC 6749", "[token]") {
    CHECK(token_refusal({}) == errc::bad_request);
    for (const auto* type : {"password", "client_credentials", "implicit",
                             "urn:ietf:params:oauth:grant-type:jwt-bearer",
                             "urn:ietf:params:oauth:grant-type:device_code"})
        CHECK(token_refusal({{"grant_type", type}}) == errc::unsupported); // row 73
    CHECK(token_refusal({{"grant_type", "authorization_code"}, {"code_verifier", verifier}}) ==
          errc::bad_request);
    CHECK(token_refusal({{"grant_type", "authorization_code"}, {"code", "x"}}) ==
          errc::bad_request); // row 64
    CHECK(token_refusal({{"grant_type", "authorization_code"},
                         {"code", "x"},
                         {"code_verifier", std::string(42, 'a')}}) == errc::bad_request); // row 65
    CHECK(token_refusal(with(code_form, "resource", "https://other.example/")) ==
          errc::invalid_target); // row 71
    auto two = with(code_form, "resource", "https://crm.example.com/mcp");
    CHECK(read(two).ok());
    CHECK(token_refusal(with(two, "resource", "https://other.example/")) == errc::invalid_target);
    CHECK(token_refusal(with(refresh_form, "scope", "a\"b")) == errc::invalid_scope);
    CHECK(token_refusal({{"grant_type", "refresh_token"}}) == errc::bad_request);
    CHECK(token_refusal(refresh_form, false) == errc::not_allowed);
}

TEST_CASE("a token answer has the members of RFC 6749 and no null", "[token]") {
    oauth::token_pair tokens;
    tokens.access_token = secret(std::string("twa_a"));
    tokens.refresh_token = secret(std::string("twr_r"));
    tokens.expires_in = std::chrono::seconds(3600);
    tokens.scope = {true, false, true};
    tokens.resource = "https://crm.example.com/mcp";
    CHECK(oauth::token_json(tokens) ==
          R"({"access_token":"twa_a","token_type":"Bearer","expires_in":3600,)"
          R"("refresh_token":"twr_r","scope":"twenty:read offline_access",)"
          R"("resource":"https://crm.example.com/mcp"})");
    tokens.refresh_token.reset();
    CHECK(oauth::token_json(tokens).find("refresh_token") == std::string::npos);
}

TEST_CASE("row 84: a revocation needs a token and belongs to the client that authenticated",
          "[token]") {
    oauth::client who;
    who.id = "client";
    const auto revocation =
        oauth::read_revocation({{"token", "twr_x"}, {"token_type_hint", "x"}}, who);
    REQUIRE(revocation.ok());
    CHECK(revocation->client_id == "client");
    CHECK(revocation->token.reveal() == "twr_x");
    const auto missing = oauth::read_revocation({}, who);
    REQUIRE_FALSE(missing.ok());
    CHECK(missing.failure().code == errc::bad_request);
}
