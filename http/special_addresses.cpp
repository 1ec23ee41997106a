#include "http/special_addresses.hpp"

#include <algorithm>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <vector>

namespace http {

namespace {

namespace ip = boost::asio::ip;

constexpr std::string_view ranges_v4[] = {
    "0.0.0.0/8",       // this network
    "10.0.0.0/8",      // private
    "100.64.0.0/10",   // shared between a provider and its customers
    "127.0.0.0/8",     // loopback
    "169.254.0.0/16",  // link-local; cloud metadata services
    "172.16.0.0/12",   // private
    "192.0.0.0/24",    // protocol assignments
    "192.0.2.0/24",    // documentation
    "192.31.196.0/24", // AS112
    "192.52.193.0/24", // AMT
    "192.88.99.0/24",  // 6to4 relays
    "192.168.0.0/16",  // private
    "192.175.48.0/24", // AS112
    "198.18.0.0/15",   // benchmarks
    "198.51.100.0/24", // documentation
    "203.0.113.0/24",  // documentation
    "224.0.0.0/4",     // multicast
    "240.0.0.0/4",     // reserved, and broadcast
};

constexpr std::string_view ranges_v6[] = {
    "::/96",          // unspecified, loopback, and a retired form with IPv4 inside
    "64:ff9b:1::/48", // translation within one network
    "100::/64",       // discard
    "2001::/23",      // protocol assignments, Teredo
    "2001:db8::/32",  // documentation
    "3fff::/20",      // documentation
    "5f00::/16",      // segment routing
    "fc00::/7",       // unique local
    "fe80::/10",      // link-local
    "fec0::/10",      // site-local, retired
    "ff00::/8",       // multicast
};

// Ranges whose addresses stand for an IPv4 address, which begins at byte `at`.
struct embedding {
    std::string_view range;
    std::size_t at;
};
constexpr embedding embeddings[] = {
    {"::ffff:0:0/96", 12},   // IPv4-mapped
    {"::ffff:0:0:0/96", 12}, // IPv4-translated (RFC 2765)
    {"64:ff9b::/96", 12},    // NAT64 (RFC 6052)
    {"2002::/16", 2},        // 6to4
};

bool lies_in(const ip::address_v6& address, const ip::network_v6& range) {
    return ip::network_v6(address, range.prefix_length()).canonical() == range;
}

bool is_special(const ip::address_v4& address) {
    static const auto ranges = [] {
        std::vector<ip::network_v4> out;
        for (const auto range : ranges_v4)
            out.push_back(ip::make_network_v4(std::string(range)));
        return out;
    }();
    return std::any_of(ranges.begin(), ranges.end(), [&](const ip::network_v4& range) {
        return ip::network_v4(address, range.prefix_length()).canonical() == range;
    });
}

bool is_special(const ip::address_v6& address) {
    static const auto ranges = [] {
        std::vector<ip::network_v6> out;
        for (const auto range : ranges_v6)
            out.push_back(ip::make_network_v6(std::string(range)));
        return out;
    }();
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const ip::network_v6& range) { return lies_in(address, range); });
}

} // namespace

std::span<const std::string_view> special_ranges_v4() noexcept { return ranges_v4; }
std::span<const std::string_view> special_ranges_v6() noexcept { return ranges_v6; }

// is_special_address() lets an embedded IPv4 address decide, both ways: 64:ff9b::8.8.8.8 is as
// public as 8.8.8.8, and ::ffff:10.0.0.1 as private as 10.0.0.1. What has another length is no
// address that could be judged, so it is refused.
bool is_special_address(std::span<const std::uint8_t> address) {
    if (address.size() == 4) {
        ip::address_v4::bytes_type bytes{};
        std::copy(address.begin(), address.end(), bytes.begin());
        return is_special(ip::address_v4(bytes));
    }
    if (address.size() != 16) return true;
    ip::address_v6::bytes_type bytes{};
    std::copy(address.begin(), address.end(), bytes.begin());
    const ip::address_v6 whole(bytes);
    for (const auto& [range, at] : embeddings)
        if (lies_in(whole, ip::make_network_v6(std::string(range))))
            return is_special_address(address.subspan(at, 4));
    return is_special(whole);
}

} // namespace http
