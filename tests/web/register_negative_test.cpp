// Registrations that must not become a client, sent through the real router. Row numbers are
// those of tests/security/plan.txt.
#include "tests/web/endpoint_fixture.hpp"

using namespace endpoint_test;

namespace {

const http::headers as_json{{"content-type", "application/json"}};

http::response post_registration(endpoints& e, std::string body, http::headers headers = as_json) {
    e.time += 120; // never limited
    return e.send(make("POST", "/register", std::move(headers), std::move(body)));
}

std::string with_uris(std::vector<std::string> uris) {
    json::array list(uris.begin(), uris.end());
    return json::dump(json::make({{"redirect_uris", std::move(list)}}));
}

void check_refused_registration(const http::response& r, std::string_view code) {
    INFO(r.body);
    CHECK(r.status == 400);
    CHECK(body_of(r).text("error") == code);
    CHECK(header(r, "Content-Type") == "application/json");
    CHECK(header(r, "Cache-Control") == "no-store");
    CHECK_FALSE(body_of(r).find("client_id"));
}

} // namespace

TEST_CASE("row 16: no spelling of a scheme that runs or opens something can be registered",
          "[register_negative][plan-16]") {
    endpoints e;
    int tried = 0;
    for (const std::string scheme : {"javascript", "data", "vbscript", "file", "mailto", "blob"}) {
        auto mixed = scheme;
        for (std::size_t i = 0; i < mixed.size(); i += 2)
            mixed[i] = static_cast<char>(mixed[i] - 32);
        const auto inside = [&](char c) {
            auto out = scheme;
            return out.insert(2, 1, c);
        };
        for (const auto& spelling : {scheme, mixed, ' ' + scheme, '\t' + scheme, '\n' + scheme,
                                     std::string(1, '\0') + scheme, inside('\t'), inside('\0')}) {
            INFO(spelling);
            check_refused_registration(post_registration(e, with_uris({spelling + ":alert(1)"})),
                                       "invalid_redirect_uri");
            // One bad address spoils the good ones beside it.
            check_refused_registration(
                post_registration(e, with_uris({std::string(callback), spelling + "://x/y"})),
                "invalid_redirect_uri");
            ++tried;
        }
    }
    CHECK(tried == 48);
}

TEST_CASE("rows 17 to 19: an address that hides where it leads cannot be registered",
          "[register_negative][plan-17][plan-18][plan-19]") {
    endpoints e;
    for (const auto* uri :
         {"https://good.example/cb#", "https://good.example/cb#x", "http://localhost/cb#x", // 17
          "https://user@good.example/cb", "https://user:pw@good.example/cb",
          "http://user@127.0.0.1/cb", "http://good.example/cb", "http://10.0.0.1/cb",
          "http://192.168.1.1/cb", // 18
          "http://localhost.evil.com/cb", "http://[fe80::1]/cb", "https://evil.com\\@good.example/",
          "https:\\\\good.example/"}) { // 19
        INFO(uri);
        check_refused_registration(post_registration(e, with_uris({uri})), "invalid_redirect_uri");
    }
}

TEST_CASE("row 86: what is no registration is refused with the code that says why",
          "[register_negative][plan-86][plan-89]") {
    endpoints e;
    const std::string good = R"("redirect_uris":["https://claude.ai/cb"])";
    const std::vector<std::string> eleven(11, "https://claude.ai/cb");
    const std::pair<std::string, const char*> rows[] = {
        {"[]", "invalid_client_metadata"},
        {"null", "invalid_client_metadata"},
        {"\"text\"", "invalid_client_metadata"},
        {"7", "invalid_client_metadata"},
        {"{" + good + ",\"x\":" + std::string(50, '[') + std::string(50, ']') + "}",
         "invalid_request"},
        {"{" + good + "," + good + "}", "invalid_request"},
        {"{" + good + ",\"client_name\":\"a\",\"client_name\":\"b\"}", "invalid_request"},
        {"{}", "invalid_redirect_uri"},
        {R"({"redirect_uris":[]})", "invalid_redirect_uri"},
        {R"({"redirect_uris":null})", "invalid_redirect_uri"},
        {R"({"redirect_uris":"https://claude.ai/cb"})", "invalid_redirect_uri"},
        {R"({"redirect_uris":[1,{}]})", "invalid_redirect_uri"},
        {with_uris(eleven), "invalid_redirect_uri"},
        {"{" + good, "invalid_request"},
        {"", "invalid_request"},
        {"{" + good + "} x", "invalid_request"},
        {"{" + good + ",\"token_endpoint_auth_method\":\"private_key_jwt\"}", // 89
         "invalid_client_metadata"}};
    for (const auto& [body, code] : rows)
        check_refused_registration(post_registration(e, body), code);
    check_refused_registration(
        post_registration(e, "{" + good + "}", {{"content-type", "text/plain"}}),
        "invalid_request");
    check_refused_registration(post_registration(e, "{" + good + "}", {}), "invalid_request");
    check_refused_registration(
        post_registration(e, "redirect_uris=x",
                          {{"content-type", "application/x-www-form-urlencoded"}}),
        "invalid_request");
    CHECK(web::make_body_limit(e.s)(make("POST", "/register")) < std::size_t{17 * 1024});
    CHECK(post_registration(e, std::string(17 * 1024, ' ')).status == 413);
}

TEST_CASE("rows 87 to 89: the odd registrations of real clients are taken as they are",
          "[register_negative][plan-87][plan-88][plan-89]") {
    endpoints e;
    const auto taken = [&](const char* body, const char* method) {
        const auto r = post_registration(e, body);
        INFO(r.body);
        CHECK(r.status == 201);
        CHECK(body_of(r).text("token_endpoint_auth_method") == method);
        CHECK_FALSE(contains(r.body, "null"));
        return body_of(r).find("redirect_uris")->if_array()->size();
    };
    CHECK(taken(R"({"token_endpoint_auth_method":"none","redirect_uris":[
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "https://www.cursor.com/agents/mcp/oauth/callback",
        "http://localhost:8787/callback"]})",
                "none") == 3);
    CHECK(taken(R"({"token_endpoint_auth_method":"none","redirect_uris":[
        "https://vscode.dev/redirect","https://insiders.vscode.dev/redirect",
        "http://127.0.0.1/","http://127.0.0.1:33418/"]})",
                "none") == 4);
    CHECK(taken(R"({"redirect_uris":["https://claude.ai/cb"],
        "token_endpoint_auth_method":"private_key_jwt",
        "token_endpoint_auth_methods_supported":["private_key_jwt","none"]})",
                "none") == 1);
}

TEST_CASE("row 90: ten thousand registrations, and consent pages, are never told to the actors",
          "[register_negative][plan-90]") {
    endpoints e;
    e.actors.on_call = nullptr; // what cannot ask the store cannot write to it
    e.actors.on_key = nullptr;
    e.actors.on_grant = nullptr;
    for (int i = 0; i < 10'000; ++i) {
        e.peer = "2001:db8:" + text::hex_encode(std::string(1, static_cast<char>(i >> 8))) +
                 text::hex_encode(std::string(1, static_cast<char>(i))) + "::1"; // a botnet
        const auto id = register_client(e);
        if (i % 100 == 0) (void)open_consent(e, authorize_target(id));
    }
    CHECK(e.actors.calls == 0);
    CHECK(e.actors.key_checks == 0);
    CHECK(e.actors.grants.empty());
    CHECK(e.actors.revocations == 0);
    CHECK(e.s.limits.buckets() <= 50'000);
}
