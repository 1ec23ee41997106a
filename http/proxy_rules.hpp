// Which of this server's own requests go through a proxy, and how the environment names one:
// HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, by the rules that curl and Go have for them.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <boost/asio/ip/network_v6.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace http {

// A proxy that is itself reached by plain HTTP. What is asked of it for an https address is a
// tunnel, so that it sees neither requests nor keys.
struct proxy_address {
    std::string host; // without the brackets of an IPv6 literal
    std::string port;
    std::string authority;     // "proxy.example.com:3128": what may be shown and logged
    secret authorization = {}; // the value of Proxy-Authorization; empty: none
};

// "http://[user:password@]host:port". The message is the end of a sentence that begins with the
// variable's name, and repeats nothing of the URL.
result<proxy_address> parse_proxy(std::string_view url);
// For check-config: the URL with *** in the place of user and password.
std::string shown(const proxy_address& proxy);

// The targets that are reached without a proxy.
class proxy_exceptions {
  public:
    // Parted by commas or blanks: host names, each with all names below it ("example.com",
    // ".example.com", "*.example.com"), addresses, CIDR ranges, each but a range also with a port
    // ("example.com:8443", "[::1]:443"); "*" is everything. Errors as of parse_proxy().
    static result<proxy_exceptions> parse(std::string_view list);

    // `host` as in a URL but without the brackets of IPv6. Addresses and ranges meet a host that is
    // an address; names are not resolved.
    [[nodiscard]] bool contain(std::string_view host, std::string_view port) const;
    [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }

  private:
    struct entry {
        bool everything = false;
        std::string name; // lower-case, no dot around it
        std::optional<boost::asio::ip::network_v6> range;
        std::string port; // empty: any
    };
    static result<entry> parse_entry(std::string_view text);
    std::vector<entry> entries_;
};

// What the environment says of proxies.
struct proxy_settings {
    std::optional<proxy_address> https; // HTTPS_PROXY
    std::optional<proxy_address> http;  // HTTP_PROXY
    std::optional<proxy_address> all;   // ALL_PROXY: where the target's own is not set
    proxy_exceptions except;            // NO_PROXY
};

// nullopt: the target is reached directly. This machine always is: Go's rule, for a proxy
// elsewhere would reach another one by these names.
std::optional<proxy_address> proxy_for(const proxy_settings& set, bool tls, std::string_view host,
                                       std::string_view port);

// "example.com:443", "[2001:db8::1]:443" (RFC 9110 §9.3.6).
std::string authority_of(std::string_view host, std::string_view port);

} // namespace http
