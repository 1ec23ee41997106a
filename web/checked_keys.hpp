// Which API keys Twenty took a moment ago, and what it said: so that the consent page can be
// shown again (a filter, a mistake) without asking Twenty each time. Never enough to make a
// grant: that asks again. By fingerprint; the key itself is not kept.
#pragma once

#include "actors/messages.hpp"
#include "http/lru.hpp"
#include "oauth/types.hpp"

#include <optional>
#include <string>

namespace web {

class checked_keys {
  public:
    // Each holds on to its workspace's data model, so they are few.
    explicit checked_keys(std::size_t capacity) : known_(capacity) {}

    void remember(const std::string& fingerprint, const actors::checked_key& key,
                  oauth::time_point until) {
        auto& entry = known_.get_or_insert(fingerprint, {});
        entry.key = key;
        entry.until = until;
    }
    std::optional<actors::checked_key> recall(const std::string& fingerprint,
                                              oauth::time_point now) {
        const auto* entry = known_.find(fingerprint);
        if (!entry || now >= entry->until) return std::nullopt;
        return entry->key;
    }
    void forget(const std::string& fingerprint) { known_.erase(fingerprint); }

  private:
    struct entry {
        actors::checked_key key;
        oauth::time_point until;
    };
    http::lru<entry> known_;
};

} // namespace web
