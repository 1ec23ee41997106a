// The credentials of /token and /revoke: the Authorization header in the first line, the form in
// the rest. Basic is written again by the rules of RFC 6749 §2.3.1 and must come back.
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "http/respond.hpp"
#include "oauth/client.hpp"
#include "oauth/client_authentication.hpp"
#include "oauth/identity.hpp"
#include "oauth/token.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/targets.hpp"

#include <string>

namespace {

void basic_round_trip(std::string_view id, std::string_view password) {
    if (id.empty()) return;
    const auto header = "Basic " + text::base64_encode(text::percent_encode(id) + ":" +
                                                       text::percent_encode(password));
    const auto read = oauth::read_credentials({}, header);
    fuzz::must(read && read->client_id == id && read->client_secret.reveal() == password &&
                   read->method == oauth::auth_method::client_secret_basic,
               "what Basic carries comes back");
}

void bearer(std::string_view authorization) {
    http::request r;
    r.headers.emplace_back("authorization", authorization);
    const auto given = http::bearer_of(r);
    if (given.what != http::bearer::kind::present) return;
    fuzz::must(!given.token.empty() && given.token.size() <= 4096, "a token's size is bounded");
    for (const char c : given.token)
        fuzz::must(c > 0x20 && c < 0x7F && c != '"' && c != ',', "a token is one word");
}

} // namespace

void fuzz::credentials(std::string_view bytes) {
    const auto authorization = take_line(bytes);
    bearer(authorization);
    const auto form = oauth::read_form("application/x-www-form-urlencoded", bytes);
    if (!form) {
        basic_round_trip(authorization, bytes);
        return;
    }
    const auto read = oauth::read_credentials(*form, authorization);
    if (!read) return;
    must(!read->client_id.empty(), "credentials name a client");
    const bool basic = read->method == oauth::auth_method::client_secret_basic;
    must(basic == text::starts_with_ci(authorization, "basic "), "Basic comes from the header");
    if (basic) must(!text::find(*form, "client_secret"), "never two ways at once");

    static const secret key(std::string(32, 'k'));
    oauth::client who;
    who.id = read->client_id;
    who.redirect_uris = {"http://localhost/callback"};
    must(oauth::authenticate(who, *read, key).ok() == read->client_secret.empty(),
         "a public client sends no secret");
    who.authentication = oauth::auth_method::client_secret_post;
    must(!oauth::authenticate(who, *read, key), "nobody can guess a client's secret");

    static const auto identity = *oauth::make_identity("https://mcp.example.com");
    const auto exchange = oauth::read_token_request(*form, who, identity);
    if (exchange) {
        const auto* code = std::get_if<oauth::code_exchange>(&*exchange);
        if (code)
            must(oauth::valid_code_verifier(code->code_verifier) && !code->code.empty(),
                 "a code comes with its verifier");
        else
            must(!std::get<oauth::refresh_exchange>(*exchange).refresh_token.empty(),
                 "a refresh comes with its token");
    }
    (void)oauth::read_revocation(*form, who);
}
