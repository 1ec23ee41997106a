#include "http/limiter.hpp"

#include "base/crypto.hpp"
#include "http/address_ranges.hpp"

#include <algorithm>
#include <boost/asio/ip/address_v4.hpp>
#include <cmath>

namespace http {

namespace ip = boost::asio::ip;
using namespace std::chrono_literals;

namespace {

std::chrono::seconds at_least_one(double seconds) {
    return std::max(1s, std::chrono::seconds(std::llround(std::ceil(seconds))));
}

// Hashed, so that a bucket's size does not depend on what a caller sends; cut to what a string
// holds without memory of its own, for there may be 50,000 of them.
std::string key_of(const limit_rule& rule, std::string_view peer, std::string_view extra) {
    std::string named(rule.name);
    named.append(1, '\n');
    if (rule.by == counted::by_address) named.append(address_group(peer));
    if (rule.by == counted::by_network) named.append(address_prefix(peer));
    if (rule.by != counted::together) named.append(1, '\n').append(extra);
    return crypto::sha256(named).substr(0, 15);
}

} // namespace

bool limiter::exempt(std::string_view peer) const {
    if (!exempt_loopback_) return false;
    const auto address = parse_address(peer);
    if (!address) return false;
    if (address->is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, *address).is_loopback();
    return address->is_loopback();
}

limiter::bucket limiter::full(const limit_rule& rule, clock::time_point now) {
    bucket b;
    b.tokens = rule.burst;
    b.updated = now;
    return b;
}

// refill() brings a bucket up to date before it is looked at, so no timer runs.
void limiter::refill(bucket& b, const limit_rule& rule, clock::time_point now) {
    const std::chrono::duration<double> passed = now - b.updated;
    // A clock that was set back refills nothing, and what it said before does not count.
    b.blocked_until = std::min(b.blocked_until, now + rule.block);
    if (passed.count() < 0) b.updated = now;
    if (passed.count() > 0) {
        const auto per_second = rule.burst / std::chrono::duration<double>(rule.period).count();
        b.tokens = std::min<double>(rule.burst, b.tokens + passed.count() * per_second);
        b.updated = now;
    }
}

std::optional<std::chrono::seconds> limiter::wait_of(const bucket& b, const limit_rule& rule,
                                                     clock::time_point now) {
    if (b.blocked_until > now)
        return at_least_one(std::chrono::duration<double>(b.blocked_until - now).count());
    if (b.tokens >= 1) return std::nullopt;
    const auto one = std::chrono::duration<double>(rule.period).count() / rule.burst;
    return at_least_one((1 - b.tokens) * one);
}

// peek() stands before every request of a good token: as long as the rule has no empty bucket, it
// reads no address and hashes nothing.
std::optional<std::chrono::seconds> limiter::peek(const limit_rule& rule, std::string_view peer,
                                                  std::string_view extra, clock::time_point now) {
    const auto empty = empty_until_.find(rule.name);
    if (empty == empty_until_.end() || now >= empty->second || exempt(peer)) return std::nullopt;
    // Who is only looked at gets no bucket: a look is cheap and frequent, and the buckets that
    // block somebody must not be pushed out by those who have done nothing.
    auto* b = buckets_.find(key_of(rule, peer, extra));
    if (!b) return std::nullopt;
    refill(*b, rule, now);
    return wait_of(*b, rule, now);
}

// take() begins the block when it leaves less than a token, not at the first refusal; the take
// itself is still allowed. The table is bounded: the bucket that was used longest ago goes, and
// whoever it belonged to begins with a full one.
std::optional<std::chrono::seconds> limiter::take(const limit_rule& rule, std::string_view peer,
                                                  std::string_view extra, clock::time_point now) {
    if (exempt(peer)) return std::nullopt;
    auto& b = buckets_.get_or_insert(key_of(rule, peer, extra), full(rule, now));
    refill(b, rule, now);
    if (const auto wait = wait_of(b, rule, now)) return wait;
    b.tokens -= 1;
    if (b.tokens >= 1) return std::nullopt;
    if (rule.block > 0s) b.blocked_until = now + rule.block;
    // A clock that is set back brings the end nearer, never further: refill() goes by what passes.
    auto& until = empty_until_[rule.name];
    until = std::max(until, now + *wait_of(b, rule, now));
    return std::nullopt;
}

// give_back() leaves a block as it is: one take() is undone, not what many came to.
void limiter::give_back(const limit_rule& rule, std::string_view peer, std::string_view extra,
                        clock::time_point now) {
    if (exempt(peer)) return;
    auto& b = buckets_.get_or_insert(key_of(rule, peer, extra), full(rule, now));
    refill(b, rule, now);
    b.tokens = std::min<double>(rule.burst, b.tokens + 1);
}

} // namespace http
