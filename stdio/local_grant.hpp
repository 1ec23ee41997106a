// The one connection of a local server: an API key from the environment instead of a person's
// consent. It becomes a grant like any other, in a database in memory, so that all that holds for
// grants holds here as well: mode, objects, budgets, a key that Twenty refuses.
#pragma once

#include "base/secret.hpp"
#include "http/actor_bridge.hpp"
#include "oauth/types.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
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
    // A failure is the answer for as long as this: lines that came while Twenty was silent do not
    // wait for it one after the other.
    static constexpr std::chrono::seconds failure_lasts{5};
    using time_point = std::chrono::steady_clock::time_point;

    // `actors` outlives this.
    local_grant(http::actor_bridge& actors, choices chosen,
                std::function<time_point()> now = std::chrono::steady_clock::now)
        : actors_(actors), chosen_(std::move(chosen)), now_(std::move(now)) {}

    // An access token that is good now. Where there is none yet, or the grant has ended, Twenty is
    // asked what the key opens, again and again, because it may be back, or the key be good again.
    // One question at a time. Errors are sentences for the person who set the key.
    http::eventually<secret> token();
    // Counts the grants, from 1 on; sessions are of one of them. 0: there was none yet.
    [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }

  private:
    http::eventually<done> make_good();
    http::eventually<done> connect();

    http::actor_bridge& actors_;
    choices chosen_;
    std::function<time_point()> now_;
    std::optional<oauth::token_pair> pair_;
    std::uint64_t generation_ = 0;
    std::optional<error> failed_;
    time_point failed_at_;
};

} // namespace stdio
