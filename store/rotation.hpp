// What to do with a presented refresh token. Rotation is idempotent: several processes of one
// client share a token, retry after lost answers, and must all get the same successors.
// Threat: a stolen refresh token is used beside its owner. Defence: once the successor is in use, a
// predecessor is good for some seconds more, as processes of one client race; then it is refused,
// and after the grace it gives both users away, and the grant ends (OAuth 2.1 §4.3.1, RFC 9700
// §4.14.2), unless the administrator chose that it goes on for one of them.
#pragma once

#include "base/secret.hpp"
#include "oauth/types.hpp"
#include "store/keyring.hpp"
#include "store/lineage.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace store {

enum class refresh_state { current, previous, retired };

enum class verdict {
    rotate,       // the normal case
    repeat,       // a retry or a race: the same successors once more
    rotate_again, // the answer was lost: new successors, the orphan is retired
    refuse,       // a late straggler of a race: invalid_grant, nothing else
    reuse,        // invalid_grant, and the grant ends
    stale,        // reuse where the grant is to go on: invalid_grant, and the log says so
};

// `age`: since the token entered its state. `seen_for`: since the client first used what it got for
// this token; nullopt: it has not.
verdict judge(refresh_state state, std::chrono::seconds age,
              std::optional<std::chrono::seconds> seen_for, const oauth::lifetimes& lives,
              oauth::reuse_policy policy) noexcept;

// Both are functions of the presented token, the nonce of the rotation and the server key (and, for
// the refresh token, of what it says of itself): only hashes are stored, and still a retry can be
// answered with the same pair.
struct successors {
    secret refresh;
    secret access;
    secret older_refresh; // as servers made it before a token said its lineage
};
successors derive_successors(const secret& presented, std::string_view nonce, const server_key& key,
                             const lineage& of, const secret& lineage_key);

} // namespace store
