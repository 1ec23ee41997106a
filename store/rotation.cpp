#include "store/rotation.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace store {

namespace {

secret derive(std::string_view prefix, const secret& presented, std::string_view nonce,
              const server_key& key) {
    const secret message(bind({prefix, presented.reveal(), nonce}));
    secret hash(crypto::keyed_hash(key.rotation.reveal(), message.reveal()));
    return secret(std::string(prefix) + text::base64url_encode(hash.reveal()));
}

} // namespace

verdict judge(refresh_state state, std::chrono::seconds age, bool successor_seen,
              std::chrono::seconds grace, oauth::reuse_policy policy) noexcept {
    const auto reuse = policy == oauth::reuse_policy::end ? verdict::reuse : verdict::stale;
    switch (state) {
    case refresh_state::current:
        return verdict::rotate;
    case refresh_state::previous:
        if (age <= grace) return verdict::repeat;
        return successor_seen ? reuse : verdict::rotate_again;
    case refresh_state::retired:
        return age < grace ? verdict::refuse : reuse;
    }
    return verdict::refuse;
}

successors derive_successors(const secret& presented, std::string_view nonce,
                             const server_key& key) {
    return {derive("twr_", presented, nonce, key), derive("twa_", presented, nonce, key)};
}

} // namespace store
