#include "doctor/judge_answers.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

namespace doctor {

namespace {

constexpr std::string_view realm = "realm=\"twenty-mcp\"";

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

bool is_challenge(const answer& a) { return has(a.header("www-authenticate"), realm); }

// "502 (nginx), text/html": what tells one page of a proxy from another.
std::string described(const answer& a) {
    auto out = "status " + std::to_string(a.status);
    if (const auto type = a.header("content-type"); !type.empty()) out += ", " + shown(type, 60);
    if (const auto server = a.header("server"); !server.empty()) out += " of " + shown(server, 60);
    return out;
}

// What a proxy's own status says to whoever runs it.
std::string proxy_advice(int status) {
    switch (status) {
    case 502:
    case 503:
    case 504:
        return "The proxy does not reach twenty-mcp: is it running (systemctl status twenty-mcp), "
               "and does the proxy lead to the address of TWENTY_MCP_LISTEN?";
    case 404:
    case 405:
        return "The proxy does not lead /mcp to twenty-mcp: pass every path on, not some.";
    case 401:
    case 403:
    case 407:
        return "The proxy asks for a login of its own, or keeps callers out: clients cannot answer "
               "that. Take it away for this server; it has its own login.";
    case 429:
        return "A limit of the proxy's is reached: clients share addresses, so give it more.";
    default:
        return {};
    }
}

} // namespace

std::string told(const asked& a) { return a ? described(*a) : shown(a.failure().message); }

bool is_ours(const answer& a) {
    if (is_challenge(a)) return true;
    if (!has(a.header("content-type"), "json")) return false;
    const auto body = json::parse(a.body);
    if (!body) return false;
    // Every refusal of the server's own names its error in one of these forms.
    return body->find("jsonrpc") || (body->find("error") && body->find("error")->is_string());
}

finding judge_redirect(const asked& mcp) {
    if (!mcp || mcp->status / 100 != 3) return ok("none");
    return failed(std::to_string(mcp->status) + " to " + shown(mcp->header("location")));
}

finding judge_proxy(const asked& mcp) {
    if (!mcp) return failed(told(mcp));
    if (is_ours(*mcp) || mcp->status == 401) return ok("twenty-mcp answers");
    return failed(told(mcp), proxy_advice(mcp->status));
}

finding judge_host(const asked& mcp, std::string_view authority) {
    if (!mcp) return failed(told(mcp));
    if (mcp->status != 421) return ok(shown(authority));
    return failed("the server does not take the name " + shown(authority) +
                  " for its own (421), or the proxy sent it another one");
}

finding judge_refusal(const asked& mcp) {
    if (!mcp) return failed(told(mcp));
    if (mcp->status != 401) return failed(told(mcp));
    if (!is_ours(*mcp))
        return failed(told(mcp), "The proxy asks for a login of its own, or replaces the pages of "
                                 "errors: pass the answers of twenty-mcp on as they are.");
    return ok("401");
}

// RFC 9728 §5.1: from here a client finds everything else.
finding judge_challenge(const asked& mcp, std::string_view origin) {
    if (!mcp) return failed(told(mcp));
    const auto value = mcp->header("www-authenticate");
    if (value.empty()) return failed("401 without WWW-Authenticate");
    constexpr std::string_view name = "resource_metadata=\"";
    const auto at = value.find(name);
    if (at == value.npos) return failed("no resource_metadata in it: " + shown(value));
    const auto rest = value.substr(at + name.size());
    const auto url = rest.substr(0, rest.find('"'));
    const bool same = url.starts_with(origin) && url.substr(origin.size()).starts_with('/');
    if (!same)
        return failed("leads to " + shown(url) + ", the address used is " + shown(origin),
                      "Set PUBLIC_URL to the address that people use, and restart.");
    return ok(shown(url));
}

finding judge_head(const asked& head) {
    if (!head) return failed(told(head));
    if (head->status == 401 && is_challenge(*head)) return ok("401");
    return failed(told(head));
}

finding judge_methods(const asked& get, const asked& del) {
    for (const auto& [method, came] : {std::pair("GET", &get), std::pair("DELETE", &del)}) {
        if (*came && (*came)->status == 401 && is_ours(**came)) continue;
        return failed(std::string(method) + ": " + told(*came));
    }
    return ok("GET and DELETE");
}

finding judge_preflight(const asked& options, std::string_view web_origin) {
    if (!options) return failed(told(options));
    const auto allowed = options->header("access-control-allow-origin");
    if (options->status / 100 != 2 || allowed.empty())
        return failed(told(options) + (allowed.empty() ? ", no Access-Control-Allow-Origin" : ""));
    if (allowed != web_origin && allowed != "*")
        return failed("Access-Control-Allow-Origin: " + shown(allowed));
    const auto headers = text::lower(options->header("access-control-allow-headers"));
    if (!has(headers, "authorization"))
        return failed("Authorization is not among the allowed headers: " + shown(headers));
    return ok(shown(allowed));
}

finding judge_authorization(const asked& with_token) {
    if (!with_token) return failed(told(with_token));
    const auto value = with_token->header("www-authenticate");
    if (with_token->status == 401 && has(value, "error=\"invalid_token\"")) return ok("it arrives");
    if (with_token->status == 401 && is_ours(*with_token))
        return failed("a token was sent, and the server saw none");
    return failed(told(with_token));
}

finding judge_large_header(const asked& a) {
    if (a && a->status == 401 && is_ours(*a)) return ok("7 KB arrive");
    return failed("a header of 7 KB: " + told(a));
}

finding judge_large_body(const asked& a) {
    if (a && a->status == 401 && is_ours(*a)) return ok("1 MB arrives");
    return failed("a body of 1 MB: " + told(a));
}

finding judge_keep_alive(const asked& second, int connections) {
    if (!second) return warning(told(second));
    return connections == 0 ? ok("a second request on the same connection")
                            : warning("every request needs a connection of its own");
}

finding judge_ready(const asked& a) {
    if (!a) return failed(told(a));
    const auto body = json::parse(a->body);
    const auto* ready = body ? body->find("ready") : nullptr;
    if (!ready) return skipped("the proxy does not pass /readyz on");
    return ready->as_bool().value_or(false) ? ok("ready") : failed("it says that it is not");
}

} // namespace doctor
