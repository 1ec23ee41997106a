// How often an address or a client may ask for what costs us, Twenty or a person's trust.
// Token buckets in bounded memory; the numbers are one table. Used on one thread.
#pragma once

#include "http/lru.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace http {

enum class limit {
    authorize,           // GET /authorize, by address
    consent,             // API keys pasted at /authorize, by address
    connections,         // POST /connections, by address
    failed_key,          // API keys that were refused, by address
    key_check,           // questions to Twenty about a key, all together
    registration,        // POST /register, by address
    registration_shared, // the same from egress that many people share
    token,               // codes, rotations and revocations, by client and address
    token_shared,        // the same from egress that many people share
    failed_secret,       // wrong client secrets, by client and address
    wrong_secret_shared, // the same from egress that many people share
    failed_token,        // wrong codes and refresh tokens, by client and address
    failed_admin,        // wrong admin tokens, by address
    document,            // fetches of clients' documents, by address
    document_host,       // the same, by the host that is asked
    document_known_host, // and where it is a hosted client's, whom others must not lock out
    failed_admin_all,    // wrong admin tokens, all together
    noted_failure,       // wrong admin tokens that are written down, all together
    admin,               // calls with the right one, by address
};

struct limit_rule {
    limit what;
    std::uint32_t burst;         // so many at once,
    std::chrono::seconds period; // refilled evenly over this time;
    std::chrono::seconds block;  // once empty, nothing for this long (0: only until refilled)
    bool shared = false;         // one bucket for all addresses
};
const limit_rule& rule_of(limit what) noexcept;

class limiter {
  public:
    using clock = std::chrono::system_clock;

    // With `exempt_loopback`, addresses of this machine are not limited: for a service that is
    // published on a loopback address and therefore reachable by nobody else.
    explicit limiter(bool exempt_loopback = false, std::size_t max_buckets = 50'000)
        : buckets_(max_buckets), exempt_loopback_(exempt_loopback) {}

    // Takes one; nullopt: allowed; otherwise how long to wait (at least 1 s).
    std::optional<std::chrono::seconds> take(limit what, std::string_view peer,
                                             std::string_view extra, clock::time_point now);
    std::optional<std::chrono::seconds> take(limit what, std::string_view peer,
                                             clock::time_point now) {
        return take(what, peer, {}, now);
    }
    // Undoes a take() that turned out to cost nothing.
    void give_back(limit what, std::string_view peer, std::string_view extra,
                   clock::time_point now);
    // Would take() be allowed? Takes nothing: for limits that count failures only.
    std::optional<std::chrono::seconds> peek(limit what, std::string_view peer,
                                             std::string_view extra, clock::time_point now);
    std::optional<std::chrono::seconds> peek(limit what, std::string_view peer,
                                             clock::time_point now) {
        return peek(what, peer, {}, now);
    }

    [[nodiscard]] std::size_t buckets() const noexcept { return buckets_.size(); }

  private:
    struct bucket {
        double tokens = 0;
        clock::time_point updated;
        clock::time_point blocked_until;
    };
    bool exempt(std::string_view peer) const;
    bucket& refilled(const limit_rule& rule, std::string_view peer, std::string_view extra,
                     clock::time_point now);

    lru<bucket> buckets_;
    bool exempt_loopback_;
};

// The part of an address that one person plausibly controls: an IPv4 address, an IPv6 /64.
// Anything that is no address stays as it is.
std::string address_group(std::string_view peer);

// Egress that many people share (Anthropic's connectors). Only ever chooses a wider bucket,
// never grants anything.
bool is_shared_egress(std::string_view peer);

} // namespace http
