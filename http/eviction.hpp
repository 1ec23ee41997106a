// Who has to leave when no connection is free, as rules: the server has the sockets and the clock.
// Threat: whoever holds all connections keeps everybody else out. Defence: nobody is refused while
// somebody else takes more. The network with the most connections loses its slowest; lasting
// streams and requests with a known token have shares of their own, and the rest is everybody's.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace http {

// A client's address as the networks that one party may hold: an IPv4 /24 and the address itself,
// an IPv6 /48 and its /56. All that is no address is one network.
struct networks {
    std::uint64_t wide = 0;
    std::uint64_t narrow = 0;
    static networks of(std::string_view address);
    bool operator==(const networks&) const = default;
};

// Of all connections.
struct connection_shares {
    std::size_t streams; // lasting ones, at most
    std::size_t known;   // requests whose token is known, that nobody pushes out
    static constexpr connection_shares of(std::size_t max_connections) noexcept {
        return {max_connections / 2, max_connections / 4};
    }
};

// A connection as these rules see it.
struct occupant {
    enum class doing {
        idle,      // nothing: between two requests
        client,    // it waits for its client, who has to send or to read
        server,    // its answer is being made
        streaming, // it has a lasting event stream
    };
    doing what = doing::idle;
    bool known = false;     // the token of its request is
    std::size_t wide = 1;   // connections of its network, with itself
    std::size_t narrow = 1; // and of the network within that
    // Since when: idle, its request, or the last news on its stream.
    std::chrono::steady_clock::time_point since;
};

// The one that makes room for another: nullopt where all are at work.
std::optional<std::size_t> to_evict(std::span<const occupant> all, const connection_shares& shares);

// The lasting stream that ends because there are more than their share: the one that has been quiet
// the longest. nullopt: there are not.
std::optional<std::size_t> stream_to_end(std::span<const occupant> all,
                                         const connection_shares& shares);

} // namespace http
