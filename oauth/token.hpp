// POST /token and POST /revoke once the client is known: form in, exchange out; and the JSON
// of a token answer.
#pragma once

#include "base/result.hpp"
#include "base/text.hpp"
#include "oauth/identity.hpp"
#include "oauth/types.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace oauth {

using token_request = std::variant<code_exchange, refresh_exchange>;

// RFC 6749 §4.1.3 and §6, RFC 7636 §4.5, RFC 8707 §2.2. errc::bad_request, unsupported (grant
// type), not_allowed (unauthorized_client), invalid_target, invalid_scope, invalid_grant.
result<token_request> read_token_request(const text::fields& form, const client& who,
                                         const server_identity& identity);

// RFC 6749 §5.1. JSON.
std::string token_json(const token_pair& tokens);

// RFC 7009 §2.1. token_type_hint is not needed: tokens name their kind.
result<token_revocation> read_revocation(const text::fields& form, const client& who);

// RFC 7636 §4.1, §4.2, §4.6; S256 only.
bool valid_code_challenge(std::string_view challenge) noexcept;
bool valid_code_verifier(std::string_view verifier) noexcept;
bool code_verifier_matches(std::string_view challenge, std::string_view verifier);

} // namespace oauth
