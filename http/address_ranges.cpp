#include "http/address_ranges.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <charconv>

namespace http {

namespace ip = boost::asio::ip;

std::optional<ip::address_v6> parse_address(std::string_view text) {
    boost::system::error_code failed;
    const auto address = ip::make_address(std::string(text), failed);
    if (failed) return std::nullopt;
    if (address.is_v4()) return ip::make_address_v6(ip::v4_mapped, address.to_v4());
    return address.to_v6();
}

// parse_range() makes an IPv4 range one of ::ffff:0:0/96, so that 10.0.0.0/8 becomes a /104: one
// family, and one comparison for both. canonical() drops the bits behind the prefix, as people
// write them.
std::optional<ip::network_v6> parse_range(std::string_view entry) {
    const auto slash = entry.find('/');
    const auto address = parse_address(entry.substr(0, slash));
    if (!address) return std::nullopt;
    const int widest = address->is_v4_mapped() ? 32 : 128;
    int bits = widest;
    if (slash != std::string_view::npos) {
        const auto digits = entry.substr(slash + 1);
        const auto [end, failed] =
            std::from_chars(digits.data(), digits.data() + digits.size(), bits);
        if (failed != std::errc() || end != digits.data() + digits.size() || bits < 0 ||
            bits > widest)
            return std::nullopt;
    }
    return ip::make_network_v6(*address, static_cast<unsigned short>(bits + 128 - widest))
        .canonical();
}

address_ranges address_ranges::of(std::span<const std::string_view> entries) {
    address_ranges made;
    for (const auto entry : entries)
        if (const auto range = parse_range(entry)) made.add(*range);
    return made;
}

bool address_ranges::contains(const ip::address_v6& address) const {
    return std::any_of(ranges_.begin(), ranges_.end(), [&](const ip::network_v6& range) {
        return ip::make_network_v6(address, range.prefix_length()).canonical() == range;
    });
}

bool address_ranges::contains(std::string_view address) const {
    if (ranges_.empty()) return false;
    const auto parsed = parse_address(address);
    return parsed && contains(*parsed);
}

std::string address_group(std::string_view peer) {
    const auto address = parse_address(peer);
    if (!address) return std::string(peer);
    // One client has one group, whichever way its address is written.
    if (address->is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, *address).to_string();
    return ip::make_network_v6(*address, 64).canonical().to_string();
}

// address_prefix() keeps what helps against an attack (a network) and drops what names a person.
std::string address_prefix(std::string_view address) {
    const auto parsed = parse_address(address);
    if (!parsed) return "-";
    if (parsed->is_v4_mapped())
        return ip::make_network_v4(ip::make_address_v4(ip::v4_mapped, *parsed), 24)
            .canonical()
            .to_string();
    return ip::make_network_v6(*parsed, 48).canonical().to_string();
}

} // namespace http
