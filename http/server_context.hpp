// What all connections of one server share: its options, its handler, who is connected.
#pragma once

#include "http/address_ranges.hpp"
#include "http/eviction.hpp"
#include "http/server.hpp"
#include "http/shares.hpp"
#include "http/trusted_proxies.hpp"
#include "metrics/metrics.hpp"

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace http {

class connection;

// A connection's place in the networks of whoever it serves at present.
struct held_networks {
    tally_of<std::uint64_t>::slot wide;
    tally_of<std::uint64_t>::slot narrow;
};

// Outlives the connections; each enters and leaves what is counted here by itself.
struct server_context {
    asio::io_context& io;
    server_options options;
    http::handler handle;
    http::body_limit limit;
    http::head_check check;        // may be empty
    http::token_check judge_token; // may be empty
    trusted_proxies proxies;
    address_ranges shared_egress;
    std::list<connection*> connections;
    std::size_t leaving = 0; // of them; aborted, and about to go
    tally_of<std::uint64_t> wide;
    tally_of<std::uint64_t> narrow;
    tally per_peer;               // connections, by address_group()
    tally per_client;             // requests in progress behind a trusted proxy, by address_group()
    std::size_t body_bytes = 0;   // of all bodies that are held
    std::size_t answer_bytes = 0; // of all answers that are being written
    bool draining = false;

    server_context(asio::io_context& context, server_options o, http::handler h, http::body_limit l)
        : io(context), options(std::move(o)), handle(std::move(h)), limit(std::move(l)),
          shared_egress(address_ranges::of(options.shared_egress)) {}

    held_networks enter(const networks& of) {
        return {wide.enter(of.wide), narrow.enter(of.narrow)};
    }
    [[nodiscard]] std::size_t present() const noexcept { return connections.size() - leaving; }
    [[nodiscard]] bool is_local() const noexcept { return !options.local_path.empty(); }
    // As the log has a peer of this server: its network, or its user.
    [[nodiscard]] std::string shown(const std::string& peer) const {
        return is_local() ? peer : address_prefix(peer);
    }
    // Who has shown a good token is worth finding out.
    [[nodiscard]] bool crowded() const noexcept { return present() > options.max_connections / 2; }
    // False: no connection may go, so there is no room for another.
    bool make_room();
    // Whether this peer may have one more connection. A refusal is counted, and the log has it once
    // a minute.
    bool admits(const std::string& peer);
    // Aborts who takes longest to read an answer, other than `reader`. False: nobody reads one.
    bool drop_slowest_reader(const connection& reader);
    // Ends one lasting stream if there are too many.
    void spare_a_stream();

    std::string next_id();     // 12 hex digits: unique enough for a log, no secret
    const std::string& date(); // the Date header's value, made once a second
    http::refuser refuse = plain_refusal;

  private:
    [[nodiscard]] std::vector<std::unique_ptr<metrics::sampled>> watched();

    struct crowd;
    [[nodiscard]] crowd look() const;
    [[nodiscard]] connection_shares shares() const noexcept {
        return connection_shares::of(options.max_connections);
    }
    // Has the log tell of something at most once a minute: an attack must not fill it.
    class seldom {
      public:
        [[nodiscard]] bool due();

      private:
        std::optional<std::chrono::steady_clock::time_point> last_;
    };
    seldom told_full_;
    seldom told_crowded_;
    std::uint64_t seed_ = 0;
    std::int64_t date_second_ = 0;
    std::string date_;
    std::vector<std::unique_ptr<metrics::sampled>> gauges_ = watched();
};

} // namespace http
