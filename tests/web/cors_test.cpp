// Which scripts in a browser may call what: the whole matrix, on every kind of answer. Row
// numbers are those of tests/security/plan.txt.
#include "tests/web/endpoint_fixture.hpp"

#include <array>

using namespace endpoint_test;
using web::sharing;

namespace {

constexpr std::string_view script = "https://claude.ai";

struct matrix_row {
    std::string_view path;
    std::string_view methods; // empty: not for scripts
    std::string_view allowed;
    std::string_view exposed;
    std::string_view origin = "*";
};
constexpr std::string_view discovery_headers =
    "MCP-Protocol-Version, Accept, Content-Type, Authorization, If-None-Match";
constexpr std::string_view oauth_headers =
    "Authorization, Content-Type, Accept, MCP-Protocol-Version";
constexpr std::string_view oauth_exposed = "WWW-Authenticate, Retry-After";
constexpr std::string_view mcp_headers =
    "Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Session-Id, Last-Event-ID, "
    "Mcp-Method, Mcp-Name";
constexpr std::string_view mcp_exposed =
    "WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version, Retry-After";

constexpr matrix_row matrix[] = {
    {"/.well-known/oauth-protected-resource", "GET, HEAD, OPTIONS", discovery_headers, "ETag"},
    {"/.well-known/oauth-protected-resource/mcp", "GET, HEAD, OPTIONS", discovery_headers, "ETag"},
    {"/.well-known/oauth-protected-resource/mcp/", "GET, HEAD, OPTIONS", discovery_headers, "ETag"},
    {"/.well-known/oauth-authorization-server", "GET, HEAD, OPTIONS", discovery_headers, "ETag"},
    {"/mcp/server-card", "GET, HEAD, OPTIONS", discovery_headers, "ETag"},
    {"/.well-known/ai-catalog.json", "GET, HEAD, OPTIONS", discovery_headers, "ETag"},
    {"/token", "POST, OPTIONS", oauth_headers, oauth_exposed},
    {"/register", "POST, OPTIONS", oauth_headers, oauth_exposed},
    {"/revoke", "POST, OPTIONS", oauth_headers, oauth_exposed},
    {"/mcp", "POST, GET, HEAD, DELETE, OPTIONS", mcp_headers, mcp_exposed, script},
    {"/mcp/", "POST, GET, HEAD, DELETE, OPTIONS", mcp_headers, mcp_exposed, script},
};

const matrix_row* row_of(std::string_view path) {
    for (const auto& row : matrix)
        if (row.path == path) return &row;
    return nullptr;
}

void check_unshared(const http::response& r) {
    for (const auto& [name, value] : r.headers) {
        INFO(name << ": " << value);
        CHECK_FALSE(text::starts_with_ci(name, "access-control"));
    }
}

// What a script needs to read this answer.
void check_shared(const http::response& r, const matrix_row& row) {
    INFO(row.path << ' ' << r.status);
    CHECK(header(r, "Access-Control-Allow-Origin") == row.origin);
    CHECK(header(r, "Access-Control-Expose-Headers") == row.exposed);
    CHECK_FALSE(has_header(r, "Access-Control-Allow-Credentials"));
    if (row.origin != "*") CHECK(header(r, "Vary") == "Origin");
}

http::request preflight(std::string_view path, std::string_view origin = script,
                        std::string_view asked = "mcp-protocol-version") {
    return make("OPTIONS", std::string(path),
                {{"origin", std::string(origin)},
                 {"access-control-request-method", "POST"},
                 {"access-control-request-headers", std::string(asked)}});
}

http::request from_script(std::string method, std::string path, http::headers headers = {},
                          std::string body = {}) {
    headers.emplace_back("origin", std::string(script));
    return make(std::move(method), std::move(path), std::move(headers), std::move(body));
}

} // namespace

TEST_CASE("row 5: each preflight is 204 with exactly its row, and pages and admin have none",
          "[cors][plan-5]") {
    endpoints e;
    for (const auto& place : web::routes()) {
        INFO(place.path);
        const auto* row = row_of(place.path);
        CHECK((row != nullptr) == (place.sharing != sharing::none));
        const auto r = e.send(preflight(place.path));
        if (!row) {
            CHECK(r.status ==
                  (place.path == "/admin" ? 403 : 405)); // no browser gets further there
            check_unshared(r);
            continue;
        }
        CHECK(r.status == 204);
        CHECK(r.body.empty());
        check_shared(r, *row);
        CHECK(header(r, "Access-Control-Allow-Methods") == row->methods);
        CHECK(header(r, "Access-Control-Allow-Headers") == row->allowed);
        CHECK(header(r, "Access-Control-Max-Age") == "7200");
    }
    CHECK(e.actors.calls == 0);
}

TEST_CASE("row 6: a preflight of /mcp is never 401, whatever credentials it carries",
          "[cors][plan-6]") {
    endpoints e;
    e.actors.token_check = error{errc::unauthenticated, "no"};
    for (const auto* credentials : {"", "Bearer", "Bearer twa_nobody", "Basic x"})
        for (const auto* path : {"/mcp", "/mcp/"}) {
            auto r = preflight(path);
            if (*credentials) r.headers.emplace_back("authorization", credentials);
            CHECK(e.send(std::move(r)).status == 204);
        }
    const auto foreign = e.send(preflight("/mcp", "https://evil.example.net"));
    CHECK(foreign.status == 403);
    check_unshared(foreign);
}

TEST_CASE("headers that a tool's parameters travel in may be sent by scripts, and no others",
          "[cors][plan-126]") {
    endpoints e;
    const auto allowed = [&](std::string_view path, std::string_view asked) {
        return header(e.send(preflight(path, script, asked)), "Access-Control-Allow-Headers");
    };
    CHECK(allowed("/mcp", "Mcp-Param-Region,x-evil, mcp-param-limit") ==
          std::string(mcp_headers) + ", mcp-param-region, mcp-param-limit");
    CHECK(allowed("/mcp", "mcp-param-a b, mcp-param-\x01, cookie, mcp-parameter") == mcp_headers);
    CHECK(allowed("/token", "mcp-param-region") == oauth_headers);
}

TEST_CASE("row 7: scripts can read every refusal of the OAuth endpoints, and nobody keeps it",
          "[cors][plan-7]") {
    endpoints e;
    const auto client = register_client(e);
    const auto refuse = web::make_refuser(e.s);
    const auto token = [&](const form_fields& fields) {
        return from_script("POST", "/token", form_type, encode(fields));
    };
    form_fields refresh{
        {"grant_type", "refresh_token"}, {"client_id", client}, {"refresh_token", "twr_x"}};
    errc said = errc::invalid_grant;
    e.actors.on_refresh = [&](const auto&) -> result<oauth::token_pair> {
        return error{said, "no"};
    };
    std::vector<std::pair<std::string, http::response>> all;
    const auto add = [&](std::string path, http::response r, int status) {
        INFO(path << ' ' << r.body);
        CHECK(r.status == status);
        all.emplace_back(std::move(path), std::move(r));
    };
    add("/token", e.send(token(refresh)), 400);
    said = errc::unavailable;
    add("/token", e.send(token(refresh)), 503);
    add("/token", e.send(token({{"grant_type", "refresh_token"}, {"client_id", "nobody"}})), 401);
    add("/token", e.send(from_script("POST", "/token", {}, "{}")), 400);
    add("/token", e.send(from_script("GET", "/token")), 405);
    add("/token", refuse(from_script("POST", "/token"), {413, "too_large", "Too large."}), 413);
    const std::chrono::seconds wait{2};
    add("/token", refuse(from_script("POST", "/token"), {429, "busy", "Too many.", wait}), 429);
    add("/token", refuse(from_script("POST", "/token"), {503, "busy", "Too much.", wait}), 503);
    said = errc::invalid_grant;
    for (int i = 0; i < 20; ++i)
        (void)e.send(token(refresh));
    add("/token", e.send(token(refresh)), 429);
    e.actors.revocation = error{errc::unavailable, "closing"};
    const auto revoke = [&](const form_fields& fields) {
        return from_script("POST", "/revoke", form_type, encode(fields));
    };
    e.peer = "203.0.113.8";
    add("/revoke", e.send(revoke({{"client_id", client}, {"token", "x"}})), 503);
    add("/revoke", e.send(revoke({{"client_id", client}})), 400);
    add("/revoke", e.send(revoke({{"token", "x"}})), 401);
    add("/revoke", e.send(from_script("PUT", "/revoke")), 405);
    add("/register", e.send(from_script("POST", "/register", {}, "{")), 400);
    add("/register", e.send(from_script("GET", "/register")), 405);
    add("/register", refuse(from_script("POST", "/register"), {413, "too_large", "Too large."}),
        413);
    for (int i = 0; i < 30; ++i)
        (void)e.send(from_script("POST", "/register"));
    add("/register", e.send(from_script("POST", "/register")), 429);
    add("/register", refuse(from_script("POST", "/register"), {408, "timeout", "Slow."}), 408);
    for (const auto& [path, r] : all) {
        check_shared(r, *row_of(path));
        CHECK(header(r, "Cache-Control") == "no-store");
        CHECK(header(r, "Content-Type") == "application/json");
        CHECK(body_of(r).find("error"));
        const bool passes = r.status == 429 || r.status == 503;
        CHECK(passes == has_header(r, "Retry-After"));
        CHECK((body_of(r).text("error") == "temporarily_unavailable") == passes);
        if (r.status == 413) CHECK(body_of(r).text("error") == "invalid_request");
    }
}

TEST_CASE("a script of an allowed origin can read every refusal of /mcp, others none",
          "[cors][plan-125]") {
    endpoints e;
    const auto& row = *row_of("/mcp");
    const auto post = [&](http::headers more, std::string body = "{}") {
        return e.send(from_script("POST", "/mcp", std::move(more), std::move(body)));
    };
    const auto refuse = web::make_refuser(e.s);
    const http::headers good{{"authorization", "Bearer twa_x"},
                             {"content-type", "application/json"}};
    const auto status = [&](int s) {
        e.actors.on_call = [s](const auto&) {
            actors::mcp_reply reply;
            reply.status = s;
            reply.body = "{}";
            return reply;
        };
    };
    std::vector<http::response> all;
    all.push_back(post({}));
    for (const int s : {200, 400, 401, 403, 404, 415}) {
        status(s);
        all.push_back(post(good));
        CHECK(all.back().status == s);
    }
    e.actors.on_call = [](const auto&) { return error{errc::busy, "no"}; };
    all.push_back(post(good));
    all.push_back(post({{"authorization", "Bearer a"}, {"authorization", "Bearer b"}}));
    all.push_back(e.send(from_script("PUT", "/mcp")));
    all.push_back(refuse(from_script("POST", "/mcp"), {413, "too_large", "Too large."}));
    for (const auto& r : all)
        check_shared(r, row);

    const auto evil = make("POST", "/mcp", {{"origin", "https://evil.example.net"}});
    check_unshared(e.send(evil));
    check_unshared(refuse(evil, {413, "too_large", "Too large."}));
    check_unshared(refuse(make("POST", ""), {400, "bad_request", "Broken."}));
}

TEST_CASE("discovery documents are for every script, their refusals included", "[cors]") {
    endpoints e;
    for (const auto& row : matrix) {
        if (!row.path.starts_with("/.well-known/")) continue;
        for (const auto* method : {"GET", "HEAD", "POST", "DELETE"}) {
            const auto r = e.send(from_script(method, std::string(row.path)));
            check_shared(r, row);
            CHECK(r.status ==
                  (std::string_view(method) == "GET" || std::string_view(method) == "HEAD" ? 200
                                                                                           : 405));
        }
    }
}

TEST_CASE("row 8: no answer of the authorization endpoint or of another page is for scripts",
          "[cors][plan-8]") {
    endpoints e;
    const auto client = register_client(e);
    const auto target = authorize_target(client);
    const auto page = [&] { return open_consent(e, target); };
    const auto scripted = [&](http::request r) {
        r.headers.emplace_back("access-control-request-method", "POST");
        if (!r.has("origin")) r.headers.emplace_back("origin", std::string(script));
        const auto answer = e.send(std::move(r));
        check_unshared(answer);
        CHECK_FALSE(has_header(answer, "Vary"));
        return answer.status;
    };
    CHECK(scripted(make("GET", target)) == 200);
    CHECK(scripted(make("HEAD", target)) == 200);
    CHECK(scripted(make("GET", "/authorize")) == 400);
    CHECK(scripted(make("GET", target + "&response_mode=fragment")) == 303);
    CHECK(scripted(make("OPTIONS", "/authorize")) == 405);
    CHECK(scripted(make("POST", "/authorize")) == 403); // a foreign page's
    CHECK(scripted(consent_post(e, page(), approval("no key"))) == 422);
    CHECK(scripted(consent_post(e, page(), approval())) == 303);
    CHECK(scripted(consent_post(e, page(), {{"action", "deny"}})) == 303);
    CHECK(scripted(make("GET", "/connections")) == 200);
    CHECK(scripted(make("GET", "/admin/primer")) == 403);
    CHECK(scripted(make("GET", "/favicon.ico")) == 204);
    check_unshared(web::make_refuser(e.s)(from_script("POST", "/authorize"),
                                          {413, "too_large", "Too large."}));
}
