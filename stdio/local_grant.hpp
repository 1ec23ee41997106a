// The one connection of a local server: an API key from the environment instead of a person's
// consent. It becomes a grant like any other, in a database in memory, so that all that holds for
// grants holds here as well: mode, objects, budgets, a key that Twenty refuses.
#pragma once

#include "base/secret.hpp"
#include "http/actor_bridge.hpp"
#include "oauth/types.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace stdio {

// What its tokens are for (RFC 8707), where there is no address.
inline constexpr const char* resource = "urn:twenty-mcp:stdio";

struct choices {
    secret api_key;
    bool write = true;
    std::vector<std::string> objects; // any names of theirs; empty: all
};

class local_grant {
  public:
    // `actors` outlives this.
    local_grant(http::actor_bridge& actors, choices chosen)
        : actors_(actors), chosen_(std::move(chosen)) {}

    // An access token that is good for a while. The first question asks Twenty what the key opens;
    // as long as that fails each one asks again, because Twenty may be back. One question at a
    // time. Errors are sentences for the person who set the key.
    http::eventually<secret> token();

  private:
    http::eventually<done> connect();
    http::eventually<done> refresh();
    void keep(oauth::token_pair pair);

    http::actor_bridge& actors_;
    choices chosen_;
    std::optional<oauth::token_pair> pair_;
    std::chrono::steady_clock::time_point renew_at_;
};

} // namespace stdio
