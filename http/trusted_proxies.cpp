#include "http/trusted_proxies.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <charconv>

namespace http {

namespace {

namespace ip = boost::asio::ip;

// Every address as IPv6, so that one comparison serves both families.
std::optional<ip::address_v6> parse_address(std::string_view text) {
    boost::system::error_code failed;
    const auto address = ip::make_address(std::string(text), failed);
    if (failed) return std::nullopt;
    if (address.is_v4()) return ip::make_address_v6(ip::v4_mapped, address.to_v4());
    return address.to_v6();
}

// Some proxies append the port: "203.0.113.7:51234", "[2001:db8::1]:51234".
std::string_view without_port(std::string_view entry) noexcept {
    if (entry.starts_with('[')) {
        const auto end = entry.find(']');
        return end == std::string_view::npos ? entry : entry.substr(1, end - 1);
    }
    const auto colon = entry.find(':');
    if (colon != std::string_view::npos && entry.find(':', colon + 1) == std::string_view::npos)
        return entry.substr(0, colon);
    return entry;
}

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

bool within(const std::vector<ip::network_v6>& ranges, const ip::address_v6& address) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const ip::network_v6& range) {
        return ip::make_network_v6(address, range.prefix_length()).canonical() == range;
    });
}

} // namespace

result<trusted_proxies> trusted_proxies::parse(const std::vector<std::string>& entries) {
    trusted_proxies made;
    for (const auto& entry : entries) {
        const auto range = parse_range(text::trim(entry));
        if (!range)
            return error(errc::bad_request, "The trusted proxy \"" + entry +
                                                "\" is not an address or a range such as "
                                                "10.0.0.0/8.");
        // Threat: whoever writes X-Forwarded-For chooses the address that limits count.
        // Defence: nobody is trusted by mistake.
        if (range->prefix_length() == 0 ||
            (range->prefix_length() == 96 && range->address().is_v4_mapped()))
            return error(errc::bad_request, "The trusted proxy \"" + entry +
                                                "\" would be everybody: name the proxies.");
        made.ranges_.push_back(*range);
    }
    return made;
}

bool trusted_proxies::contains(std::string_view address) const {
    if (ranges_.empty()) return false;
    const auto parsed = parse_address(address);
    return parsed && within(ranges_, *parsed);
}

std::string trusted_proxies::client(std::string_view socket_peer,
                                    std::string_view forwarded_for) const {
    std::string best(socket_peer);
    if (forwarded_for.empty() || !contains(socket_peer)) return best;
    const auto hops = text::split(forwarded_for, ',');
    const auto last =
        hops.rend() - std::max<std::ptrdiff_t>(0, hops.rend() - hops.rbegin() - max_hops);
    for (auto hop = hops.rbegin(); hop != last; ++hop) {
        const auto entry = without_port(text::trim(*hop));
        const auto address = parse_address(entry);
        if (!address) return best;
        best = entry;
        if (!within(ranges_, *address)) return best;
    }
    return best;
}

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
