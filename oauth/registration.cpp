// POST /register (RFC 7591): from JSON to JSON.
#include "base/crypto.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "oauth/client.hpp"
#include "oauth/client_metadata.hpp"
#include "oauth/scope.hpp"

namespace oauth {

namespace {

using refusal = metadata_fault;
using verdict = metadata_verdict;

// RFC 7591 §2: client_secret_basic when absent. A client that only prefers something else
// may offer a list to choose from; the answer says which it became (RFC 7591 §3.2.1).
verdict read_method(const json::value& document, client& out) {
    const auto* wanted = document.find("token_endpoint_auth_method");
    if (!wanted || wanted->is_null()) {
        out.authentication = auth_method::client_secret_basic;
        return std::nullopt;
    }
    const auto* name = wanted->if_string();
    if (!name) return refusal{bad_metadata, "token_endpoint_auth_method must be a string"};
    const auto offered = read_strings(document, "token_endpoint_auth_methods_supported");
    std::vector<std::string> known;
    for (const auto& row : auth_methods()) {
        if (row.name == *name) {
            out.authentication = row.method;
            return std::nullopt;
        }
        known.emplace_back(row.name);
    }
    for (const auto& row : auth_methods()) {
        if (!offered.contains(row.name)) continue;
        out.authentication = row.method;
        return std::nullopt;
    }
    return refusal{bad_metadata,
                   "token_endpoint_auth_method must be one of " + text::join(known, ", ")};
}

// Links are checked and forgotten: never stored, shown or fetched.
verdict check_registered_links(const json::value& document) {
    for (const auto name : {"client_uri", "logo_uri", "policy_uri", "tos_uri"}) {
        const auto* member = document.find(name);
        if (!member || member->is_null()) continue;
        const auto* uri = member->if_string();
        if (uri && uri->empty()) continue;
        if (!uri ||
            !(text::starts_with_ci(*uri, "https://") || text::starts_with_ci(*uri, "http://")))
            return refusal{bad_metadata, std::string(name) + " must be an http or https URL"};
    }
    return std::nullopt;
}

// MCP 2026-07-28 has clients send application_type. The answer repeats it and nothing else follows
// from it: the redirect URIs themselves say whether a client is native.
verdict check_strings(const json::value& document) {
    for (const auto name : {"client_name", "scope", "application_type"}) {
        const auto* member = document.find(name);
        if (member && !member->is_null() && !member->is_string())
            return refusal{bad_metadata, std::string(name) + " must be a string"};
    }
    const auto kind = document.text("application_type", "web");
    if (kind != "web" && kind != "native")
        return refusal{bad_metadata, "application_type must be web or native"};
    return std::nullopt;
}

// RFC 7591 §3.2.1: the answer is what was registered, not what was asked. Grant types and scopes
// that this server lacks are missing in it, and so are the links.
std::string registration_json(const client& made, const json::value& document, const secret& key,
                              time_point now) {
    json::array uris;
    for (const auto& uri : made.redirect_uris)
        uris.emplace_back(uri);
    json::array grants{"authorization_code"};
    if (made.may_refresh) grants.emplace_back("refresh_token");
    json::writer out;
    out.begin_object()
        .member("client_id", made.id)
        .member("client_id_issued_at", clock::to_time_t(now))
        .member("redirect_uris", std::move(uris))
        .member("grant_types", std::move(grants))
        .member("response_types", json::list({"code"}))
        .member("token_endpoint_auth_method", to_string(made.authentication));
    if (!made.name.empty()) out.member("client_name", made.name);
    if (const auto scope = parse_scope(document.text("scope")); scope.ok()) {
        const auto known = to_string(*scope);
        if (!known.empty()) out.member("scope", known);
    }
    if (const auto kind = document.text("application_type"); !kind.empty())
        out.member("application_type", kind);
    if (made.authentication != auth_method::none) {
        out.member("client_secret", client_secret(made.id, key).reveal());
        out.member("client_secret_expires_at", 0); // RFC 7591 §3.2.1: required, 0 is never
    }
    out.end_object();
    return out.take();
}

bool json_media_type(std::string_view content_type) {
    return text::iequals(text::trim(content_type.substr(0, content_type.find(';'))),
                         "application/json");
}

answer refuse(std::string_view code, std::string_view description) {
    return {400, error_body(code, description)};
}

// too_long() finds the part that the client can shorten, by signing once more without the name. The
// id carries all of the metadata and must still fit into the query of an authorization request.
answer too_long(client made, const secret& key, time_point now) {
    made.name.clear();
    const auto unnamed = sign_client_id(made, now, crypto::random_bytes(8), key);
    if (unnamed.size() > max_client_id_bytes)
        return refuse(bad_redirect, "The redirect URIs are too long together");
    return refuse(bad_metadata, "client_name is too long beside these redirect URIs");
}

} // namespace

answer register_client(std::string_view content_type, std::string_view body, const secret& key,
                       time_point now) {
    if (!json_media_type(content_type))
        return refuse("invalid_request", "Send the registration as application/json");
    if (body.size() > max_registration_bytes)
        return error_answer(error{errc::too_large, "The registration is larger than 16 KiB"});
    // A registration stores nothing: one that fails leaves nothing, and one that is repeated is
    // only another id. The size is judged before the parser sees a byte.
    const auto document = json::parse(body, client_metadata_limits);
    if (!document) return refuse("invalid_request", document.failure().message);
    if (!document->is_object())
        return refuse(bad_metadata, "The registration must be a JSON object");

    client made;
    for (const auto& fault : {read_redirect_uris(*document, made), read_method(*document, made),
                              read_grant_types(*document, made), check_registered_links(*document),
                              check_strings(*document)})
        if (fault) return refuse(fault->code, fault->description);
    made.name = clean_client_name(document->text("client_name"));
    made.id = sign_client_id(made, now, crypto::random_bytes(8), key);
    if (made.id.size() > max_client_id_bytes) return too_long(std::move(made), key, now);
    return {201, registration_json(made, *document, key, now)};
}

} // namespace oauth
