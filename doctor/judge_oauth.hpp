// Rules about a client's way to its tokens: registration, the consent page, PKCE, /token, /revoke;
// and what of these answers the next step needs.
#pragma once

#include "base/secret.hpp"
#include "base/text.hpp"
#include "doctor/judge_answers.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace doctor {

finding judge_registration(const asked& a);
std::string client_id_of(const asked& a); // empty: none

finding judge_page(const asked& a);
finding judge_cookie(const asked& page, bool tls);
finding judge_style(const asked& a);
finding judge_client_document(const asked& page, bool offered);
// /authorize without code_challenge; and with the method plain (RFC 7636 §4.4.1).
finding judge_pkce(const asked& without, const asked& plain);
// /token with a code that nobody got.
finding judge_token_endpoint(const asked& a);
finding judge_revoke_endpoint(const asked& a);

// The form of the consent page, as a browser would send it back.
struct consent_form {
    text::fields hidden;
    std::string cookie; // for the Cookie header
};
std::optional<consent_form> form_of(const asked& page);

// After the key was sent with the form: the client's address with code, state and iss.
struct way_back {
    secret code;
    std::string state;
    std::string issuer;
};
std::optional<way_back> way_back_of(const asked& a);
finding judge_consent(const asked& a, std::string_view state, std::string_view issuer);

struct tokens {
    secret access;
    secret refresh;
};
std::optional<tokens> tokens_of(const asked& a);
finding judge_tokens(const asked& a);

// Twice: the revocation itself, and the token at /mcp afterwards.
finding judge_revocation(const asked& revoked, const asked& afterwards);

} // namespace doctor
