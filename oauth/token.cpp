#include "oauth/token.hpp"

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "oauth/scope.hpp"

#include <algorithm>

namespace oauth {

namespace {

constexpr std::size_t s256_characters = 43; // base64url of 32 bytes

bool base64url_character(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

// read_common() reads what both grant types share. Whether resource and scope fit the grant is for
// the store to judge, which does so before it changes anything. Several resources may be sent
// (RFC 8707 §2.2), but all must mean this server.
template <class Exchange>
result<done> read_common(const text::fields& form, const client& who,
                         const server_identity& identity, Exchange& out) {
    out.client_id = who.id;
    for (const auto& [name, value] : form) {
        if (name != "resource") continue;
        out.resource = canonical_resource(identity, value);
        if (!out.resource) return error{errc::invalid_target, "resource is not this server"};
    }
    if (const auto* scope = text::find(form, "scope")) {
        TRY(parsed, parse_scope(*scope));
        out.scope = parsed;
    }
    return done{};
}

result<token_request> read_code(const text::fields& form, const client& who,
                                const server_identity& identity) {
    const auto* code = text::find(form, "code");
    if (!code) return error{errc::bad_request, "code is missing"};
    const auto* verifier = text::find(form, "code_verifier");
    if (!verifier) return error{errc::bad_request, "code_verifier is missing"};
    if (!valid_code_verifier(*verifier))
        return error{errc::bad_request, "code_verifier must be 43 to 128 unreserved characters"};
    code_exchange out;
    CHECK_OK(read_common(form, who, identity, out));
    out.may_refresh = who.may_refresh;
    out.code = secret(*code);
    out.code_verifier = *verifier;
    // OAuth 2.1 has no redirect_uri here any more, because PKCE binds the code. A client that sends
    // it (RFC 6749 §4.1.3) must send the one it used: the store compares.
    if (const auto* uri = text::find(form, "redirect_uri")) out.redirect_uri = *uri;
    return token_request{std::move(out)};
}

result<token_request> read_refresh(const text::fields& form, const client& who,
                                   const server_identity& identity) {
    // RFC 6749 §5.2: unauthorized_client. first_tokens() in the store gives such a client no
    // refresh token in the first place.
    if (!who.may_refresh)
        return error{errc::not_allowed,
                     "This client did not register the grant type refresh_token"};
    const auto* token = text::find(form, "refresh_token");
    if (!token) return error{errc::bad_request, "refresh_token is missing"};
    refresh_exchange out;
    CHECK_OK(read_common(form, who, identity, out));
    out.refresh_token = secret(*token);
    return token_request{std::move(out)};
}

} // namespace

result<token_request> read_token_request(const text::fields& form, const client& who,
                                         const server_identity& identity) {
    const auto* type = text::find(form, "grant_type");
    if (!type) return error{errc::bad_request, "grant_type is missing"};
    if (*type == "authorization_code") return read_code(form, who, identity);
    if (*type == "refresh_token") return read_refresh(form, who, identity);
    return error{errc::unsupported, "grant_type must be authorization_code or refresh_token"};
}

// The scope is always told, because it may be less than what was asked for (RFC 6749 §5.1).
std::string token_json(const token_pair& tokens) {
    json::writer out;
    out.begin_object()
        .member("access_token", tokens.access_token.reveal())
        .member("token_type", "Bearer")
        .member("expires_in", tokens.expires_in.count());
    if (tokens.refresh_token) out.member("refresh_token", tokens.refresh_token->reveal());
    out.member("scope", to_string(tokens.scope)).member("resource", tokens.resource).end_object();
    return out.take();
}

result<token_revocation> read_revocation(const text::fields& form, const client& who) {
    const auto* token = text::find(form, "token");
    if (!token) return error{errc::bad_request, "token is missing"};
    token_revocation out;
    out.client_id = who.id;
    out.token = secret(*token);
    return out;
}

bool valid_code_challenge(std::string_view challenge) noexcept {
    return challenge.size() == s256_characters &&
           std::all_of(challenge.begin(), challenge.end(), base64url_character);
}

bool valid_code_verifier(std::string_view verifier) noexcept {
    return verifier.size() >= 43 && verifier.size() <= 128 &&
           std::all_of(verifier.begin(), verifier.end(),
                       [](char c) { return base64url_character(c) || c == '.' || c == '~'; });
}

// RFC 7636 §4.6. The form of the verifier counts here too: one of a few characters could be found
// from its challenge, which travels in the open.
bool code_verifier_matches(std::string_view challenge, std::string_view verifier) {
    return valid_code_verifier(verifier) &&
           crypto::equal(text::base64url_encode(crypto::sha256(verifier)), challenge);
}

} // namespace oauth
