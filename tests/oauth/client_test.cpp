#include "base/crypto.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "oauth/client.hpp"
#include "oauth/client_authentication.hpp"

#include "tests/oauth/support.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using oauth_test::key;
using oauth_test::now;

namespace {

using namespace std::chrono_literals;

oauth::answer post(const std::string& body) {
    return oauth::register_client("application/json", body, key(), now);
}
json::value registered(const std::string& body) {
    const auto answer = post(body);
    INFO(answer.body);
    REQUIRE(answer.status == 201);
    auto document = json::parse(answer.body);
    REQUIRE(document.ok());
    return *std::move(document);
}
oauth::client client_of(const json::value& document) {
    auto found = oauth::find_client(document.text("client_id"), key());
    REQUIRE(found.ok());
    return *std::move(found);
}
std::string basic(const std::string& id, const std::string& password) {
    return "Basic " + text::base64_encode(text::percent_encode(id) + ':' + password);
}
// As the token endpoint does it.
result<oauth::client> identify_client(const text::fields& form, const std::string& authorization) {
    TRY(credentials, oauth::read_credentials(form, authorization));
    TRY(known, oauth::find_client(credentials.client_id, key()));
    CHECK_OK(oauth::authenticate(known, credentials, key()));
    return known;
}
errc refusal(const result<oauth::client>& outcome) {
    REQUIRE_FALSE(outcome.ok());
    return outcome.failure().code;
}

const std::string cb = R"("redirect_uris":["https://claude.ai/api/mcp/auth_callback"])";

} // namespace

TEST_CASE("a registration comes back whole inside its signed client id", "[client]") {
    const auto document =
        registered("{" + cb +
                   R"(,"client_name":"Claude","token_endpoint_auth_method":"none",)"
                   R"("grant_types":["authorization_code","refresh_token"],)"
                   R"("scope":"claudeai twenty:read","application_type":"web","unknown":[1]})");
    CHECK(document.text("client_name") == "Claude");
    CHECK(document.text("token_endpoint_auth_method") == "none");
    CHECK(document.text("scope") == "twenty:read");
    CHECK(document.text("application_type") == "web");
    CHECK(document.find("client_id_issued_at")->as_int() == 1'800'000'000);
    CHECK_FALSE(document.find("client_secret"));
    CHECK_FALSE(document.find("client_secret_expires_at"));
    CHECK_FALSE(document.find("registration_client_uri"));

    const auto known = client_of(document);
    CHECK(known.id == document.text("client_id"));
    CHECK(known.name == "Claude");
    CHECK(known.authentication == oauth::auth_method::none);
    CHECK(known.may_refresh);
    CHECK(known.redirect_uris ==
          std::vector<std::string>{"https://claude.ai/api/mcp/auth_callback"});
    CHECK(known.id.size() < 255);
}

TEST_CASE("two registrations of the same metadata are two clients", "[client]") {
    CHECK(registered("{" + cb + "}").text("client_id") !=
          registered("{" + cb + "}").text("client_id"));
}

TEST_CASE("a client that names no method gets a secret that never expires", "[client]") {
    const auto document = registered("{" + cb + "}");
    CHECK(document.text("token_endpoint_auth_method") == "client_secret_basic");
    CHECK(document.text("client_secret").size() == 43);
    CHECK(document.find("client_secret_expires_at")->as_int() == 0);
    CHECK(client_of(document).may_refresh);
}

TEST_CASE("rows 87 and 88: the mixed redirect URIs of Cursor and VS Code register at once",
          "[client]") {
    CHECK(client_of(registered(R"({"token_endpoint_auth_method":"none","redirect_uris":[
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "https://www.cursor.com/agents/mcp/oauth/callback",
        "http://localhost:8787/callback"]})"))
              .redirect_uris.size() == 3);
    CHECK(client_of(registered(R"({"token_endpoint_auth_method":"none","redirect_uris":[
        "https://vscode.dev/redirect","https://insiders.vscode.dev/redirect",
        "http://127.0.0.1/","http://127.0.0.1:33418/"]})"))
              .redirect_uris.size() == 4);
}

TEST_CASE("row 86: malformed registrations are refused with the code of RFC 7591", "[client]") {
    std::string eleven = R"({"redirect_uris":[)";
    for (int i = 0; i < 11; ++i)
        eleven += (i ? ",\"" : "\"") + std::string("https://a.example/\"");
    eleven += "]}";
    const std::string many_long = [] {
        std::string out = R"({"redirect_uris":[)";
        for (int i = 0; i < 10; ++i)
            out += (i ? ",\"https://a.example/" : "\"https://a.example/") + std::string(480, 'a') +
                   "\"";
        return out + "]}";
    }();
    struct row {
        std::string body, code;
    };
    const std::vector<row> table{
        {"", "invalid_request"},
        {"{", "invalid_request"},
        {"{\"a\":1,\"a\":2," + cb + "}", "invalid_request"}, // duplicate keys
        {"{" + cb + ",\"x\":" + std::string(50, '[') + std::string(50, ']') + "}",
         "invalid_request"}, // depth 50
        {"[]", "invalid_client_metadata"},
        {"null", "invalid_client_metadata"},
        {"\"text\"", "invalid_client_metadata"},
        {"{}", "invalid_redirect_uri"},
        {R"({"redirect_uris":[]})", "invalid_redirect_uri"},
        {R"({"redirect_uris":null})", "invalid_redirect_uri"},
        {R"({"redirect_uris":"https://a.example/"})", "invalid_redirect_uri"},
        {R"({"redirect_uris":[1]})", "invalid_redirect_uri"},
        {eleven, "invalid_redirect_uri"},
        {many_long, "invalid_redirect_uri"},
        {R"j({"redirect_uris":["https://a.example/","javascript:alert(1)"]})j",
         "invalid_redirect_uri"},
        {"{" + cb + R"(,"token_endpoint_auth_method":"private_key_jwt"})", // row 89
         "invalid_client_metadata"},
        {"{" + cb + R"(,"token_endpoint_auth_method":7})", "invalid_client_metadata"},
        {"{" + cb + R"(,"grant_types":["implicit"]})", "invalid_client_metadata"},
        {"{" + cb + R"(,"grant_types":"authorization_code"})", "invalid_client_metadata"},
        {"{" + cb + R"(,"grant_types":[]})", "invalid_client_metadata"},
        {"{" + cb + R"(,"response_types":["token"]})", "invalid_client_metadata"},
        {"{" + cb + R"(,"client_name":5})", "invalid_client_metadata"},
        {"{" + cb + R"(,"logo_uri":"javascript:x"})", "invalid_client_metadata"},
        {"{" + cb + R"(,"client_uri":{}})", "invalid_client_metadata"},
        {"{" + cb + R"(,"scope":["a"]})", "invalid_client_metadata"},
        {"{" + cb + R"(,"application_type":"other"})", "invalid_client_metadata"},
    };
    for (const auto& [body, code] : table) {
        INFO(body.substr(0, 200));
        const auto answer = post(body);
        CHECK(answer.status == 400);
        CHECK(answer.body.find("\"error\":\"" + code + "\"") != std::string::npos);
    }
    CHECK(post(std::string(17 * 1024, ' ')).status == 413);
    CHECK(oauth::register_client("text/plain", "{" + cb + "}", key(), now).status == 400);
    CHECK(oauth::register_client("application/json; charset=utf-8", "{" + cb + "}", key(), now)
              .status == 201);
}

TEST_CASE("row 89: an unknown method is replaced when the client offers one that is known",
          "[client]") {
    const auto document =
        registered("{" + cb +
                   R"(,"token_endpoint_auth_method":"private_key_jwt",)"
                   R"("token_endpoint_auth_methods_supported":["private_key_jwt","none"]})");
    CHECK(document.text("token_endpoint_auth_method") == "none");
}

TEST_CASE("every method has its own place, name and letter, and registers under its name",
          "[client]") {
    std::string names;
    std::string letters;
    for (const auto& row : oauth::auth_methods()) {
        CHECK(oauth::to_string(row.method) == row.name);
        CHECK(names.find(row.name) == std::string::npos);
        CHECK(letters.find(row.letter) == std::string::npos);
        names += std::string(row.name) + " ";
        letters += row.letter;
        const auto document = registered("{" + cb + R"(,"token_endpoint_auth_method":")" +
                                         std::string(row.name) + "\"}");
        CHECK(client_of(document).authentication == row.method);
    }
    CHECK(letters.size() == 3);
}

TEST_CASE("what makes a registration too long is what is named", "[client]") {
    std::string uris = R"("redirect_uris":[)";
    for (int i = 0; i < 3; ++i)
        uris +=
            (i ? ",\"https://a.example/" : "\"https://a.example/") + std::string(400, 'a') + "\"";
    uris += "]";
    CHECK(post("{" + uris + "}").status == 201);
    std::string name;
    for (int i = 0; i < 128; ++i)
        name += "\U0001F600";
    const auto answer = post("{" + uris + ",\"client_name\":\"" + name + "\"}");
    CHECK(answer.status == 400);
    CHECK(answer.body.find("invalid_client_metadata") != std::string::npos);
    CHECK(answer.body.find("client_name") != std::string::npos);
}

TEST_CASE("null members and extra grant types are tolerated", "[client]") {
    const auto document =
        registered("{" + cb +
                   R"(,"client_name":null,"logo_uri":null,"scope":null,"token_endpoint_auth_)"
                   R"(method":"none","grant_types":["authorization_code","urn:x:jwt-bearer"]})");
    CHECK_FALSE(client_of(document).may_refresh);
    CHECK(json::dump(*document.find("grant_types")) == R"(["authorization_code"])");
}

TEST_CASE("row 40: a client's name reaches people without hidden characters and not too long",
          "[client][plan-40]") {
    CHECK(oauth::clean_client_name("  Good\u202E App\n ") == "Good App");
    CHECK(oauth::clean_client_name("\u200B").empty());
    CHECK(oauth::clean_client_name("bad \xFF").empty());
    const auto cut = oauth::clean_client_name(std::string(10'000, 'x'));
    CHECK(text::code_points(cut) == 128);
    CHECK(cut.ends_with("\u2026"));
    std::string wide;
    for (int i = 0; i < 200; ++i)
        wide += "\u00e4";
    const auto cut_wide = oauth::clean_client_name(wide);
    CHECK(text::valid_utf8(cut_wide));
    CHECK(text::code_points(cut_wide) == 128);
    CHECK(oauth::clean_client_name(std::string(128, 'y')) == std::string(128, 'y'));
}

TEST_CASE("row 13: a client id with any altered character is unknown", "[client][plan-13]") {
    const auto id = std::string(registered("{" + cb + "}").text("client_id"));
    REQUIRE(oauth::find_client(id, key()).ok());
    for (std::size_t i = 0; i < id.size(); ++i) {
        for (const char other : {'A', 'z', '0', '-', '.', '=', ' ', '\0'}) {
            auto altered = id;
            if (altered[i] == other) continue;
            altered[i] = other;
            CHECK_FALSE(oauth::find_client(altered, key()).ok());
        }
    }
    CHECK(refusal(oauth::find_client(id + "A", key())) == errc::invalid_client);
    CHECK(refusal(oauth::find_client(id.substr(0, id.size() - 1), key())) == errc::invalid_client);
    CHECK(refusal(oauth::find_client("", key())) == errc::invalid_client);
    CHECK(refusal(oauth::find_client("twc1.", key())) == errc::invalid_client);
    CHECK(refusal(oauth::find_client("twc1..", key())) == errc::invalid_client);
    const auto other = oauth::client_key(secret(std::string(32, 'o')));
    CHECK(refusal(oauth::find_client(id, other)) == errc::invalid_client);
}

TEST_CASE("rows 54 to 57: /token takes one form and each parameter once", "[client]") {
    const std::string form = "application/x-www-form-urlencoded";
    CHECK(oauth::read_form(form, "a=1&b=2").ok());
    CHECK(oauth::read_form("Application/X-WWW-Form-Urlencoded ; charset=UTF-8", "a=1").ok());
    CHECK_FALSE(oauth::read_form("application/json", "{}").ok());
    CHECK_FALSE(
        oauth::read_form("application/json, application/x-www-form-urlencoded", "a=1").ok());
    CHECK_FALSE(oauth::read_form("", "a=1").ok());
    CHECK_FALSE(oauth::read_form(form, "code=1&code=1").ok());
    CHECK_FALSE(oauth::read_form(form, "code=1&code=").ok());
    CHECK(oauth::read_form(form, "resource=a&resource=b").ok());
    CHECK_FALSE(oauth::read_form(form, "a=%zz").ok());
    CHECK_FALSE(oauth::read_form(form, "a=%00").ok());
    CHECK_FALSE(oauth::read_form(form, "a=%ff").ok());
    CHECK_FALSE(text::find(*oauth::read_form(form, "a=&b=1"), "a"));
}

TEST_CASE("rows 58 to 62: a client authenticates only in the way that it registered", "[client]") {
    const auto make = [](const std::string& method) {
        return registered("{" + cb + R"(,"token_endpoint_auth_method":")" + method + "\"}");
    };
    const auto open = make("none"), with_basic = make("client_secret_basic"),
               with_post = make("client_secret_post");
    const auto id = [](const json::value& d) { return std::string(d.text("client_id")); };
    const auto password = [](const json::value& d) { return std::string(d.text("client_secret")); };
    const auto identify = [](text::fields form, const std::string& authorization = {}) {
        return identify_client(form, authorization);
    };

    CHECK(identify({{"client_id", id(open)}}).ok());
    CHECK(identify({}, basic(id(with_basic), password(with_basic))).ok());
    CHECK(identify({{"client_id", id(with_basic)}}, basic(id(with_basic), password(with_basic)))
              .ok());
    CHECK(identify({{"client_id", id(with_post)}, {"client_secret", password(with_post)}}).ok());
    auto lower = basic(id(with_basic), password(with_basic));
    lower.replace(0, 5, "basic");
    CHECK(identify({}, lower).ok());

    // Some libraries send Basic with an empty secret for a client that has none.
    CHECK(identify({}, basic(id(open), "")).ok());
    CHECK(identify({{"client_id", id(open)}}, basic(id(open), "")).ok());
    CHECK(refusal(identify({}, basic(id(open), "x"))) == errc::invalid_client);
    CHECK(refusal(identify({}, basic(id(with_basic), ""))) == errc::invalid_client);
    CHECK(refusal(identify({}, basic(id(with_post), ""))) == errc::invalid_client);

    // row 58: nobody, or nobody we know
    CHECK(refusal(identify({})) == errc::invalid_client);
    CHECK(refusal(identify({{"client_id", "stranger"}})) == errc::invalid_client);
    // row 59: malformed Basic
    for (const auto& header :
         {std::string("Basic ***"), std::string("Basic "), std::string("Basic"),
          "Basic " + text::base64_encode("nocolon"), "Basic " + text::base64_encode("%zz:x"),
          "Basic " + text::base64_encode(":x"), std::string("Digest abc")}) {
        INFO(header);
        CHECK(refusal(identify({}, header)) == errc::invalid_client);
    }
    // Other schemes are nobody's client authentication.
    CHECK(identify({{"client_id", id(open)}}, "Bearer twa_x").ok());
    CHECK(identify({{"client_id", id(with_post)}, {"client_secret", password(with_post)}},
                   "Digest abc")
              .ok());
    // row 60: two ways at once, or two ids
    CHECK(refusal(identify({{"client_id", id(with_basic)}, {"client_secret", "x"}},
                           basic(id(with_basic), password(with_basic)))) == errc::bad_request);
    CHECK(refusal(identify({{"client_id", id(open)}},
                           basic(id(with_basic), password(with_basic)))) == errc::bad_request);
    // row 61: a public client with a secret
    CHECK(refusal(identify({{"client_id", id(open)}, {"client_secret", "x"}})) ==
          errc::invalid_client);
    // row 62: wrong secret, another client's secret, the wrong method
    CHECK(refusal(identify({}, basic(id(with_basic), "wrong"))) == errc::invalid_client);
    CHECK(refusal(identify({}, basic(id(with_basic), password(with_post)))) ==
          errc::invalid_client);
    CHECK(refusal(identify({}, basic(id(with_post), password(with_post)))) == errc::invalid_client);
    CHECK(refusal(identify({{"client_id", id(with_basic)}})) == errc::invalid_client);
}
