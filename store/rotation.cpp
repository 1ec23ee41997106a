#include "store/rotation.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace store {

namespace {

// The prefix is a part of what is hashed, so that the two successors of one rotation have nothing
// in common, and nobody who holds the one can make the other. 32 bytes.
secret derive(std::string_view prefix, const secret& presented, std::string_view nonce,
              const server_key& key) {
    const secret message(bind({prefix, presented.reveal(), nonce}));
    return secret(crypto::keyed_hash(key.rotation.reveal(), message.reveal()));
}

} // namespace

// The table of rotation (OAuth 2.1 §4.3.1, RFC 9700 §4.14.2). While nobody uses its successor, a
// predecessor within the grace is a retry, and later one whose answer was lost. With the successor
// in use it is the loser of a race for some seconds, then a straggler, and after the grace two
// parties hold tokens of one chain. A retired token within the grace is the slowest of a race;
// later it is a copy.
verdict judge(refresh_state state, std::chrono::seconds age,
              std::optional<std::chrono::seconds> seen_for, const oauth::lifetimes& lives,
              oauth::reuse_policy policy) noexcept {
    const auto grace = lives.rotation_grace;
    const auto reuse = policy == oauth::reuse_policy::end ? verdict::reuse : verdict::stale;
    switch (state) {
    case refresh_state::current:
        return verdict::rotate;
    case refresh_state::previous:
        if (!seen_for) return age <= grace ? verdict::repeat : verdict::rotate_again;
        // A clock that was set back by more must not make the race as long as that.
        if (*seen_for <= lives.rotation_race && *seen_for >= -lives.rotation_race)
            return verdict::repeat;
        return age <= grace ? verdict::refuse : reuse;
    case refresh_state::retired:
        return age < grace ? verdict::refuse : reuse;
    }
    return verdict::refuse;
}

successors derive_successors(const secret& presented, std::string_view nonce, const server_key& key,
                             const lineage& of, const secret& lineage_key) {
    const auto refresh = derive("twr_", presented, nonce, key);
    const auto access = derive("twa_", presented, nonce, key);
    return {refresh_token(refresh.reveal(), of, lineage_key),
            secret("twa_" + text::base64url_encode(access.reveal())),
            secret("twr_" + text::base64url_encode(refresh.reveal()))};
}

} // namespace store
