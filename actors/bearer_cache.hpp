// What the tokens in use open, for some seconds, so that a busy client does not send every
// request through the store. Keyed by a keyed hash: the tokens themselves are not kept.
#pragma once

#include "actors/interfaces.hpp"

#include <optional>
#include <string>
#include <unordered_map>

namespace actors {

class bearer_cache {
  public:
    explicit bearer_cache(secret key) : key_(std::move(key)) {}

    // nullptr: ask the store.
    bearer_ptr find(const secret& token, oauth::time_point now) const;
    void insert(const secret& token, bearer_ptr opened, oauth::time_point until);
    void forget(const secret& token);
    void forget_grant(const std::string& grant_id);
    void forget_expired(oauth::time_point now);

  private:
    struct entry {
        bearer_ptr opened;
        oauth::time_point until;
    };
    [[nodiscard]] std::string digest(const secret& token) const;

    secret key_;
    std::unordered_map<std::string, entry> entries_;
};

} // namespace actors
