// How often somebody may ask: token buckets in bounded memory. The numbers are the callers'. Used
// on one thread.
#pragma once

#include "http/lru.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace http {

// Whose bucket is taken from.
enum class counted {
    by_address, // one person's part of it (address_group())
    by_network, // IPv4 /24, IPv6 /48
    together,   // everybody's
};

struct limit_rule {
    std::string_view name;       // the rule's buckets are kept by it
    std::uint32_t burst;         // so many at once,
    std::chrono::seconds period; // refilled evenly over this time;
    std::chrono::seconds block;  // once empty, nothing for this long (0: only until refilled)
    counted by = counted::by_address;
};

class limiter {
  public:
    using clock = std::chrono::system_clock;

    // With `exempt_loopback`, addresses of this machine are not limited: for a service that is
    // published on a loopback address and therefore reachable by nobody else.
    explicit limiter(bool exempt_loopback = false, std::size_t max_buckets = 50'000)
        : buckets_(max_buckets), exempt_loopback_(exempt_loopback) {}

    // Takes one; nullopt: allowed; otherwise how long to wait (at least 1 s).
    std::optional<std::chrono::seconds> take(const limit_rule& rule, std::string_view peer,
                                             std::string_view extra, clock::time_point now);
    std::optional<std::chrono::seconds> take(const limit_rule& rule, std::string_view peer,
                                             clock::time_point now) {
        return take(rule, peer, {}, now);
    }
    // Undoes a take() that turned out to cost nothing.
    void give_back(const limit_rule& rule, std::string_view peer, std::string_view extra,
                   clock::time_point now);
    // Would take() be allowed? Takes nothing: for limits that count failures only.
    std::optional<std::chrono::seconds> peek(const limit_rule& rule, std::string_view peer,
                                             std::string_view extra, clock::time_point now);
    std::optional<std::chrono::seconds> peek(const limit_rule& rule, std::string_view peer,
                                             clock::time_point now) {
        return peek(rule, peer, {}, now);
    }

    [[nodiscard]] std::size_t buckets() const noexcept { return buckets_.size(); }

  private:
    struct bucket {
        double tokens = 0;
        clock::time_point updated;
        clock::time_point blocked_until;
    };
    bool exempt(std::string_view peer) const;
    static bucket full(const limit_rule& rule, clock::time_point now);
    static void refill(bucket& b, const limit_rule& rule, clock::time_point now);
    static std::optional<std::chrono::seconds> wait_of(const bucket& b, const limit_rule& rule,
                                                       clock::time_point now);

    lru<bucket> buckets_;
    // By rule: until when one of its buckets may be empty. A rule is named by its code, so the map
    // has one entry a rule.
    std::map<std::string_view, clock::time_point> empty_until_;
    bool exempt_loopback_;
};

} // namespace http
