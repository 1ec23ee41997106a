#include "http/trusted_proxies.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace http {

namespace {

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
        made.ranges_.add(*range);
    }
    return made;
}

std::string trusted_proxies::client(std::string_view socket_peer,
                                    std::string_view forwarded_for) const {
    std::string best(socket_peer);
    if (forwarded_for.empty() || !contains(socket_peer)) return best;
    // Each proxy appends the peer that it saw, so the list is read from its end: entries are
    // believed for as long as a trusted proxy vouches for them.
    const auto hops = text::split(forwarded_for, ',');
    const auto last =
        hops.rend() - std::max<std::ptrdiff_t>(0, hops.rend() - hops.rbegin() - max_hops);
    for (auto hop = hops.rbegin(); hop != last; ++hop) {
        const auto entry = without_port(text::trim(*hop));
        const auto address = parse_address(entry);
        if (!address) return best;
        best = entry;
        if (!ranges_.contains(*address)) return best;
    }
    return best;
}

} // namespace http
