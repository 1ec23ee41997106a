// A URI cut into its raw pieces, nothing decoded and nothing normalised. Redirect URIs and
// resource identifiers are compared as the bytes that were sent.
// Threat: a URL parser that mends what it reads makes two different strings equal.
// Defence: this one only cuts (RFC 3986 §3) and never changes a byte.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace uri {

// Views into the text that was split.
struct parts {
    std::string_view scheme;
    bool has_authority = false; // "//" follows the scheme
    std::string_view userinfo;
    bool has_userinfo = false;
    std::string_view host; // with brackets when it is an IPv6 literal
    std::string_view port; // digits; empty when absent
    bool has_port = false; // a colon was there
    std::string_view path;
    std::string_view query; // without '?'
    bool has_query = false;
    bool has_fragment = false;
};

// nullopt: no scheme of RFC 3986's form, or an authority that cannot be cut without doubt.
std::optional<parts> split(std::string_view uri);

// 1 to 65535, at most five digits; nullopt otherwise.
std::optional<std::uint16_t> port_number(std::string_view digits);

// Whether a host, in lower case and with brackets when it is IPv6, is this machine: localhost,
// [::1] and 127.0.0.0/8 in plain dotted form (RFC 8252 §7.3, §8.3). Every decision about
// loopback asks this one. Threat: 127.evil.example or 0177.0.0.1. Defence: four plain octets.
bool is_loopback_host(std::string_view lower_host);

// The host and port for people: "claude.ai", "localhost:6274"; for a URI without authority
// the scheme ("com.example.app:").
std::string display_host(std::string_view uri);

} // namespace uri
