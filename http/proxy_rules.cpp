#include "http/proxy_rules.hpp"

#include "base/text.hpp"
#include "base/uri.hpp"
#include "http/address_ranges.hpp"
#include "http/header_values.hpp"

#include <algorithm>

namespace http {

namespace {

constexpr std::string_view form = "must be http://host:port or http://user:password@host:port";

error bad_proxy(std::string_view what) { return {errc::bad_request, std::string(what)}; }

// without_brackets() leaves of an IPv6 literal what a resolver takes.
std::string_view without_brackets(std::string_view host) {
    if (host.starts_with('[') && host.ends_with(']')) return host.substr(1, host.size() - 2);
    return host;
}

bool has_control(std::string_view text) { // ends of lines too
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; });
}

// RFC 7617 §2: a colon parts user and password, so that a user has none; neither has a control
// character.
result<secret> basic_credentials(std::string_view userinfo) {
    const auto colon = std::min(userinfo.find(':'), userinfo.size());
    auto decoded_user = text::percent_decode(userinfo.substr(0, colon));
    auto decoded_password =
        text::percent_decode(userinfo.substr(std::min(colon + 1, userinfo.size())));
    if (!decoded_user || !decoded_password)
        return bad_proxy("has a user or password with a % that is no %HH; write a % as %25");
    const secret user(std::move(*decoded_user));
    const secret password(std::move(*decoded_password));
    if (user.empty() || user.reveal().find(':') != std::string_view::npos ||
        has_control(user.reveal()) || has_control(password.reveal()))
        return bad_proxy("has a user or password with characters that HTTP cannot carry");
    std::string pair;
    pair.reserve(user.size() + password.size() + 1); // never grows: no copy is left behind
    pair.append(user.reveal()).append(":").append(password.reveal());
    const secret both(std::move(pair));
    const secret encoded(text::base64_encode(both.reveal()));
    std::string value;
    value.reserve(encoded.size() + 6);
    value.append("Basic ").append(encoded.reveal());
    return secret(std::move(value));
}

bool is_name_below(std::string_view host, std::string_view name) {
    if (!host.ends_with(name)) return false;
    return host.size() == name.size() || host[host.size() - name.size() - 1] == '.';
}

bool is_loopback(std::string_view host) {
    const auto address = parse_address(host);
    if (!address) return uri::is_loopback_host(text::lower(host));
    if (address->is_v4_mapped())
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, *address).is_loopback();
    return address->is_loopback();
}

} // namespace

std::string authority_of(std::string_view host, std::string_view port) {
    const bool literal = host.find(':') != std::string_view::npos;
    std::string out = literal ? "[" + std::string(host) + "]" : std::string(host);
    return out.append(":").append(port);
}

result<proxy_address> parse_proxy(std::string_view url) {
    // Without a scheme http is meant, as everywhere.
    std::string whole;
    whole.reserve(url.size() + 7);
    if (url.find("://") == std::string_view::npos) whole.append("http://");
    whole.append(url);
    const secret held(std::move(whole));
    const auto parts = uri::split(held.reveal());
    if (!parts || !parts->has_authority || parts->host.empty()) return bad_proxy(form);
    if (text::lower(parts->scheme) != "http")
        return bad_proxy(std::string(form) + ": proxies that are reached by https or SOCKS are not "
                                             "supported");
    if (parts->has_query || parts->has_fragment || (!parts->path.empty() && parts->path != "/"))
        return bad_proxy(std::string(form) + ", without a path");
    if (!safe_target("/" + std::string(parts->host))) return bad_proxy(form);
    if (!parts->has_port || !uri::port_number(parts->port))
        return bad_proxy(std::string(form) + ": the port is missing or none from 1 to 65535");
    proxy_address made;
    made.host = text::lower(without_brackets(parts->host));
    made.port = parts->port;
    made.authority = authority_of(made.host, made.port);
    if (parts->has_userinfo) {
        TRY(credentials, basic_credentials(parts->userinfo));
        made.authorization = std::move(credentials);
    }
    return made;
}

std::string shown(const proxy_address& proxy) {
    return (proxy.authorization.empty() ? "http://" : "http://***@") + proxy.authority;
}

// parse_entry() tells an IPv6 address from a name with a port by its second colon.
result<proxy_exceptions::entry> proxy_exceptions::parse_entry(std::string_view text) {
    entry made;
    if (text == "*") {
        made.everything = true;
        return made;
    }
    made.range = parse_range(without_brackets(text));
    if (made.range) return made;
    const auto colon = text.rfind(':');
    auto host = text.substr(0, colon);
    if (colon != std::string_view::npos) {
        if (!uri::port_number(text.substr(colon + 1)))
            return bad_proxy("has \"" + std::string(text) + "\", which is no host with a port");
        made.port = text.substr(colon + 1);
        made.range = parse_range(without_brackets(host));
        if (made.range && host.find('/') == std::string_view::npos) return made;
    }
    if (host.starts_with("*.")) host.remove_prefix(1);
    if (host.starts_with('.')) host.remove_prefix(1);
    if (host.ends_with('.')) host.remove_suffix(1);
    if (host.empty() || host.find_first_of("/*@?#[]:\\%") != std::string_view::npos)
        return bad_proxy("has \"" + std::string(text) + "\", which is no host, address or range");
    made.range.reset();
    made.name = text::lower(host);
    return made;
}

result<proxy_exceptions> proxy_exceptions::parse(std::string_view list) {
    proxy_exceptions made;
    while (!list.empty()) {
        const auto end = std::min(list.find_first_of(", \t"), list.size());
        const auto item = list.substr(0, end);
        list.remove_prefix(std::min(end + 1, list.size()));
        if (item.empty()) continue;
        TRY(one, parse_entry(item));
        made.entries_.push_back(std::move(one));
    }
    return made;
}

bool proxy_exceptions::contain(std::string_view host, std::string_view port) const {
    auto name = text::lower(host);
    if (name.ends_with('.')) name.pop_back();
    const auto address = parse_address(name);
    return std::any_of(entries_.begin(), entries_.end(), [&](const entry& e) {
        if (e.everything) return true;
        if (!e.port.empty() && e.port != port) return false;
        if (!e.range) return !address && is_name_below(name, e.name);
        address_ranges range;
        range.add(*e.range);
        return address && range.contains(*address);
    });
}

std::optional<proxy_address> proxy_for(const proxy_settings& set, bool tls, std::string_view host,
                                       std::string_view port) {
    const auto& own = tls ? set.https : set.http;
    const auto& chosen = own ? own : set.all;
    if (!chosen || is_loopback(host) || set.except.contain(host, port)) return std::nullopt;
    return chosen;
}

} // namespace http
