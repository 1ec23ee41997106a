// Whose X-Forwarded-For is believed, and what address a request then comes from.
#pragma once

#include "base/result.hpp"
#include "http/address_ranges.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace http {

class trusted_proxies {
  public:
    // Addresses and CIDR ranges, IPv4 or IPv6. errc::bad_request names the entry at fault; a
    // range of all addresses is one.
    static result<trusted_proxies> parse(const std::vector<std::string>& entries);

    [[nodiscard]] bool contains(std::string_view address) const {
        return ranges_.contains(address);
    }

    // `socket_peer` itself, unless it is trusted: then the right-most entry of
    // X-Forwarded-For (all its fields joined by commas) that is not trusted.
    // Threat: a client writes its own X-Forwarded-For to dodge limits. Defence: only what a
    // trusted hop appended counts; an entry that is no address ends the search at the hop
    // that reported it, and so does a chain longer than any real one.
    static constexpr std::ptrdiff_t max_hops = 10;
    [[nodiscard]] std::string client(std::string_view socket_peer,
                                     std::string_view forwarded_for) const;

  private:
    address_ranges ranges_;
};

} // namespace http
