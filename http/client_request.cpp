// A request to Twenty as it goes over the wire.
#include "http/client_exchange.hpp"
#include "http/header_values.hpp"

#include <algorithm>

namespace http {

// Threat: a line break in a target or a key writes further header fields. Defence: nothing
// but visible ASCII is sent.
std::optional<error> client_pool::unsendable(const exchange& e) const {
    const auto key = e.key.reveal();
    if (!safe_header_name(e.request.method) || !safe_target(e.request.target))
        return error(errc::internal, "The request to Twenty is malformed.", e.request.target);
    // A question that needs no key has none (twenty/probe).
    if (!std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7F; }))
        return error(errc::upstream_auth,
                     "The Twenty API key holds characters that no key has; create a new one.");
    return std::nullopt;
}

// head_of() writes the absolute form to a proxy that passes the request on (RFC 9112 §3.2.2);
// through a tunnel the proxy sees none of it.
secret client_pool::head_of(const exchange& e) const {
    const auto* const proxy = options_.proxy && !url_.tls ? &*options_.proxy : nullptr;
    std::string head;
    head.reserve(512 + url_.path.size() + 2 * url_.authority.size() + e.request.target.size() +
                 e.key.size() + options_.fields.size() +
                 (proxy ? proxy->authorization.size() : 0)); // never grows: no copy of the key is
                                                             // left
    head.append(e.request.method).append(" ");
    if (proxy) head.append("http://").append(url_.authority);
    head.append(url_.path).append(e.request.target);
    head.append(" HTTP/1.1\r\nHost: ").append(url_.authority);
    if (!e.key.empty()) head.append("\r\nAuthorization: Bearer ").append(e.key.reveal());
    head.append(options_.fields.reveal());
    const auto& trace = e.request.traceparent;
    if (!trace.empty()) head.append("\r\ntraceparent: ").append(trace);
    if (proxy && !proxy->authorization.empty())
        head.append("\r\nProxy-Authorization: ").append(proxy->authorization.reveal());
    head.append("\r\nAccept: application/json\r\nUser-Agent: twenty-mcp/" TWENTY_MCP_VERSION);
    if (!e.request.body.empty()) head.append("\r\nContent-Type: application/json");
    if (!e.request.body.empty() || e.request.method != "GET")
        head.append("\r\nContent-Length: ").append(std::to_string(e.request.body.size()));
    head.append("\r\n\r\n");
    return secret(std::move(head));
}

} // namespace http
