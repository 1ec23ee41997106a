#include "doctor/examination.hpp"
#include "doctor/judge_documents.hpp"
#include "doctor/looks.hpp"

#include <ctime>

namespace doctor {

namespace {

constexpr std::string_view web_origin = "https://claude.ai";
constexpr std::string_view resource_path = "/.well-known/oauth-protected-resource/mcp";
constexpr std::string_view server_path = "/.well-known/oauth-authorization-server";

// What MCP clients send first, and what every check of the way through the proxy begins with.
const asked& bare_call(examination& e) {
    if (!e.bare) {
        e.bare = e.call("initialize",
                        json::make({{"protocolVersion", "2025-11-25"},
                                    {"capabilities", json::object()},
                                    {"clientInfo", json::make({{"name", "twenty-mcp doctor"},
                                                               {"version", TWENTY_MCP_VERSION}})}}),
                        secret());
        e.bare_at = std::time(nullptr);
    }
    return *e.bare;
}

} // namespace

finding look_redirect(examination& e) { return judge_redirect(bare_call(e)); }
finding look_proxy(examination& e) { return judge_proxy(bare_call(e)); }
finding look_host(examination& e) { return judge_host(bare_call(e), e.given.where.url.authority); }
finding look_clock(examination& e) {
    const auto& a = bare_call(e);
    return judge_clock(a ? a->header("date") : std::string_view(), e.bare_at);
}
finding look_refusal(examination& e) { return judge_refusal(bare_call(e)); }
finding look_challenge(examination& e) {
    return judge_challenge(bare_call(e), e.given.where.origin);
}

finding look_resource_document(examination& e) {
    e.resource_answer = e.get(std::string(resource_path));
    e.resource_document = document_of(e.resource_answer);
    return judge_document(e.resource_answer, "authorization_servers");
}

finding look_server_document(examination& e) {
    e.server_answer = e.get(std::string(server_path));
    e.server_document = document_of(e.server_answer);
    return judge_document(e.server_answer, "token_endpoint");
}

finding look_encoding(examination& e) { return judge_encoding(e.resource_answer, e.server_answer); }
finding look_resource(examination& e) {
    return judge_resource(e.resource_document, e.given.where.resource);
}
finding look_issuer(examination& e) {
    return judge_issuer(e.server_document, e.given.where.origin);
}
finding look_promises(examination& e) { return judge_promises(e.server_document); }

finding look_head(examination& e) { return judge_head(e.mcp("HEAD")); }

finding look_methods(examination& e) {
    const auto get = e.mcp("GET");
    const auto del = e.mcp("DELETE");
    return judge_methods(get, del);
}

finding look_preflight(examination& e) {
    http::probe_request r;
    r.method = "OPTIONS";
    r.target = "/mcp";
    r.headers = {{"Origin", std::string(web_origin)},
                 {"Access-Control-Request-Method", "POST"},
                 {"Access-Control-Request-Headers", "authorization, content-type"}};
    return judge_preflight(e.client.ask(r), web_origin);
}

finding look_authorization(examination& e) {
    return judge_authorization(e.call("ping", {}, secret(std::string_view("doctor-made-this-up"))));
}

// A cookie, because some proxies cut those alone. 7 KB are what a browser with many of them sends;
// nginx takes 8 KB in a line unless it is told otherwise.
finding look_large_header(examination& e) {
    return judge_large_header(e.call("ping", {}, secret(), {{"Cookie", std::string(7000, 'c')}}));
}

// The token is wrong, so that the server need not read it all: its 401 says that the proxy took the
// body. A connection of its own, because an answer may come before the request has ended.
finding look_large_body(examination& e) {
    e.client.close();
    http::probe_request r;
    r.method = "POST";
    r.target = "/mcp";
    r.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    r.bearer = secret(std::string_view("doctor-made-this-up"));
    r.body = json::dump(json::make({{"jsonrpc", "2.0"},
                                    {"id", 1},
                                    {"method", "ping"},
                                    {"params", json::make({{"x", std::string(999'000, 'x')}})}}));
    auto came = e.client.ask(r);
    e.client.close();
    return judge_large_body(came);
}

finding look_keep_alive(examination& e) {
    (void)e.get(std::string(resource_path));
    const auto before = e.client.connections();
    const auto second = e.get(std::string(resource_path));
    return judge_keep_alive(second, e.client.connections() - before);
}

finding look_ready(examination& e) { return judge_ready(e.get("/readyz")); }

} // namespace doctor
