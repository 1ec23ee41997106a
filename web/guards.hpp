// The limits and the time that they are counted at: what an endpoint asks before it does anything
// that costs us, Twenty or a person's trust.
#pragma once

#include "base/result.hpp"
#include "http/respond.hpp"
#include "oauth/types.hpp"
#include "web/limits.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace web {

// What the time is; tests hand in a clock of their own.
using time_source = std::function<oauth::time_point()>;

// Why a request has to wait: a limit of limits.hpp is used up.
struct limit_reached {
    std::string_view name; // the rule's
    std::chrono::seconds wait;

    // errc::rate_limited; the log names the rule (http::note_error).
    [[nodiscard]] error as_error(std::string_view text) const {
        error e(errc::rate_limited, std::string(text), http::limit_detail(name));
        e.retry_after = wait;
        return e;
    }
    friend bool operator==(const limit_reached&, const limit_reached&) = default;
};

// Copied freely; limiter and clock outlive all copies.
class guards {
  public:
    guards(http::limiter& limits, const time_source& now) : limits_(limits), now_(now) {}

    [[nodiscard]] oauth::time_point now() const { return now_(); }

    // As those of http::limiter, at this moment.
    std::optional<limit_reached> take(const http::limit_rule& rule, std::string_view peer,
                                      std::string_view extra = {}) const {
        return named(rule, limits_.take(rule, peer, extra, now_()));
    }
    std::optional<limit_reached> peek(const http::limit_rule& rule, std::string_view peer,
                                      std::string_view extra = {}) const {
        return named(rule, limits_.peek(rule, peer, extra, now_()));
    }
    void give_back(const http::limit_rule& rule, std::string_view peer,
                   std::string_view extra) const {
        limits_.give_back(rule, peer, extra, now_());
    }

  private:
    static std::optional<limit_reached> named(const http::limit_rule& rule,
                                              std::optional<std::chrono::seconds> wait) {
        if (!wait) return std::nullopt;
        return limit_reached{rule.name, *wait};
    }

    http::limiter& limits_;
    const time_source& now_;
};

} // namespace web
