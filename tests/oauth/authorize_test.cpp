#include "base/crypto.hpp"
#include "oauth/authorize.hpp"
#include "oauth/sealed_request.hpp"

#include "tests/oauth/support.hpp"
#include "tests/support/catch.hpp"

#include <map>
#include <string>
#include <vector>

using oauth_test::here;
using oauth_test::now;

namespace {

using namespace std::chrono_literals;
const std::string trusted = "https://claude.ai/cb";
const std::string some_challenge(43, 'c');

oauth::client client_with(std::vector<std::string> uris) {
    oauth::client out;
    out.id = "twc1.test";
    out.name = "Test";
    out.redirect_uris = std::move(uris);
    return out;
}

// A good query; `changes` replaces parameters, "-" removes one. `extra` is appended raw.
std::string query(const std::map<std::string, std::string>& changes = {},
                  const std::string& extra = {}) {
    std::map<std::string, std::string> parameters{{"client_id", "twc1.test"},
                                                  {"redirect_uri", trusted},
                                                  {"response_type", "code"},
                                                  {"code_challenge", some_challenge},
                                                  {"code_challenge_method", "S256"},
                                                  {"state", "xyz"},
                                                  {"resource", "https://crm.example.com/mcp"}};
    for (const auto& [name, value] : changes)
        parameters[name] = value;
    std::string out;
    for (const auto& [name, value] : parameters)
        if (value != "-")
            out += (out.empty() ? "" : "&") + name + '=' + text::percent_encode(value);
    return out + extra;
}

oauth::authorize_outcome outcome(const std::string& raw,
                                 const std::vector<std::string>& uris = {trusted}) {
    auto read = oauth::read_authorize_query(raw);
    if (!read) return read.failure();
    return oauth::check_authorize(*read, client_with(uris), here());
}
bool local(const oauth::authorize_outcome& o) { return std::holds_alternative<error>(o); }
oauth::authorization_request accepted(const oauth::authorize_outcome& o) {
    REQUIRE(std::holds_alternative<oauth::authorization_request>(o));
    return std::get<oauth::authorization_request>(o);
}
oauth::client_error client_fault(const oauth::authorize_outcome& o) {
    REQUIRE(std::holds_alternative<oauth::client_error>(o));
    return std::get<oauth::client_error>(o);
}
// Decoded parameters of a URL's query; a repeated one is joined with '|'.
std::map<std::string, std::string> parameters(const std::string& url) {
    std::map<std::string, std::string> out;
    const auto form = text::parse_form(url.substr(url.find('?') + 1));
    REQUIRE(form.ok());
    for (const auto& [name, value] : *form)
        out[name] = out.contains(name) ? out[name] + '|' + value : value;
    return out;
}

} // namespace

TEST_CASE("a good request is accepted as it was sent", "[authorize]") {
    const auto request = accepted(outcome(
        query({{"scope", "twenty:read offline_access"}}, "&prompt=consent&access_type=offline")));
    CHECK(request.client_id == "twc1.test");
    CHECK(request.client_name == "Test");
    CHECK(request.redirect_uri == trusted);
    CHECK(request.scope == oauth::scope_set{true, false, true});
    CHECK(request.state == "xyz");
    CHECK(request.code_challenge == some_challenge);
    CHECK(request.resource == "https://crm.example.com/mcp");
}

TEST_CASE("faults before the redirect URI is known to be good stay on a local page",
          "[authorize]") {
    const std::vector<std::string> table{
        query({{"client_id", "-"}}),                    // row 11
        query({{"client_id", ""}}),                     // empty is absent
        query({{"redirect_uri", "https://evil.com/"}}), // row 14
        query({{"redirect_uri", "https://claude.ai/cb/"}}),
        query({}, "&client_id=other"),                   // row 25
        query({}, "&redirect_uri=https://claude.ai/cb"), // row 25
        query({}, "&x=%zz"),
        query({}, "&x=%00"),
        query({}, "&x=%ff"),
        query({{"state", std::string(9000, 's')}}), // over 8 KiB
    };
    for (const auto& raw : table) {
        INFO(raw.substr(0, 200));
        CHECK(local(outcome(raw)));
    }
    // row 15
    CHECK(local(outcome(query({{"redirect_uri", "-"}}), {trusted, "https://b.example/"})));
    CHECK(accepted(outcome(query({{"redirect_uri", "-"}}))).redirect_uri == trusted);
}

TEST_CASE("every later fault goes back to the client with its code, state and issuer",
          "[authorize]") {
    struct row {
        std::string raw, code;
    };
    const std::vector<row> table{
        // row 22
        {query({{"response_type", "-"}}), "invalid_request"},
        {query({{"response_type", "token"}}), "unsupported_response_type"},
        {query({{"response_type", "code token"}}), "unsupported_response_type"},
        // row 23
        {query({}, "&response_mode=fragment"), "invalid_request"},
        {query({}, "&response_mode=form_post"), "invalid_request"},
        // row 24
        {query({{"code_challenge", "-"}}), "invalid_request"},
        {query({{"code_challenge_method", "-"}}), "invalid_request"},
        {query({{"code_challenge_method", "plain"}}), "invalid_request"},
        {query({{"code_challenge_method", "S512"}}), "invalid_request"},
        {query({{"code_challenge", std::string(42, 'c')}}), "invalid_request"},
        {query({{"code_challenge", std::string(44, 'c')}}), "invalid_request"},
        {query({{"code_challenge", std::string(129, 'c')}}), "invalid_request"},
        {query({{"code_challenge", std::string(42, 'c') + "="}}), "invalid_request"},
        {query({{"code_challenge", std::string(42, 'c') + "+"}}), "invalid_request"},
        // row 25
        {query({}, "&scope=a&scope=b"), "invalid_request"},
        {query({}, "&response_type=code"), "invalid_request"},
        // row 26
        {query({{"resource", "https://other.example/mcp"}}), "invalid_target"},
        {query({{"resource", "https://crm.example.com/mcp#x"}}), "invalid_target"},
        {query({{"resource", "/mcp"}}), "invalid_target"},
        {query({}, "&resource=https://other.example/mcp"), "invalid_target"},
        // row 27
        {query({{"scope", "twenty:read\""}}), "invalid_scope"},
        {query({{"scope", "a\\b"}}), "invalid_scope"},
    };
    for (const auto& [raw, code] : table) {
        INFO(raw);
        const auto fault = client_fault(outcome(raw));
        CHECK(fault.code == code);
        CHECK(fault.how == oauth::delivery::redirect);
        CHECK(fault.url.starts_with(trusted + "?"));
        const auto sent = parameters(fault.url);
        CHECK(sent.at("error") == code);
        CHECK(sent.at("state") == "xyz");
        CHECK(sent.at("iss") == "https://crm.example.com"); // row 30: exactly once
        CHECK_FALSE(sent.contains("code"));
    }
}

TEST_CASE("rows 25 and 28: a state that cannot be trusted is not sent back", "[authorize]") {
    for (const auto& raw :
         {query({}, "&state=other"), query({{"state", "line\nfeed"}}),
          query({{"state", "caf\xC3\xA9"}}), query({{"state", std::string(4097, 's')}}),
          query({{"state", "unit\x1F"}}), query({{"state", "delete\x7F"}})}) {
        const auto fault = client_fault(outcome(raw));
        CHECK(fault.code == "invalid_request");
        CHECK_FALSE(parameters(fault.url).contains("state"));
    }
}

TEST_CASE("row 28: a state of 4096 odd characters returns byte for byte", "[authorize]") {
    std::string state;
    while (state.size() < 4096)
        for (char c = 0x20; c < 0x7F && state.size() < 4096; ++c)
            state += c;
    const auto request = accepted(outcome(query({{"state", state}})));
    const auto url = oauth::success_url(here(), request, secret(std::string("twk_abc")));
    const auto sent = parameters(url);
    CHECK(sent.at("state") == state);
    CHECK(sent.at("code") == "twk_abc");
    CHECK(sent.at("iss") == "https://crm.example.com");
    for (const char c : url)
        CHECK((c > 0x20 && c < 0x7F));
}

TEST_CASE("rows 26 and 27: spellings that real clients use are accepted", "[authorize]") {
    for (const auto* resource :
         {"https://crm.example.com/mcp/", "https://CRM.example.com/mcp",
          "https://crm.example.com:443/mcp", "https://crm.example.com", "-"}) {
        CHECK(accepted(outcome(query({{"resource", resource}}))).resource ==
              "https://crm.example.com/mcp");
    }
    CHECK(accepted(outcome(query({}, "&resource=https://crm.example.com/mcp"))).state == "xyz");
    for (const auto* scope : {" offline_access", "claudeai", "openid email profile",
                              "twenty:read  twenty:write", "-"}) {
        INFO(scope);
        const auto request = accepted(outcome(query({{"scope", scope}})));
        CHECK(request.scope.read);
        CHECK(request.scope.write);
    }
}

TEST_CASE("row 29: an unknown host gets a link, never an automatic redirect",
          "[authorize][plan-29]") {
    const std::string other = "https://unknown.example/cb";
    const auto fault = client_fault(
        outcome(query({{"redirect_uri", other}, {"response_type", "token"}}), {other}));
    CHECK(fault.how == oauth::delivery::link);
    CHECK(fault.host == "unknown.example");
    const auto request = accepted(outcome(query({{"redirect_uri", other}}), {other}));
    const auto denied = oauth::access_denied(here(), request);
    CHECK(denied.how == oauth::delivery::link);
    CHECK(parameters(denied.url).at("error") == "access_denied");
}

TEST_CASE("a redirect URI keeps its own query", "[authorize]") {
    for (const auto& [uri, start] : std::vector<std::pair<std::string, std::string>>{
             {"https://a.example/cb?x=1", "https://a.example/cb?x=1&code="},
             {"https://a.example/cb?x=1&", "https://a.example/cb?x=1&code="},
             {"https://a.example/cb?", "https://a.example/cb?code="},
             {"https://a.example/cb", "https://a.example/cb?code="},
             {"cursor://a/cb", "cursor://a/cb?code="}}) {
        const auto request = accepted(outcome(query({{"redirect_uri", uri}}), {uri}));
        CHECK(oauth::success_url(here(), request, secret(std::string("k"))).starts_with(start));
    }
}

TEST_CASE("a sealed request opens once more exactly as it was, in the same browser",
          "[authorize]") {
    REQUIRE(crypto::start());
    const auto key = oauth::request_key(secret(std::string(32, 's')));
    auto request = accepted(outcome(query({{"scope", "twenty:read"}})));
    request.client_name = "N\u00e4me \"<>&";
    const auto sealed = oauth::seal_request(request, key, "cookie", now + 15min);
    const auto opened = oauth::open_request(sealed, {key}, "cookie", now);
    REQUIRE(opened.ok());
    CHECK(opened->request.client_id == request.client_id);
    CHECK(opened->request.client_name == request.client_name);
    CHECK(opened->request.redirect_uri == request.redirect_uri);
    CHECK(opened->request.scope == request.scope);
    CHECK(opened->request.state == request.state);
    CHECK(opened->request.code_challenge == request.code_challenge);
    CHECK(opened->request.resource == request.resource);
    CHECK(opened->expires_at == now + 15min);
    CHECK(opened->id.size() == 22);
    const auto again = oauth::open_request(oauth::seal_request(request, key, "cookie", now + 15min),
                                           {key}, "cookie", now);
    REQUIRE(again.ok());
    CHECK(again->id != opened->id);

    request.state.reset();
    const auto stateless = oauth::open_request(
        oauth::seal_request(request, key, "cookie", now + 1s), {key}, "cookie", now);
    REQUIRE(stateless.ok());
    CHECK_FALSE(stateless->request.state);
}

TEST_CASE("rows 34 to 36: another browser, an expired or an altered request is refused",
          "[authorize][plan-36]") {
    REQUIRE(crypto::start());
    const secret server(std::string(32, 's'));
    const auto key = oauth::request_key(server);
    const auto sealed = oauth::seal_request(accepted(outcome(query())), key, "cookie", now + 15min);
    const auto code_of = [&](const std::string& text, const std::string& cookie,
                             oauth::time_point when) {
        const auto opened = oauth::open_request(text, {key}, cookie, when);
        return opened ? errc::internal : opened.failure().code;
    };
    CHECK(code_of(sealed, "other", now) == errc::not_allowed);
    CHECK(code_of(sealed, "", now) == errc::not_allowed);
    CHECK(code_of(sealed, "cookie", now + 15min - 1s) == errc::internal);
    CHECK(code_of(sealed, "cookie", now + 15min) == errc::bad_request);
    CHECK(code_of(sealed, "cookie", now + 16min) == errc::bad_request);
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto altered = sealed;
        altered[i] = altered[i] == 'A' ? 'B' : 'A';
        CHECK(code_of(altered, "cookie", now) == errc::bad_request);
    }
    for (const auto* junk : {"", "A", "not base64!", "AAAA"})
        CHECK(code_of(junk, "cookie", now) == errc::bad_request);

    // Key rotation: the older key still opens, a foreign one does not.
    const auto newer = oauth::request_key(secret(std::string(32, 'n')));
    CHECK(oauth::open_request(sealed, {newer, key}, "cookie", now).ok());
    CHECK_FALSE(oauth::open_request(sealed, {newer}, "cookie", now).ok());
    CHECK_FALSE(oauth::open_request(sealed, {server}, "cookie", now).ok());
}
