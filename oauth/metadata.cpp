#include "oauth/metadata.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "oauth/client.hpp"
#include "oauth/scope.hpp"

namespace oauth {

namespace {

template <class Range> json::array strings(const Range& range) {
    json::array out;
    for (const auto& item : range)
        out.emplace_back(std::string(item));
    return out;
}

json::array authentication_methods() {
    json::array out;
    for (const auto& row : auth_methods())
        out.emplace_back(row.name);
    return out;
}

std::string permissions() {
    std::string out;
    for (const auto name : resource_scopes()) {
        if (!out.empty()) out += ' ';
        out += name;
    }
    return out;
}

// RFC 6750 §3.1. All values are constants or come from PUBLIC_URL, so none needs quoting.
struct challenge_text {
    std::string_view error; // empty: no error attribute
    std::string_view description;
};
challenge_text text_of(challenge reason) noexcept {
    switch (reason) {
    case challenge::no_token:
        return {};
    case challenge::invalid_token:
        return {"invalid_token", "The access token is unknown, expired or revoked"};
    case challenge::invalid_request:
        return {"invalid_request", "Send exactly one Authorization header"};
    case challenge::insufficient_scope:
        return {"insufficient_scope", "This tool needs the scope twenty:write"};
    }
    return {};
}

} // namespace

// Each member is a promise: `iss` is in every authorization response (RFC 9207 §3), S256 is the
// only challenge (MCP clients turn away where the member is missing), and clients that find their
// document welcome do not register any more.
std::string authorization_server_metadata(const server_identity& identity, bool documents) {
    json::writer out;
    out.begin_object()
        .member("issuer", identity.issuer)
        .member("authorization_endpoint", identity.authorization_endpoint)
        .member("token_endpoint", identity.token_endpoint)
        .member("registration_endpoint", identity.registration_endpoint)
        .member("revocation_endpoint", identity.revocation_endpoint)
        .member("scopes_supported", strings(authorization_server_scopes()))
        .member("response_types_supported", json::list({"code"}))
        .member("response_modes_supported", json::list({"query"}))
        .member("grant_types_supported", json::list({"authorization_code", "refresh_token"}))
        // `none` is in the list, or some clients could neither register nor bring their own
        // document.
        .member("token_endpoint_auth_methods_supported", authentication_methods())
        .member("revocation_endpoint_auth_methods_supported", authentication_methods())
        .member("code_challenge_methods_supported", json::list({"S256"}))
        .member("authorization_response_iss_parameter_supported", true) // RFC 9207
        .member("client_id_metadata_document_supported", documents)
        .member("protected_resources", json::list({identity.resource}))
        .end_object();
    return out.take();
}

// resource_scopes() leaves offline_access out, as MCP wants it here and in the challenge: it is no
// permission of the resource. Tokens come in the header alone (RFC 6750 §2.1), because those in a
// query end up in logs and histories (§5.3).
std::string protected_resource_metadata(const server_identity& identity, bool trailing_slash) {
    json::writer out;
    out.begin_object()
        .member("resource", identity.resource + (trailing_slash ? "/" : ""))
        .member("authorization_servers", json::list({identity.issuer}))
        .member("scopes_supported", strings(resource_scopes()))
        .member("bearer_methods_supported", json::list({"header"}))
        .member("resource_name", "Twenty CRM (MCP)")
        .member("resource_documentation", identity.documentation)
        .end_object();
    return out.take();
}

// The scope attribute names both permissions whatever was missing: clients ask for what it says,
// and the person, not the client, is to choose between reading and writing. resource_metadata
// (RFC 9728 §5.1) is absolute, since some clients pass a relative one over.
std::string challenge_header(const server_identity& identity, challenge reason,
                             bool trailing_slash) {
    std::string out = "Bearer realm=\"twenty-mcp\"";
    const auto text = text_of(reason);
    if (!text.error.empty()) {
        out.append(", error=\"").append(text.error);
        out.append("\", error_description=\"").append(text.description).append("\"");
    }
    out.append(", resource_metadata=\"").append(identity.resource_metadata);
    if (trailing_slash) out += '/';
    return out.append("\", scope=\"").append(permissions()).append("\"");
}

} // namespace oauth
