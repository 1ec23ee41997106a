#include "web/router.hpp"

#include "base/text.hpp"
#include "base/uri.hpp"
#include "http/header_values.hpp"
#include "oauth/error.hpp"
#include "web/admin_endpoint.hpp"
#include "web/http.hpp"
#include "web/mcp_endpoint.hpp"

#include <algorithm>

namespace web {

namespace {

// Every path takes that much, so that 404 and 405 are not hidden by a 413: clients probe
// addresses with a whole initialize message.
constexpr std::size_t least_bytes = 16 * 1024;

// sharing_rule is what a script may send and see. Every header is named, because a wildcard does
// not cover Authorization (Fetch standard). Credentials (cookies) are never allowed.
struct sharing_rule {
    std::string_view allow_headers;
    std::string_view expose_headers;
};
constexpr sharing_rule rule_of(sharing kind) noexcept {
    switch (kind) {
    case sharing::none:
        return {};
    case sharing::discovery:
        return {"MCP-Protocol-Version, Accept, Content-Type, Authorization, If-None-Match", "ETag"};
    case sharing::oauth:
        return {"Authorization, Content-Type, Accept, MCP-Protocol-Version",
                "WWW-Authenticate, Retry-After"};
    case sharing::mcp:
        return {"Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Session-Id, "
                "Last-Event-ID, Mcp-Method, Mcp-Name",
                "WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version, Retry-After"};
    }
    return {};
}

endpoint find_endpoint(const route& p, std::string_view method) noexcept {
    for (const auto& row : p.methods)
        if (row.answer && row.method == method) return row.answer;
    // RFC 9110 §9.3.2; the connection drops the body.
    return method == "HEAD" ? find_endpoint(p, "GET") : nullptr;
}

std::string allowed_methods(const route& p) {
    std::vector<std::string> names;
    for (const auto& row : p.methods) {
        if (!row.answer || row.method == "HEAD") continue;
        names.emplace_back(row.method);
        if (row.method == "GET") names.emplace_back("HEAD");
    }
    if (p.sharing != sharing::none) names.emplace_back("OPTIONS");
    return text::join(names, ", ");
}

// Threat: DNS rebinding makes a page of the attacker's name speak to us. Defence: only our
// own names (MCP, streamable HTTP security warning).
bool host_allowed(const site& s, const request& r) {
    const auto name = host_name(r.header("host"));
    if (s.on_loopback && uri::is_loopback_host(name)) return true;
    return std::find(s.host_names.begin(), s.host_names.end(), name) != s.host_names.end();
}

// MCP, streamable HTTP: "Servers MUST validate the Origin header". Absent: no browser.
bool origin_allowed(const site& s, const request& r) {
    if (!r.has("origin")) return true;
    const auto origin = text::lower(r.header("origin"));
    if (std::find(s.origins.begin(), s.origins.end(), origin) != s.origins.end()) return true;
    const auto parts = uri::split(origin);
    return parts && (parts->scheme == "http" || parts->scheme == "https") &&
           uri::is_loopback_host(parts->host) && parts->path.empty() && !parts->has_query &&
           !parts->has_userinfo;
}

// `origin` was checked; empty: none was sent.
void share(response& answer, const route& p, std::string_view origin) {
    if (p.sharing == sharing::none) return;
    if (p.sharing == sharing::mcp) {
        answer.set("Vary", "Origin");
        if (origin.empty()) return;
        answer.set("Access-Control-Allow-Origin", std::string(origin));
    } else {
        answer.set("Access-Control-Allow-Origin", "*");
    }
    const auto exposed = rule_of(p.sharing).expose_headers;
    if (!exposed.empty()) answer.set("Access-Control-Expose-Headers", std::string(exposed));
}

// MCP 2026-07-28, x-mcp-header: tools name these headers, so no list can, and a wildcard does
// not stand beside Authorization. Those that were asked for are named again.
std::string parameter_headers(const request& r) {
    std::string out;
    const auto asked = text::split(text::lower(r.header("access-control-request-headers")), ',');
    for (const auto& one : asked) {
        const auto name = text::trim(one);
        if (name.starts_with("mcp-param-") && http::safe_header_name(name))
            out.append(", ").append(name);
    }
    return out;
}

// preflight() comes before any authentication, for it carries none (Fetch standard).
response preflight(const route& p, const request& r) {
    response answer;
    answer.status = 204;
    share(answer, p, r.header("origin"));
    auto headers = std::string(rule_of(p.sharing).allow_headers);
    if (p.sharing == sharing::mcp) headers += parameter_headers(r);
    answer.set("Access-Control-Allow-Methods", allowed_methods(p));
    answer.set("Access-Control-Allow-Headers", std::move(headers));
    answer.set("Access-Control-Max-Age", "7200");
    return answer;
}

void harden(response& answer) {
    answer.set("X-Content-Type-Options", "nosniff");
    const bool decided =
        std::any_of(answer.headers.begin(), answer.headers.end(),
                    [](const auto& h) { return text::iequals(h.first, "Cache-Control"); });
    if (!decided) answer.set("Cache-Control", "no-store");
}

// The administrator reads in the log which name came and which would do: most of all, PUBLIC_URL is
// not what people use, or the proxy sends a name of its own. Who asks is told neither.
response misdirected(const site& s, const request& r) {
    auto refused = json_error(421, "misdirected_request");
    refused.log.emplace_back("host", text::visible_start(r.header("host"), 100));
    refused.log.emplace_back("expected", text::join(s.host_names, ","));
    return refused;
}

// refuse_early() answers what needs no endpoint; nullopt: nothing stands in its way. The host comes
// first, so that under a strange name not even a 404 is told; the origin before credentials, for a
// page that may not call learns nothing of them; a preflight before the method, because no row of
// the table has OPTIONS.
std::optional<response> refuse_early(const site& s, const request& r, const route* p) {
    // The socket has no name that its callers could be led to under another one.
    if (!r.local && !(p && p->any_host) && !host_allowed(s, r)) return misdirected(s, r);
    if (!p || (r.local && !p->at_socket)) return json_error(404, "not_found");
    if (p->sharing == sharing::mcp && !origin_allowed(s, r)) return origin_refused();
    // Threat: a proxy before us and a reader behind it pick different ones of two. Defence: one.
    if (count(r, "authorization") > 1) {
        auto answer =
            p->sharing == sharing::mcp ? two_tokens(s.for_mcp, r) : json_error(400, "bad_request");
        share(answer, *p, r.header("origin"));
        return answer;
    }
    if (r.method == "OPTIONS" && p->sharing != sharing::none) return preflight(*p, r);
    if (!p->whole && !find_endpoint(*p, r.method)) {
        auto answer = method_not_allowed(allowed_methods(*p));
        share(answer, *p, r.header("origin"));
        return answer;
    }
    return std::nullopt;
}

asio::awaitable<response> dispatch(site& s, request r) {
    const auto* p = find_route(r.path);
    const auto route = p ? p->path : std::string_view();
    if (auto refused = refuse_early(s, r, p)) {
        harden(*refused);
        refused->route = route;
        co_return std::move(*refused);
    }
    const std::string origin(r.header("origin")); // the request moves into the endpoint
    const auto answer_with = p->whole ? p->whole : find_endpoint(*p, r.method);
    auto answer = co_await answer_with(s, std::move(r));
    share(answer, *p, origin);
    harden(answer);
    answer.route = route;
    co_return answer;
}

asio::awaitable<http::judged_token> judged(site& s, const request& head) {
    const auto* p = find_route(head.path);
    http::judged_token token;
    if (!p || p->sharing != sharing::mcp) co_return token;
    token = co_await judge_token(s.for_mcp, head);
    if (!token.refused) co_return token;
    share(*token.refused, *p, head.header("origin"));
    harden(*token.refused);
    token.refused->route = p->path;
    co_return token;
}

} // namespace

http::handler make_handler(site& s) {
    return [&s](request r) { return dispatch(s, std::move(r)); };
}

http::refuser make_refuser(const site& s) {
    return [&s](const request& head, const http::refusal& why) {
        auto answer = http::plain_refusal(head, why);
        if (const auto* p = find_route(head.path)) {
            // RFC 6749 §5.2 knows these codes only. On what passes, clients keep their tokens.
            const bool passes = why.status == 429 || why.status == 503;
            if (p->sharing == sharing::oauth)
                answer.body = oauth::error_body(
                    passes ? "temporarily_unavailable" : "invalid_request", why.text);
            if (p->sharing != sharing::mcp || origin_allowed(s, head))
                share(answer, *p, head.header("origin"));
        }
        harden(answer);
        if (const auto* p = find_route(head.path)) answer.route = p->path;
        return answer;
    };
}

// Threat: a stranger makes the server hold and read a body of a megabyte. Defence: what the head
// alone refuses is refused before the body; at /mcp that is a request without a token, too.
http::head_check make_head_check(site& s) {
    return [&s](const request& head) {
        const auto* p = find_route(head.path);
        auto refused = refuse_early(s, head, p);
        if (!refused && p->sharing == sharing::mcp) {
            refused = token_missing(s.for_mcp, head);
            if (refused) share(*refused, *p, head.header("origin"));
        }
        if (!refused) return refused;
        harden(*refused);
        if (p) refused->route = p->path;
        return refused;
    };
}

http::token_check make_token_check(site& s) {
    return [&s](const request& head) { return judged(s, head); };
}

http::body_limit make_body_limit(const site& s) {
    return [&s](const request& head) -> std::optional<std::size_t> {
        const auto* p = find_route(head.path);
        if (p && p->whole) return admin_body_limit(s.for_admin, head);
        return std::max(p ? p->body_bytes : 0, least_bytes);
    };
}

} // namespace web
