#include "base/crypto.hpp"
#include "doctor/examination.hpp"
#include "doctor/looks.hpp"
#include "oauth/known_clients.hpp"

#include <ctime>

namespace doctor {

namespace {

constexpr std::string_view plain_challenge =
    "&code_challenge_method=plain&code_challenge=a-challenge-of-more-than-43-characters-1234567";

// A fresh verifier for the request whose page is kept, and its challenge (RFC 7636 §4.2).
std::string challenge_of(examination& e) {
    e.verifier = text::base64url_encode(crypto::random_bytes(32));
    return "&code_challenge_method=S256&code_challenge=" +
           text::base64url_encode(crypto::sha256(e.verifier));
}

} // namespace

finding look_registration(examination& e) {
    http::probe_request r;
    r.method = "POST";
    r.target = "/register";
    r.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    r.body = json::dump(json::make({{"client_name", "twenty-mcp doctor"},
                                    {"redirect_uris", json::list({callback})},
                                    {"token_endpoint_auth_method", "none"}}));
    const auto came = e.client.ask(r);
    e.client_id = client_id_of(came);
    return judge_registration(came);
}

finding look_page(examination& e) {
    e.page = e.get(e.authorize_target(e.client_id, callback, challenge_of(e)));
    return judge_page(e.page);
}

finding look_cookie(examination& e) { return judge_cookie(e.page, e.given.where.url.tls); }
finding look_style(examination& e) { return judge_style(e.get("/static/consent.css")); }

// Claude Code's document is known to the server without a fetch, so its hosts are not asked.
finding look_client_document(examination& e) {
    const auto& known = oauth::known_documents().back();
    const bool offered = e.server_document.flag("client_id_metadata_document_supported");
    if (!offered) return judge_client_document(error(), false);
    const auto kept = e.verifier;
    const auto page =
        e.get(e.authorize_target(known.client_id, known.redirect_uris[1], challenge_of(e)));
    e.verifier = kept;
    return judge_client_document(page, true);
}

finding look_pkce(examination& e) {
    const auto without = e.get(e.authorize_target(e.client_id, callback, ""));
    const auto plain = e.get(e.authorize_target(e.client_id, callback, plain_challenge));
    return judge_pkce(without, plain);
}

finding look_token_endpoint(examination& e) {
    e.code = secret(std::string_view("doctor-made-this-up"));
    const auto came = e.exchange_code();
    e.code = secret();
    return judge_token_endpoint(came);
}

finding look_revoke_endpoint(examination& e) {
    text::fields form;
    form.emplace_back("token", "doctor-made-this-up");
    form.emplace_back("client_id", e.client_id);
    return judge_revoke_endpoint(e.post_form("/revoke", form));
}

finding look_key(examination& e) {
    const auto& key = *e.given.key;
    if (!key) return failed(shown(key.failure().message));
    const std::int64_t now = std::time(nullptr);
    return judge_key(twenty::read_key(*key, now), now);
}

// The page is asked for anew: the one of look_page() may be a quarter of an hour old by now.
finding look_consent(examination& e) {
    e.page = e.get(e.authorize_target(e.client_id, callback, challenge_of(e)));
    auto form = form_of(e.page);
    if (!form) return failed("the page cannot be read: " + told(e.page));
    form->hidden.emplace_back("api_key", std::string(e.key().reveal()));
    form->hidden.emplace_back("mode", "read");
    form->hidden.emplace_back("label", "doctor");
    form->hidden.emplace_back("action", "approve");
    http::probe_request r;
    r.method = "POST";
    r.target = "/authorize";
    r.headers = {{"Origin", e.given.where.origin}, {"Cookie", form->cookie}};
    std::string body;
    for (const auto& [name, value] : form->hidden)
        body += (body.empty() ? "" : "&") + name + "=" + text::percent_encode(value);
    r.form = secret(std::move(body));
    const auto came = e.client.ask(r);
    if (auto back = way_back_of(came)) e.code = std::move(back->code);
    return judge_consent(came, consent_state, e.given.where.origin);
}

finding look_token(examination& e) {
    const auto came = e.exchange_code();
    e.held = tokens_of(came);
    return judge_tokens(came);
}

// Should the new pair be lost on its way, the spent refresh token still ends the connection.
finding look_refresh(examination& e) {
    text::fields form;
    form.emplace_back("grant_type", "refresh_token");
    form.emplace_back("client_id", e.client_id);
    form.emplace_back("resource", e.given.where.resource);
    form.emplace_back("refresh_token", std::string(e.held->refresh.reveal()));
    const auto came = e.post_form("/token", form);
    if (auto fresh = tokens_of(came)) e.held = std::move(fresh);
    return judge_tokens(came);
}

finding look_revoke(examination& e) {
    const auto& revoked = e.revoke();
    const auto afterwards = e.call("ping", {}, e.held->access);
    return judge_revocation(revoked, afterwards);
}

} // namespace doctor
