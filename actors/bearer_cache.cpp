#include "actors/bearer_cache.hpp"

#include "base/crypto.hpp"

namespace actors {

// digest() is keyed with a key of this process. So `entries_` holds no token, and which entry a
// made-up token is compared with cannot be steered from outside.
std::string bearer_cache::digest(const secret& token) const {
    return crypto::keyed_hash(key_.reveal(), token.reveal());
}

// find() leaves an entry that is over where it is: forget_expired() clears up every minute.
bearer_ptr bearer_cache::find(const secret& token, oauth::time_point now) const {
    const auto found = entries_.find(digest(token));
    if (found == entries_.end() || found->second.until <= now) return nullptr;
    return found->second.opened;
}

void bearer_cache::insert(const secret& token, bearer_ptr opened, oauth::time_point until) {
    entries_.insert_or_assign(digest(token), entry{std::move(opened), until});
}

void bearer_cache::forget(const secret& token) { entries_.erase(digest(token)); }

// A grant may have several live access tokens, one for each rotation, so forget_grant() looks at
// every entry instead of following one token.
void bearer_cache::forget_grant(const std::string& grant_id) {
    std::erase_if(entries_, [&](const auto& e) { return e.second.opened->grant_id == grant_id; });
}

void bearer_cache::forget_expired(oauth::time_point now) {
    std::erase_if(entries_, [&](const auto& e) { return e.second.until <= now; });
}

} // namespace actors
