// Requests to /token and /revoke that must not reach the store, or must leave it as it was, sent
// through the real router. Row numbers are those of tests/security/plan.txt.
#include "tests/web/endpoint_fixture.hpp"

using namespace endpoint_test;

namespace {

const std::string form = "application/x-www-form-urlencoded";

// A server whose store has one good code and one good refresh token for any client.
struct desk {
    desk() {
        const auto give = [this] {
            ++redeemed;
            oauth::token_pair pair;
            pair.access_token = secret(std::string("twa_ACCESS"));
            pair.refresh_token = secret(std::string("twr_REFRESH"));
            pair.expires_in = std::chrono::seconds(3600);
            pair.scope = {true, false, true};
            pair.resource = "https://crm.example.com/mcp";
            return pair;
        };
        e.actors.on_code = [give](const auto&) -> result<oauth::token_pair> { return give(); };
        e.actors.on_refresh = [give](const auto&) -> result<oauth::token_pair> { return give(); };
    }
    json::value registered(const char* method, const char* more = "") {
        const auto r = e.send(
            make("POST", "/register", {{"content-type", "application/json"}},
                 R"({"redirect_uris":["https://claude.ai/cb"],"token_endpoint_auth_method":")" +
                     std::string(method) + "\"" + more + "}"));
        REQUIRE(r.status == 201);
        return body_of(r);
    }
    http::response post(const form_fields& fields, http::headers more = {},
                        const std::string& type = form, const char* path = "/token") {
        if (!type.empty()) more.emplace_back("content-type", type);
        e.time += 120; // never limited
        return e.send(make("POST", path, std::move(more), encode(fields)));
    }

    endpoints e;
    int redeemed = 0;
};

form_fields code_form(std::string_view client) {
    return {{"grant_type", "authorization_code"},
            {"client_id", std::string(client)},
            {"code", "twk_THECODE"},
            {"redirect_uri", std::string(callback)},
            {"code_verifier", std::string(verifier)}};
}

form_fields with_parameter(form_fields fields, const std::string& name, const std::string& value) {
    std::erase_if(fields, [&](const auto& f) { return f.first == name; });
    if (value != "-") fields.emplace_back(name, value);
    return fields;
}

void check_error(const http::response& r, int status, std::string_view code) {
    INFO(r.body);
    CHECK(r.status == status);
    CHECK(body_of(r).text("error") == code);
    CHECK(header(r, "Content-Type") == "application/json");
    CHECK(header(r, "Cache-Control") == "no-store");
    CHECK(header(r, "Pragma") == "no-cache");
    CHECK_FALSE(contains(r.body, "null"));
}

} // namespace

TEST_CASE("row 53: /token is posted to and nothing else, and the refusal says so",
          "[token_negative][plan-53]") {
    desk d;
    for (const auto* method : {"GET", "HEAD", "PUT", "DELETE"}) {
        const auto r = d.e.send(make(method, "/token?grant_type=authorization_code"));
        CHECK(r.status == 405);
        CHECK(header(r, "Allow") == "POST, OPTIONS");
    }
    CHECK(d.redeemed == 0);
}

TEST_CASE("rows 54 to 57: one form in one encoding, and every parameter once",
          "[token_negative][plan-54][plan-55][plan-56][plan-57]") {
    desk d;
    const auto client = std::string(d.registered("none").text("client_id"));
    for (const auto* type :
         {"application/json", "application/json, application/x-www-form-urlencoded",
          "application/x-www-form-urlencoded, application/json", "text/plain",
          "multipart/form-data; boundary=x", "application/x-www-form-urlencodedx", ""})
        check_error(d.post(code_form(client), {}, type), 400, "invalid_request");
    for (const auto* name : {"grant_type", "code", "client_id", "code_verifier", "redirect_uri"}) {
        auto twice = code_form(client);
        for (const auto& field : code_form(client))
            if (field.first == name) twice.push_back(field);
        check_error(d.post(twice), 400, "invalid_request");
        auto emptied = code_form(client);
        emptied.emplace_back(name, "");
        check_error(d.post(emptied), 400, "invalid_request");
    }
    for (const auto* body : {"grant_type=%zz", "grant_type=%", "grant_type=%00", "a=%ff"}) {
        const auto r = d.e.send(make("POST", "/token", {{"content-type", form}}, body));
        check_error(r, 400, "invalid_request");
    }
    CHECK(d.redeemed == 0);
    for (const auto* type : {"application/x-www-form-urlencoded; charset=utf-8",
                             "Application/X-WWW-Form-Urlencoded ;charset=\"UTF-8\""})
        CHECK(d.post(code_form(client), {}, type).status == 200);
    // RFC 8707: resource alone may come twice.
    auto resources = code_form(client);
    resources.emplace_back("resource", "https://crm.example.com/mcp");
    resources.emplace_back("resource", "https://crm.example.com/mcp/");
    CHECK(d.post(resources).status == 200);
    CHECK(d.redeemed == 3);
}

TEST_CASE("rows 58 and 59: a client that is nobody is 401, with a challenge if it tried Basic",
          "[token_negative][plan-58][plan-59]") {
    desk d;
    const auto client = std::string(d.registered("none").text("client_id"));
    const auto unnamed = with_parameter(code_form(client), "client_id", "-");
    for (const auto& fields : {unnamed, code_form("nobody"), code_form(client + "A"),
                               code_form("https://unknown.example:8443/client.json")}) {
        const auto r = d.post(fields);
        check_error(r, 401, "invalid_client");
        CHECK_FALSE(has_header(r, "WWW-Authenticate"));
    }
    for (const auto& credentials :
         {std::string("Basic ***"), std::string("Basic "), "Basic " + text::base64_encode("none"),
          "Basic " + text::base64_encode("%zz:x"), "Basic " + text::base64_encode("x:%z"),
          "Basic " + text::base64_encode(":x"), "bAsIc " + text::base64_encode("a:b"),
          basic("nobody", "x"), basic(client, "x")}) {
        INFO(credentials);
        const auto r = d.post(unnamed, {{"authorization", credentials}});
        check_error(r, 401, "invalid_client");
        CHECK(header(r, "WWW-Authenticate") == "Basic realm=\"twenty-mcp\"");
    }
    CHECK(d.redeemed == 0);
}

TEST_CASE("rows 60 to 62: a client proves itself in its own way, once, and with its own secret",
          "[token_negative][plan-60][plan-61][plan-62]") {
    desk d;
    const auto open = d.registered("none"), with_basic = d.registered("client_secret_basic"),
               with_post = d.registered("client_secret_post");
    const auto id = [](const json::value& c) { return std::string(c.text("client_id")); };
    const auto key = [](const json::value& c) { return std::string(c.text("client_secret")); };
    const auto fields = [&](const json::value& c, const std::string& secret = "-") {
        return with_parameter(code_form(id(c)), "client_secret", secret);
    };
    const http::headers proof{{"authorization", basic(id(with_basic), key(with_basic))}};
    // 60: two ways, or two names
    check_error(d.post(fields(with_basic, key(with_basic)), proof), 400, "invalid_request");
    check_error(d.post(fields(open), proof), 400, "invalid_request");
    // 61
    check_error(d.post(fields(open, "anything")), 401, "invalid_client");
    // 62: wrong, another's, none, or the right one in the wrong way
    const auto last = key(with_post).back() == 'A' ? 'B' : 'A';
    const auto nearly = key(with_post).substr(0, key(with_post).size() - 1) + last;
    for (const auto& secret : {std::string("x"), key(with_basic), std::string("-"), nearly})
        check_error(d.post(fields(with_post, secret)), 401, "invalid_client");
    check_error(d.post(fields(with_basic, key(with_basic))), 401, "invalid_client");
    check_error(
        d.post(fields(with_post), {{"authorization", basic(id(with_post), key(with_post))}}), 401,
        "invalid_client");
    CHECK(d.redeemed == 0); // so no code was used up
    CHECK(d.post(fields(open)).status == 200);
    CHECK(d.post(fields(with_basic), proof).status == 200);
    CHECK(d.post(with_parameter(fields(with_basic), "client_id", "-"), proof).status == 200);
    CHECK(d.post(fields(with_post, key(with_post))).status == 200);
    CHECK(d.redeemed == 4);
}

TEST_CASE("rows 64, 65, 71 and 73: what is wrong in itself never reaches the store",
          "[token_negative][plan-64][plan-65][plan-66][plan-71][plan-73]") {
    desk d;
    const auto client = std::string(d.registered("none").text("client_id"));
    struct row {
        std::string name, value, code;
    };
    const row rows[] = {
        {"code_verifier", "-", "invalid_request"}, // 64
        {"code_verifier", "", "invalid_request"},
        {"code_verifier", std::string(42, 'a'), "invalid_request"}, // 65
        {"code_verifier", std::string(129, 'a'), "invalid_request"},
        {"code_verifier", std::string(43, '+'), "invalid_request"},
        {"code_verifier", std::string(42, 'a') + "\xC3\xA4", "invalid_request"},
        {"code", "-", "invalid_request"},
        {"grant_type", "-", "invalid_request"},
        {"resource", "https://other.example/mcp", "invalid_target"}, // 71
        {"resource", "https://crm.example.com/mcp#x", "invalid_target"},
        {"resource", "mcp", "invalid_target"},
        {"scope", "a\"b", "invalid_scope"},
        {"grant_type", "password", "unsupported_grant_type"}, // 73
        {"grant_type", "client_credentials", "unsupported_grant_type"},
        {"grant_type", "implicit", "unsupported_grant_type"},
        {"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "unsupported_grant_type"},
        {"grant_type", "urn:ietf:params:oauth:grant-type:device_code", "unsupported_grant_type"},
        {"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange", "unsupported_grant_type"},
        {"grant_type", "AUTHORIZATION_CODE", "unsupported_grant_type"},
    };
    for (const auto& [name, value, code] : rows) {
        INFO(name << '=' << value);
        check_error(d.post(with_parameter(code_form(client), name, value)), 400, code);
    }
    CHECK(d.redeemed == 0);
    CHECK(d.post(code_form(client)).status == 200);
    // Row 66: the address may be left out; the store compares it when it is there.
    CHECK(d.post(with_parameter(code_form(client), "redirect_uri", "-")).status == 200);
}

TEST_CASE("a client that registered without refreshing is given no refresh token and may use none",
          "[token_negative][plan-127]") {
    desk d;
    const auto without = d.registered("none", R"(,"grant_types":["authorization_code"])");
    const auto silent = d.registered("none");
    bool may_refresh = true;
    d.e.actors.on_code = [&](const oauth::code_exchange& x) -> result<oauth::token_pair> {
        may_refresh = x.may_refresh;
        return error{errc::invalid_grant, "seen"};
    };
    (void)d.post(code_form(without.text("client_id")));
    CHECK_FALSE(may_refresh);
    (void)d.post(code_form(silent.text("client_id")));
    CHECK(may_refresh);
    const auto refresh = [&](const json::value& c) {
        return d.post({{"grant_type", "refresh_token"},
                       {"client_id", std::string(c.text("client_id"))},
                       {"refresh_token", "twr_x"}});
    };
    check_error(refresh(without), 400, "unauthorized_client");
    const auto given = refresh(silent);
    CHECK(given.status == 200);
    CHECK(body_of(given).text("scope") == "twenty:read offline_access"); // asked for and said back
}

TEST_CASE("row 84: revocation needs a token and its client, and says nothing of the token",
          "[token_negative][plan-84]") {
    desk d;
    const auto client = std::string(d.registered("none").text("client_id"));
    const auto revoke = [&](const form_fields& fields, const std::string& type = form) {
        return d.post(fields, {}, type, "/revoke");
    };
    check_error(revoke({{"client_id", client}}), 400, "invalid_request");
    check_error(revoke({{"client_id", client}, {"token", ""}}), 400, "invalid_request");
    check_error(revoke({{"client_id", client}, {"token", "a"}, {"token", "b"}}), 400,
                "invalid_request");
    check_error(revoke({{"client_id", client}, {"token", "a"}}, "application/json"), 400,
                "invalid_request");
    check_error(revoke({{"token", "a"}}), 401, "invalid_client");
    check_error(revoke({{"client_id", "nobody"}, {"token", "a"}}), 401, "invalid_client");
    CHECK(d.e.actors.revocations == 0);
    for (const auto* token : {"twr_foreign", "garbage", "\x01", "%", "eyJhbGciOi"})
        for (const auto* hint : {"-", "access_token", "refresh_token", "nonsense"}) {
            const auto r = revoke(
                with_parameter({{"client_id", client}, {"token", token}}, "token_type_hint", hint));
            CHECK(r.status == 200);
            CHECK(r.body.empty());
            CHECK(header(r, "Cache-Control") == "no-store");
        }
    CHECK(d.e.actors.revocations == 20);
}
