#include "oauth/sealed_request.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "oauth/scope.hpp"

namespace oauth {

namespace {

// bound_to carries the version of the members: pages of another version do not open, instead of
// being misread.
constexpr std::string_view bound_to = "authorization request v1";

std::string browser_hash(std::string_view cookie, const secret& key) {
    return text::base64url_encode(
        crypto::keyed_hash(key.reveal(), "browser|" + std::string(cookie), 16));
}

error not_genuine() { return {errc::bad_request, "This page is no longer valid."}; }

// read_members() sees nothing but what seal_request() wrote, so the members are taken as they are.
opened_request read_members(const json::value& document) {
    opened_request out;
    out.id = document.text("id");
    out.expires_at = clock::from_time_t(document.find("exp")->as_int().value_or(0));
    auto& request = out.request;
    request.client_id = document.text("client_id");
    request.kind = static_cast<client_kind>(document.find("kind")->as_int().value_or(0));
    request.client_name = document.text("name");
    request.redirect_uri = document.text("redirect_uri");
    if (const auto scope = parse_scope(document.text("scope")); scope.ok()) request.scope = *scope;
    if (const auto* state = document.find("state")) request.state = *state->if_string();
    request.code_challenge = document.text("challenge");
    request.resource = document.text("resource");
    return out;
}

} // namespace

secret request_key(const secret& server_key) {
    return crypto::derive(server_key, "authorization request");
}

std::string seal_request(const authorization_request& request, const secret& key,
                         std::string_view browser_cookie, time_point expires_at) {
    json::writer out;
    out.begin_object()
        .member("id", text::base64url_encode(crypto::random_bytes(16)))
        .member("exp", clock::to_time_t(expires_at))
        .member("browser", browser_hash(browser_cookie, key))
        .member("client_id", request.client_id)
        .member("kind", static_cast<int>(request.kind))
        .member("name", request.client_name)
        .member("redirect_uri", request.redirect_uri)
        .member("scope", to_string(request.scope));
    if (request.state) out.member("state", *request.state);
    out.member("challenge", request.code_challenge)
        .member("resource", request.resource)
        .end_object();
    return text::base64url_encode(crypto::seal(key, out.text(), bound_to));
}

result<opened_request> open_request(std::string_view sealed, const std::vector<secret>& keys,
                                    std::string_view browser_cookie, time_point now) {
    const auto bytes = text::base64url_decode(sealed);
    if (!bytes) return not_genuine();
    // A page that was made before the server's key changed opens with its predecessor. The cookie's
    // hash is made with the key that opened the page, as seal_request() made it.
    for (const auto& key : keys) {
        const auto plain = crypto::unseal(key, *bytes, bound_to);
        if (!plain) continue;
        const auto document = json::parse(plain->reveal());
        if (!document) return not_genuine();
        auto opened = read_members(*document);
        if (now >= opened.expires_at) return not_genuine();
        // Threat: an attacker lets a victim submit the attacker's own request, or the reverse.
        // Defence: the request opens only in the browser that asked for it.
        if (!crypto::equal(document->text("browser"), browser_hash(browser_cookie, key)))
            return error{errc::not_allowed, "This page was opened in another browser."};
        return opened;
    }
    return not_genuine();
}

} // namespace oauth
