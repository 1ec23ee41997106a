#include "http/base_url.hpp"

#include "base/text.hpp"
#include "base/uri.hpp"
#include "http/header_values.hpp"

namespace http {

namespace {

error wrong(std::string_view what) {
    return {errc::bad_request, "Twenty's base URL " + std::string(what)};
}

} // namespace

result<base_url> parse_base_url(std::string_view url) {
    const auto parts = uri::split(url);
    if (!parts || !parts->has_authority || parts->host.empty())
        return wrong("is not a URL such as https://crm.example.com.");
    const auto scheme = text::lower(parts->scheme);
    if (scheme != "https" && scheme != "http") return wrong("must begin with https:// or http://.");
    // A user name would be a credential in a setting that is no secret. Query and fragment cannot
    // stand in front of the targets that are appended.
    if (parts->has_userinfo || parts->has_query || parts->has_fragment)
        return wrong("must have no user name, query or fragment.");
    if (!safe_target("/" + std::string(parts->host)) ||
        !safe_target("/" + std::string(parts->path)))
        return wrong("holds characters that a URL must not have.");
    if (parts->has_port && !uri::port_number(parts->port)) return wrong("has no valid port.");

    base_url made;
    made.tls = scheme == "https";
    made.host = text::lower(parts->host);
    made.authority = made.host;
    // The resolver and the certificate want an IPv6 address without brackets, the Host header with
    // them.
    if (made.host.starts_with('[')) made.host = made.host.substr(1, made.host.size() - 2);
    made.port = made.tls ? "443" : "80";
    if (parts->has_port) {
        made.port = parts->port;
        made.authority += ":" + made.port;
    }
    made.path = parts->path;
    while (made.path.ends_with('/'))
        made.path.pop_back();
    return made;
}

} // namespace http
