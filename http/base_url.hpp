// The one address of Twenty, cut into what a connection needs.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace http {

struct base_url {
    bool tls = true;
    std::string host; // without the brackets of an IPv6 literal
    std::string port;
    std::string authority; // for the Host header
    std::string path;      // "" or "/crm", put before every target
};

// http or https, a host, optionally a port and a path, nothing else. errc::bad_request says
// what is wrong.
result<base_url> parse_base_url(std::string_view url);

} // namespace http
