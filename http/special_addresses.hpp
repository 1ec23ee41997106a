// Addresses that no public host has: private and shared networks, this machine, documentation,
// multicast (RFC 6890 and the registries behind it). What strangers name is never fetched from
// one of them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace http {

// `address`: the 4 or 16 bytes in network order; any other length counts as special. IPv6 forms
// that carry an IPv4 address inside are judged by that one.
bool is_special_address(std::span<const std::uint8_t> address);

// The table behind it, as CIDR ranges.
std::span<const std::string_view> special_ranges_v4() noexcept;
std::span<const std::string_view> special_ranges_v6() noexcept;

} // namespace http
