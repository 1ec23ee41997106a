#include "http/eviction.hpp"

#include "http/address_ranges.hpp"

#include <algorithm>
#include <tuple>

namespace http {

namespace {

using doing = occupant::doing;

constexpr std::uint64_t ipv4 = 0xFFFF'0000'0000'0000; // no IPv6 client has a multicast address

bool known_reader(const occupant& o) { return o.known && o.what == doing::client; }

// The first in this order leaves: of the network with the most connections, within it of the
// smaller one with the most, an idle connection before a slow one, and of those the one that has
// been so the longest. So whoever opens more connections than others loses their own.
auto rank(const occupant& o) {
    return std::tuple(~o.wide, ~o.narrow, o.what != doing::idle, o.since);
}

} // namespace

// networks::of() packs an address into two numbers, an IPv6 one by its /48 and /56. IPv4 gets
// numbers of its own (`ipv4`), so that no client of one family is counted with one of the other.
networks networks::of(std::string_view address) {
    const auto parsed = parse_address(address);
    if (!parsed) return {};
    const auto bytes = parsed->to_bytes();
    const auto number = [&](std::size_t from, std::size_t to) {
        std::uint64_t n = 0;
        for (auto i = from; i < to; ++i)
            n = n << 8 | bytes[i];
        return n;
    };
    if (parsed->is_v4_mapped()) {
        const auto whole = number(12, 16);
        return {ipv4 | (whole & ~std::uint64_t{0xFF}), ipv4 | whole};
    }
    return {number(0, 6) << 16, number(0, 7) << 8};
}

std::optional<std::size_t> to_evict(std::span<const occupant> all,
                                    const connection_shares& shares) {
    const auto known =
        static_cast<std::size_t>(std::count_if(all.begin(), all.end(), known_reader));
    const occupant* first = nullptr;
    for (const auto& o : all) {
        // The server itself is at work there, or the stream has a share of its own
        // (stream_to_end()).
        if (o.what == doing::server || o.what == doing::streaming) continue;
        // Beyond their share requests with a known token are as everybody's: one token can be shown
        // on any number of connections.
        if (known_reader(o) && known <= shares.known) continue;
        if (!first || rank(o) < rank(*first)) first = &o;
    }
    if (!first) return std::nullopt;
    return static_cast<std::size_t>(first - all.data());
}

std::optional<std::size_t> stream_to_end(std::span<const occupant> all,
                                         const connection_shares& shares) {
    std::size_t streams = 0;
    const occupant* first = nullptr;
    for (const auto& o : all) {
        if (o.what != doing::streaming) continue;
        ++streams;
        if (!first || o.since < first->since) first = &o;
    }
    if (streams <= shares.streams) return std::nullopt;
    return static_cast<std::size_t>(first - all.data());
}

} // namespace http
