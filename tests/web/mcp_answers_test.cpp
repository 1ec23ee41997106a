// What /mcp says about credentials, sessions and origins, situation by situation. Row numbers
// are those of tests/security/plan.txt.
#include "tests/web/endpoint_fixture.hpp"

using namespace endpoint_test;

namespace {

const std::string challenge_start = "Bearer realm=\"twenty-mcp\"";
const std::string challenge_end =
    ", resource_metadata=\"https://crm.example.com/.well-known/oauth-protected-resource/mcp\", "
    "scope=\"twenty:read twenty:write\"";

http::request post_mcp(http::headers more, std::string path = "/mcp", std::string body = ping) {
    more.emplace_back("content-type", "application/json");
    more.emplace_back("accept", "application/json, text/event-stream");
    return make("POST", std::move(path), std::move(more), std::move(body));
}

http::request with_token(std::string value) {
    return post_mcp({{"authorization", std::move(value)}});
}

} // namespace

TEST_CASE("row 91: without credentials the challenge says where to go and blames nobody",
          "[mcp_answers][plan-91]") {
    endpoints e;
    for (const auto* other : {"", "Basic dXNlcjpwYXNz", "Digest x", "twa_token", "Bearertwa_x"})
        for (const auto* method : {"POST", "GET", "HEAD", "DELETE"}) {
            http::headers headers;
            if (*other) headers.emplace_back("authorization", other);
            const auto r = e.send(make(method, "/mcp", headers));
            INFO(method << ' ' << other);
            CHECK(r.status == 401);
            CHECK(header(r, "WWW-Authenticate") == challenge_start + challenge_end);
            CHECK(header(r, "Content-Type") == "application/json");
            CHECK_FALSE(body_of(r).text("error").empty());
        }
    CHECK(e.actors.calls == 0);
}

TEST_CASE("rows 92 and 93: any case of Bearer is Bearer, and what follows is one token or none",
          "[mcp_answers][plan-92][plan-93]") {
    endpoints e;
    std::vector<std::string> seen;
    e.actors.on_call = [&](const actors::mcp_call& call) {
        seen.emplace_back(call.access_token.reveal());
        return actors::mcp_reply{};
    };
    for (const auto* scheme : {"Bearer", "bearer", "BEARER", "bEaReR", "Bearer  "})
        CHECK(e.send(with_token(std::string(scheme) + " twa_A-b_9")).status == 200);
    CHECK(seen == std::vector<std::string>(5, "twa_A-b_9"));
    for (const auto& bad : {std::string("Bearer"), std::string("Bearer "),
                            std::string("Bearer twa_x twa_y"), std::string("Bearer twa_x,twa_y"),
                            std::string("Bearer \"twa_x\""), std::string("Bearer twa_\xC3\xA4"),
                            std::string("Bearer twa\t_x"), "Bearer " + std::string(10'240, 'a')}) {
        INFO(bad.substr(0, 60));
        const auto r = e.send(with_token(bad));
        CHECK(r.status == 401);
        const auto said = header(r, "WWW-Authenticate");
        CHECK(
            said.starts_with(challenge_start + ", error=\"invalid_token\", error_description=\""));
        CHECK(said.ends_with(challenge_end));
    }
    CHECK(seen.size() == 5);
}

TEST_CASE("row 94: a token anywhere but in the header is no token, and spoils none",
          "[mcp_answers][plan-94]") {
    endpoints e;
    e.actors.on_call = [](const actors::mcp_call& call) {
        CHECK(call.access_token.reveal() == "twa_right");
        return actors::mcp_reply{};
    };
    const std::string in_query = "/mcp?access_token=twa_query&token=twa_query";
    const auto without = e.send(post_mcp({}, in_query));
    CHECK(without.status == 401);
    CHECK(header(without, "WWW-Authenticate") == challenge_start + challenge_end);
    CHECK_FALSE(contains(without.body, "twa_query"));
    for (const auto& [name, value, is_number] : without.log)
        CHECK_FALSE(contains(value, "twa_query"));
    const auto form =
        e.send(make("POST", "/mcp", {{"content-type", "application/x-www-form-urlencoded"}},
                    "access_token=twa_form"));
    CHECK(form.status == 401);
    CHECK(e.actors.calls == 0);
    const auto cookie = e.send(post_mcp({{"cookie", "access_token=twa_cookie; __Host-tmcp_b=x"}}));
    CHECK(cookie.status == 401);
    CHECK(e.send(post_mcp({{"authorization", "Bearer twa_right"}}, in_query)).status == 200);
    CHECK(e.actors.calls == 1);
}

TEST_CASE("two Authorization headers are 400 invalid_request, not whichever is better",
          "[mcp_answers][plan-128]") {
    endpoints e;
    const std::pair<const char*, const char*> pairs[] = {{"Bearer twa_x", "Bearer twa_x"},
                                                         {"Bearer twa_x", "Basic eDp5"},
                                                         {"Basic eDp5", "Bearer twa_x"},
                                                         {"Bearer twa_x", ""}};
    for (const auto& [one, two] : pairs)
        for (const auto* method : {"POST", "GET", "DELETE"}) {
            const auto r =
                e.send(make(method, "/mcp", {{"authorization", one}, {"authorization", two}}));
            CHECK(r.status == 400);
            CHECK(contains(header(r, "WWW-Authenticate"), "error=\"invalid_request\""));
            CHECK(body_of(r).text("error") == "invalid_request");
        }
    CHECK(e.actors.calls == 0);
}

TEST_CASE("rows 95 to 98: a token that the actors do not know is 401 invalid_token by any method",
          "[mcp_answers][plan-95]") {
    endpoints e;
    const error unknown{errc::unauthenticated, "no", "private words"};
    e.actors.on_call = [&](const auto&) { return unknown; };
    e.actors.on_stream = [&](const auto&) { return unknown; };
    e.actors.on_end = [&](const auto&) { return unknown; };
    for (const auto* method : {"POST", "GET", "DELETE"}) {
        auto r = post_mcp({{"authorization", "Bearer twr_a-refresh-token"}});
        r.method = method;
        const auto answer = e.send(std::move(r));
        CHECK(answer.status == 401);
        CHECK(contains(header(answer, "WWW-Authenticate"), "error=\"invalid_token\""));
        CHECK_FALSE(contains(answer.body, "private words"));
        CHECK_FALSE(has_header(answer, "Mcp-Session-Id"));
    }
}

TEST_CASE("row 100: a foreign Origin is 403 before any credential is looked at, our own is not",
          "[mcp_answers][plan-100]") {
    endpoints e;
    e.actors.on_call = [](const auto&) { return actors::mcp_reply{}; };
    const auto from = [&](const char* origin, bool token) {
        http::headers headers{{"origin", origin}};
        if (token) headers.emplace_back("authorization", "Bearer twa_x");
        return e.send(post_mcp(std::move(headers)));
    };
    for (const auto* bad : {"https://evil.example.net", "null", "", "https://claude.ai.evil.net",
                            "http://localhost.evil.net", "http://crm.example.com"})
        for (const bool token : {true, false}) {
            const auto r = from(bad, token);
            INFO(bad);
            CHECK(r.status == 403);
            CHECK_FALSE(has_header(r, "WWW-Authenticate"));
            CHECK(body_of(r).text("jsonrpc") == "2.0");
            CHECK(body_of(r).at("error", "message"));
        }
    CHECK(e.actors.calls == 0);
    for (const auto* good : {"https://crm.example.com", "http://localhost:6274",
                             "http://127.0.0.1:5173", "http://[::1]:1", "https://claude.ai"}) {
        CHECK(from(good, true).status == 200);
        CHECK(from(good, false).status == 401);
    }
}

TEST_CASE("row 102: too little scope is 403 with every scope that is needed, and the call's id",
          "[mcp_answers][plan-102]") {
    endpoints e;
    e.actors.on_call = [](const auto&) {
        actors::mcp_reply reply;
        reply.status = 403;
        reply.challenge = errc::scope_missing;
        reply.body = R"({"jsonrpc":"2.0","id":7,"error":{"code":403,"message":"write"}})";
        return reply;
    };
    const auto r = e.send(with_token("Bearer twa_x"));
    CHECK(r.status == 403);
    const auto said = header(r, "WWW-Authenticate");
    CHECK(said.starts_with(challenge_start + ", error=\"insufficient_scope\""));
    CHECK(said.ends_with(challenge_end)); // both scopes, and where they are explained
    CHECK(body_of(r).find("id")->as_int() == 7);
}

TEST_CASE("HEAD is GET without a body where there is something to read, and 405 where not",
          "[mcp_answers][plan-129]") {
    endpoints e;
    for (const auto& place : web::routes()) {
        INFO(place.path);
        bool readable = false;
        for (const auto& row : place.methods)
            readable = readable || row.method == "GET";
        const auto head = e.send(make("HEAD", std::string(place.path)));
        if (readable) {
            const auto get = e.send(make("GET", std::string(place.path)));
            CHECK(head.status == get.status);
            CHECK(header(head, "WWW-Authenticate") == header(get, "WWW-Authenticate"));
        } else if (place.path == "/admin") { // has a table of its own, behind its token
            CHECK(head.status == 401);
        } else {
            CHECK(head.status == 405);
            CHECK_FALSE(contains(header(head, "Allow"), "HEAD"));
        }
    }
}

TEST_CASE("HEAD on /mcp answers as GET would, and no stream begins", "[mcp_answers]") {
    endpoints e;
    for (const auto* path : {"/mcp", "/mcp/"}) {
        const auto head = [&](http::headers more) {
            more.emplace_back("authorization", "Bearer twa_good");
            return e.send(make("HEAD", path, std::move(more)));
        };
        const auto good = head({{"accept", "text/event-stream"}});
        CHECK(good.status == 200);
        CHECK(header(good, "Content-Type") == "text/event-stream");
        CHECK_FALSE(good.source);
        CHECK(head({{"accept", "text/html"}}).status == 406);
        CHECK(head({{"mcp-protocol-version", "2099-01-01"}}).status == 400);
    }
}
