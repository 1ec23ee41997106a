// When a failed exchange may be repeated, and how fast a workspace may be asked at all.
#pragma once

#include "base/result.hpp"
#include "twenty/transport.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace twenty {

// "Limit reached (100 tokens per 60000 ms)"
struct rate {
    int tokens = 100;
    std::chrono::milliseconds per{60000};
};
std::optional<rate> parse_rate(std::string_view message) noexcept;

// How long to wait before attempt `attempt` + 1 (attempts count from 1); nullopt: do not
// repeat. Rate limits are repeatable for any request, because Twenty did not run it. Lost
// connections, timeouts and 5xx only where the request is safe to repeat. At most 3 attempts.
std::optional<std::chrono::milliseconds> repeat_after(const request& sent, const error& failure,
                                                      int attempt);

// Twenty's own limiter, mirrored: `capacity` tokens, refilled one by one. One a workspace.
class token_bucket {
  public:
    using clock = std::chrono::steady_clock; // the type only; `now` always comes from outside

    explicit token_bucket(rate r = {}, clock::time_point start = {});
    // nullopt: a token was taken, go. Otherwise how long until the next one.
    std::optional<clock::duration> take(clock::time_point now);
    // Twenty said 429: nothing is left. Its numbers are learned when it named them.
    void exhausted(clock::time_point now, std::optional<rate> learned = {});
    // A token that was taken for a request that Twenty never saw.
    void give_back();
    [[nodiscard]] rate limits() const noexcept { return rate_; }

  private:
    [[nodiscard]] clock::duration interval() const noexcept;
    void refill(clock::time_point now);

    rate rate_;
    int tokens_;
    clock::time_point last_;
};

} // namespace twenty
