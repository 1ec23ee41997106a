// The limits and the time that they are counted at: what an endpoint asks before it does anything
// that costs us, Twenty or a person's trust.
#pragma once

#include "oauth/types.hpp"
#include "web/limits.hpp"

#include <functional>
#include <optional>
#include <string_view>

namespace web {

// What the time is; tests hand in a clock of their own.
using time_source = std::function<oauth::time_point()>;

// Copied freely; limiter and clock outlive all copies.
class guards {
  public:
    guards(http::limiter& limits, const time_source& now) : limits_(limits), now_(now) {}

    [[nodiscard]] oauth::time_point now() const { return now_(); }

    // As those of http::limiter, at this moment.
    std::optional<std::chrono::seconds> take(const http::limit_rule& rule, std::string_view peer,
                                             std::string_view extra = {}) const {
        return limits_.take(rule, peer, extra, now_());
    }
    std::optional<std::chrono::seconds> peek(const http::limit_rule& rule, std::string_view peer,
                                             std::string_view extra = {}) const {
        return limits_.peek(rule, peer, extra, now_());
    }
    void give_back(const http::limit_rule& rule, std::string_view peer,
                   std::string_view extra) const {
        limits_.give_back(rule, peer, extra, now_());
    }

  private:
    http::limiter& limits_;
    const time_source& now_;
};

} // namespace web
