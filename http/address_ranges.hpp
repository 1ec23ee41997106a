// IP addresses as limits, trust and the log see them: in ranges, by the part that one person
// plausibly controls, and shortened. IPv4 and IPv6 are compared as one family.
#pragma once

#include <boost/asio/ip/address_v6.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace http {

// IPv4 as ::ffff:a.b.c.d. nullopt: no address.
std::optional<boost::asio::ip::address_v6> parse_address(std::string_view text);

// An address, or a range such as 10.0.0.0/8. nullopt: neither.
std::optional<boost::asio::ip::network_v6> parse_range(std::string_view entry);

class address_ranges {
  public:
    // Of entries that are part of the program: one that is no range is left out.
    static address_ranges of(std::span<const std::string_view> entries);

    void add(boost::asio::ip::network_v6 range) { ranges_.push_back(range); }
    [[nodiscard]] bool contains(const boost::asio::ip::address_v6& address) const;
    // False for what is no address.
    [[nodiscard]] bool contains(std::string_view address) const;

  private:
    std::vector<boost::asio::ip::network_v6> ranges_; // IPv4 as ::ffff:0:0/96
};

// The part of an address that one person plausibly controls: an IPv4 address, an IPv6 /64.
// Anything that is no address stays as it is.
std::string address_group(std::string_view peer);

// For the log: "203.0.113.0/24", "2001:db8:1::/48"; "-" when it is no address.
std::string address_prefix(std::string_view address);

} // namespace http
