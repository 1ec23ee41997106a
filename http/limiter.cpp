#include "http/limiter.hpp"

#include "base/crypto.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <cmath>

namespace http {

namespace ip = boost::asio::ip;
using namespace std::chrono_literals;

namespace {

constexpr std::array<limit_rule, 19> rules{{
    {limit::authorize, 60, 60s, 0s},
    {limit::consent, 20, 600s, 0s},
    {limit::connections, 60, 600s, 0s},
    {limit::failed_key, 5, 600s, 900s},
    {limit::key_check, 60, 60s, 0s, true},
    {limit::registration, 30, 3600s, 0s},
    {limit::registration_shared, 600, 3600s, 0s},
    {limit::token, 60, 60s, 0s},
    {limit::token_shared, 1200, 60s, 0s},
    {limit::failed_secret, 20, 600s, 0s},
    {limit::wrong_secret_shared, 600, 600s, 0s},
    {limit::failed_token, 20, 600s, 0s},
    {limit::failed_admin, 5, 300s, 1800s},
    {limit::document, 10, 60s, 0s},
    {limit::document_host, 6, 60s, 0s},
    {limit::document_known_host, 60, 60s, 0s},
    {limit::failed_admin_all, 100, 3600s, 0s, true},
    {limit::noted_failure, 60, 60s, 0s, true},
    {limit::admin, 120, 60s, 0s},
}};

std::optional<ip::address> parse(std::string_view peer) {
    boost::system::error_code failed;
    auto address = ip::make_address(std::string(peer), failed);
    if (failed) return std::nullopt;
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

std::chrono::seconds at_least_one(double seconds) {
    return std::max(1s, std::chrono::seconds(std::llround(std::ceil(seconds))));
}

} // namespace

const limit_rule& rule_of(limit what) noexcept { return rules[static_cast<std::size_t>(what)]; }

std::string address_group(std::string_view peer) {
    const auto address = parse(peer);
    if (!address) return std::string(peer);
    if (address->is_v4()) return address->to_string();
    return ip::make_network_v6(address->to_v6(), 64).canonical().to_string();
}

bool is_shared_egress(std::string_view peer) {
    static const auto v4 = ip::make_network_v4("160.79.104.0/21").hosts();
    static const auto v6 = ip::make_network_v6("2607:6bc0::/48").hosts();
    const auto address = parse(peer);
    if (!address) return false;
    if (address->is_v4()) return v4.find(address->to_v4()) != v4.end();
    return v6.find(address->to_v6()) != v6.end();
}

bool limiter::exempt(std::string_view peer) const {
    if (!exempt_loopback_) return false;
    const auto address = parse(peer);
    return address && address->is_loopback();
}

limiter::bucket& limiter::refilled(const limit_rule& rule, std::string_view peer,
                                   std::string_view extra, clock::time_point now) {
    // Hashed, so that a bucket's size does not depend on what a caller sends; cut to what a
    // string holds without memory of its own, for there may be 50,000 of them.
    std::string named(1, static_cast<char>('a' + static_cast<int>(rule.what)));
    if (!rule.shared) named.append(address_group(peer)).append(1, '\n').append(extra);
    const auto key = crypto::sha256(named).substr(0, 15);

    bucket fresh;
    fresh.tokens = rule.burst;
    fresh.updated = now;
    auto& b = buckets_.get_or_insert(key, fresh);
    const std::chrono::duration<double> passed = now - b.updated;
    // A clock that was set back refills nothing, and what it said before does not count.
    b.blocked_until = std::min(b.blocked_until, now + rule.block);
    if (passed.count() < 0) b.updated = now;
    if (passed.count() > 0) {
        const auto per_second = rule.burst / std::chrono::duration<double>(rule.period).count();
        b.tokens = std::min<double>(rule.burst, b.tokens + passed.count() * per_second);
        b.updated = now;
    }
    return b;
}

std::optional<std::chrono::seconds> limiter::peek(limit what, std::string_view peer,
                                                  std::string_view extra, clock::time_point now) {
    if (exempt(peer)) return std::nullopt;
    const auto& rule = rule_of(what);
    const auto& b = refilled(rule, peer, extra, now);
    if (b.blocked_until > now)
        return at_least_one(std::chrono::duration<double>(b.blocked_until - now).count());
    if (b.tokens >= 1) return std::nullopt;
    const auto one = std::chrono::duration<double>(rule.period).count() / rule.burst;
    return at_least_one((1 - b.tokens) * one);
}

std::optional<std::chrono::seconds> limiter::take(limit what, std::string_view peer,
                                                  std::string_view extra, clock::time_point now) {
    if (const auto wait = peek(what, peer, extra, now)) return wait;
    if (exempt(peer)) return std::nullopt;
    const auto& rule = rule_of(what);
    auto& b = refilled(rule, peer, extra, now);
    b.tokens -= 1;
    if (b.tokens < 1 && rule.block > 0s) b.blocked_until = now + rule.block;
    return std::nullopt;
}

void limiter::give_back(limit what, std::string_view peer, std::string_view extra,
                        clock::time_point now) {
    if (exempt(peer)) return;
    const auto& rule = rule_of(what);
    auto& b = refilled(rule, peer, extra, now);
    b.tokens = std::min<double>(rule.burst, b.tokens + 1);
}

} // namespace http
