// Twenty's token bucket for API-key callers: per workspace, shared by all its keys; a refused
// call costs nothing.
#pragma once

#include "demo/clock.hpp"

#include <algorithm>

namespace demo {

class rate_limit {
  public:
    static constexpr int capacity = 100;
    static constexpr std::chrono::milliseconds window{60'000};

    // A closed one never has a token.
    explicit rate_limit(bool closed = false) : closed_(closed) {}

    // Takes a token at that time, or answers false.
    bool take(time_point now) {
        if (closed_) return false;
        if (last_ != time_point())
            tokens_ = std::min(tokens_ + refill(now - last_), double(capacity));
        last_ = now;
        if (tokens_ < 1) return false;
        tokens_ -= 1;
        return true;
    }

  private:
    static double refill(time_point::duration passed) {
        return std::chrono::duration<double>(passed) / std::chrono::duration<double>(window) *
               capacity;
    }

    bool closed_;
    double tokens_ = capacity;
    time_point last_;
};

} // namespace demo
