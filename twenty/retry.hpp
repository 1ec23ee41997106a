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

// How fast one workspace is asked. Without a cap there is no pace until Twenty limits; then its
// limiter is mirrored (tokens, refilled one by one) for as long as it is remembered. So the pace
// follows Twenty's setting downwards and upwards: forgetting it costs one refusal, which Twenty
// does not run and repeat_after() repeats.
class token_bucket {
  public:
    using clock = std::chrono::steady_clock; // the type only; `now` always comes from outside
    static constexpr std::chrono::minutes remembered{5};

    explicit token_bucket(std::optional<rate> cap = {}, clock::time_point start = {});
    // nullopt: go, a token was taken if there is a pace. Otherwise how long until the next one.
    std::optional<clock::duration> take(clock::time_point now);
    // Twenty said 429: nothing is left. Its numbers are learned when it named them.
    void exhausted(clock::time_point now, std::optional<rate> learned = {});
    // A token that was taken for a request that Twenty never saw.
    void give_back();
    // Today's pace; nullopt: none.
    [[nodiscard]] std::optional<rate> limits() const noexcept { return rate_; }

  private:
    [[nodiscard]] clock::duration interval() const noexcept;
    void refill(clock::time_point now);
    void adopt(std::optional<rate> r);

    std::optional<rate> cap_;
    std::optional<rate> rate_;
    int tokens_ = 0;
    clock::time_point last_;
    std::optional<clock::time_point> limited_; // when Twenty last refused
};

} // namespace twenty
