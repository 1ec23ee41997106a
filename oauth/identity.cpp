#include "oauth/identity.hpp"

#include "base/text.hpp"
#include "base/uri.hpp"

namespace oauth {

namespace {

// scheme://host[:port] in lower case without a default port; nullopt when the URI has no such
// origin or carries anything that an origin must not. A percent sign in the host is refused: it
// would be another host for whoever decodes it.
std::optional<std::string> origin_of(const uri::parts& uri) {
    const auto scheme = text::lower(uri.scheme);
    if (scheme != "https" && scheme != "http") return std::nullopt;
    if (!uri.has_authority || uri.has_userinfo || uri.host.empty()) return std::nullopt;
    for (const char c : uri.host)
        if (c <= 0x20 || c >= 0x7F || c == '\\' || c == '%' || c == '"') return std::nullopt;
    auto origin = scheme + "://" + text::lower(uri.host);
    if (uri.has_port) {
        const auto port = uri::port_number(uri.port);
        if (!port) return std::nullopt;
        if (*port != (scheme == "https" ? 443 : 80)) origin += ':' + std::to_string(*port);
    }
    return origin;
}

} // namespace

result<server_identity> make_identity(std::string_view public_url) {
    const error refused{errc::bad_request, "not an origin: write scheme, host and port only, as in "
                                           "https://crm-mcp.example.com"};
    const auto origin = canonical_origin(public_url);
    if (!origin) return refused;

    // The issuer has no trailing slash: clients compare it, as a string, with the address that they
    // asked (RFC 8414 §3.3). The endpoints lie at the root, where clients of MCP 2025-03-26 look
    // for them when they find no metadata (MCP 2025-03-26, authorization, fallbacks).
    server_identity out;
    out.issuer = *origin;
    out.resource = *origin + "/mcp";
    out.authorization_endpoint = *origin + "/authorize";
    out.token_endpoint = *origin + "/token";
    out.registration_endpoint = *origin + "/register";
    out.revocation_endpoint = *origin + "/revoke";
    out.resource_metadata = *origin + "/.well-known/oauth-protected-resource/mcp";
    out.documentation = *origin + "/";
    return out;
}

std::optional<std::string> canonical_origin(std::string_view url) {
    const auto uri = uri::split(url);
    if (!uri || uri->has_query || uri->has_fragment) return std::nullopt;
    if (!uri->path.empty() && uri->path != "/") return std::nullopt;
    return origin_of(*uri);
}

// The bare origin counts too, because people type it and clients send what was typed. Any other
// path is another resource: a prefix would accept tokens for whatever else lives on this host.
std::optional<std::string> canonical_resource(const server_identity& identity,
                                              std::string_view value) {
    const auto uri = uri::split(value);
    if (!uri || uri->has_query || uri->has_fragment) return std::nullopt;
    if (origin_of(*uri) != identity.issuer) return std::nullopt;
    if (uri->path.empty() || uri->path == "/" || uri->path == "/mcp" || uri->path == "/mcp/")
        return identity.resource;
    return std::nullopt;
}

} // namespace oauth
