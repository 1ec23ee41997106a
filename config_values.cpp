#include "config_values.hpp"

#include "base/number.hpp"
#include "base/text.hpp"
#include "base/uri.hpp"
#include "http/base_url.hpp"
#include "http/header_values.hpp"
#include "http/trusted_proxies.hpp"
#include "oauth/identity.hpp"
#include "tracing/otlp.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

namespace config_values {

namespace {

error wrong(std::string what) { return {errc::bad_request, std::move(what)}; }

// The items are views into `given`, so that none of a secret is copied.
std::vector<std::string_view> comma_items(std::string_view given) {
    std::vector<std::string_view> out;
    while (!given.empty()) {
        const auto end = std::min(given.find(','), given.size());
        if (const auto item = text::trim(given.substr(0, end)); !item.empty()) out.push_back(item);
        given.remove_prefix(std::min(end + 1, given.size()));
    }
    return out;
}

// host_list() gives hosts in lower case; `strange` are the characters that no item may have.
result<std::vector<std::string>> host_list(std::string_view list, std::string_view strange,
                                           std::string_view rule) {
    std::vector<std::string> out;
    for (const auto host : comma_items(list)) {
        if (host.find_first_of(strange) != std::string_view::npos) return wrong(std::string(rule));
        out.push_back(text::lower(host));
    }
    return out;
}

} // namespace

result<secret> server_key(std::string_view hex) {
    secret key(text::hex_decode(hex).value_or(std::string()));
    if (key.size() != 32) return wrong("must be 64 hexadecimal digits (32 bytes)");
    const auto bytes = key.reveal();
    // A key of one byte over and over is a placeholder that was never replaced.
    if (bytes.find_first_not_of(bytes.front()) == std::string_view::npos)
        return wrong("must be random, not one repeated byte");
    return key;
}

result<std::vector<secret>> server_keys(std::string_view list) {
    std::vector<secret> out;
    for (const auto one : comma_items(list)) {
        TRY(key, server_key(one));
        out.push_back(std::move(key));
    }
    return out;
}

result<secret> admin_token(std::string_view given) {
    // ADMIN_TOKEN may be a word that a person chose, and guesses are only limited: hence the
    // length.
    if (given.size() < 24) return wrong("must have at least 24 characters");
    if (!text::is_token68(given)) // no request could carry it (RFC 6750 §2.1)
        return wrong("may have letters, digits and -._~+/= only");
    return secret(given);
}

result<endpoint> listen(std::string_view given) {
    const auto bad = wrong("must be ADDRESS:PORT with an IP address and a port from 1 to 65535");
    const auto colon = given.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return bad;
    endpoint e;
    auto address = given.substr(0, colon);
    e.port = text::number<std::uint16_t>(given.substr(colon + 1)).value_or(0);
    if (e.port == 0) return bad;
    if (address.front() == '[' && address.back() == ']')
        address = address.substr(1, address.size() - 2);
    else if (address.find(':') != std::string_view::npos)
        return bad; // IPv6 needs brackets
    // `localhost` is the only name: what a resolver says tomorrow must not decide who can connect.
    e.address = address == "localhost" ? "127.0.0.1" : std::string(address);
    boost::system::error_code failed;
    (void)boost::asio::ip::make_address(e.address, failed);
    if (failed) return bad;
    return e;
}

bool same_endpoint(std::string_view a, std::string_view b) {
    const auto one = listen(text::trim(a));
    const auto other = listen(text::trim(b));
    if (!one || !other || one->port != other->port) return false;
    return boost::asio::ip::make_address(one->address) ==
           boost::asio::ip::make_address(other->address);
}

bool is_loopback(const std::string& address) {
    boost::system::error_code failed;
    const auto parsed = boost::asio::ip::make_address(address, failed);
    return !failed && parsed.is_loopback();
}

std::optional<std::string> twenty_url(std::string_view given) {
    const auto url = http::parse_base_url(given);
    // A backslash is a slash to some parsers, and the host would end elsewhere.
    if (!url || given.find('\\') != std::string_view::npos) return std::nullopt;
    return (url->tls ? "https://" : "http://") + url->authority + url->path;
}

// A Twenty may be served below a path, but none is called as its own endpoints are: /graphql and
// /metadata, /rest with what follows, /mcp (Twenty 2.19).
std::string_view twenty_endpoint(std::string_view url) {
    const auto path = url.substr(std::min(url.find('/', url.find("//") + 2), url.size()));
    for (const std::string_view endpoint : {"/graphql", "/metadata", "/mcp", "/rest"}) {
        if (path.ends_with(endpoint)) return path.substr(path.size() - endpoint.size());
        const auto inside = path.find(std::string(endpoint) + "/");
        if (inside != std::string_view::npos) return path.substr(inside);
    }
    return {};
}

result<std::string> collector_url(std::string_view given) {
    auto url = twenty_url(given);
    if (!url) return wrong("must be an http or https URL without user, query and fragment");
    // Other programs are given the whole address of traces.
    if (url->ends_with(tracing::otlp::traces_path))
        url->resize(url->size() - tracing::otlp::traces_path.size());
    return *std::move(url);
}

// Threat: a value with a line break writes further fields. Defence: it is decoded first, then
// checked. Fields of our own are written once.
result<secret> header_fields(std::string_view list) {
    constexpr std::string_view ours[] = {"host",
                                         "connection",
                                         "accept",
                                         "user-agent",
                                         "content-type",
                                         "content-length",
                                         "traceparent",
                                         "transfer-encoding",
                                         "expect",
                                         "content-encoding",
                                         "proxy-authorization"};
    std::string out;
    out.reserve(list.size() + 4 * static_cast<std::size_t>(std::ranges::count(list, ',') +
                                                           1)); // never grows: no copy
    for (const auto one : comma_items(list)) {
        const auto equals = one.find('=');
        if (equals == std::string_view::npos)
            return wrong("must list name=value pairs, comma separated");
        const auto name = text::trim(one.substr(0, equals));
        auto decoded = text::percent_decode(text::trim(one.substr(equals + 1)));
        const secret value(decoded ? *std::move(decoded) : std::string());
        if (!http::safe_header_name(name) || value.empty() ||
            !http::safe_header_value(value.reveal()))
            return wrong("must list names and values of HTTP header fields, other characters of "
                         "values as %XX");
        if (std::ranges::find(ours, text::lower(name)) != std::end(ours))
            return wrong("must not have the field " + text::lower(name) +
                         ", which this server writes itself");
        out.append("\r\n").append(name).append(": ").append(value.reveal());
    }
    return secret(std::move(out));
}

result<std::string> public_url(std::string_view given) {
    auto origin = oauth::canonical_origin(given);
    if (!origin) return wrong("must be an http or https URL with a host, without a path");
    // OAuth tokens and API keys pass through this address (OAuth 2.1 §1.5).
    const auto parts = uri::split(*origin);
    if (parts->scheme != "https" && !uri::is_loopback_host(parts->host))
        return wrong("must be https unless its host is loopback");
    return *std::move(origin);
}

result<std::string> web_address(std::string_view given) {
    constexpr std::string_view marks = "-._~:/?#[]@!$&'()*+,;=%"; // RFC 3986 §2.2, §2.3, §2.1
    const auto parts = uri::split(given);
    const auto allowed = [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               marks.find(c) != std::string_view::npos;
    };
    if (!parts || (parts->scheme != "https" && parts->scheme != "http") || parts->host.empty() ||
        parts->has_userinfo || !std::all_of(given.begin(), given.end(), allowed) ||
        !text::percent_decode(given))
        return wrong("must be an http or https URL without a user, other characters as %XX");
    return std::string(given);
}

result<std::vector<std::string>> proxies(std::string_view list) {
    std::vector<std::string> out;
    for (const auto one : comma_items(list))
        out.emplace_back(one);
    if (!http::trusted_proxies::parse(out))
        return wrong("must list the proxies alone, as addresses or ranges such as 10.0.0.0/8");
    return out;
}

result<std::vector<std::string>> origins(std::string_view list) {
    std::vector<std::string> out;
    for (const auto one : comma_items(list)) {
        auto origin = oauth::canonical_origin(one);
        if (!origin) return wrong("must list origins such as https://host");
        out.push_back(*std::move(origin));
    }
    return out;
}

result<std::vector<std::string>> hosts_with_port(std::string_view list) {
    // Threat: DNS rebinding, once every name is answered. Defence: names are spelled out.
    return host_list(list, "/\\@?#* ", "must list HOST or HOST:PORT values, each in full");
}

result<std::vector<std::string>> hosts(std::string_view list) {
    return host_list(list, "/\\@?#: *", "must list host names");
}

result<std::int64_t> whole_number(std::string_view given, std::int64_t least, std::int64_t most) {
    const auto number = text::number<std::int64_t>(given);
    if (!number || *number < least || *number > most)
        return wrong("must be a whole number from " + std::to_string(least) + " to " +
                     std::to_string(most));
    return *number;
}

result<double> ratio(std::string_view given) {
    const auto read = text::number<double>(given);
    if (!read || !(*read >= 0 && *read <= 1)) return wrong("must be a number from 0 to 1");
    return *read;
}

result<bool> on_or_off(std::string_view given) {
    if (given == "on" || given == "off") return given == "on";
    return wrong("must be on or off");
}

result<twenty::asking> asking_floor(std::string_view given) {
    if (const auto floor = twenty::asking_named(given)) return *floor;
    return wrong("must be nothing, risky or every");
}

result<std::optional<logging::format>> log_format(std::string_view given) {
    using logging::format;
    if (given == "auto") return std::optional<format>();
    if (given == "text") return std::optional(format::text);
    if (given == "json") return std::optional(format::json);
    if (given == "journal") return std::optional(format::journal);
    return error{errc::bad_request, "must be auto, text, json or journal"};
}

result<logging::level> log_level(std::string_view given) {
    const auto level = logging::level_named(given);
    if (!level) return wrong("must be debug, info, warning or error");
    return *level;
}

result<oauth::document_policy> document_policy(std::string_view given) {
    const auto policy = oauth::document_policy_named(given);
    if (!policy) return wrong("must be any, trusted or off");
    return *policy;
}

result<oauth::reuse_policy> reuse_policy(std::string_view given) {
    const auto& names = oauth::reuse_policy_names;
    const auto* const named = std::find(names.begin(), names.end(), given);
    if (named == names.end()) return wrong("must be end or refuse");
    return static_cast<oauth::reuse_policy>(named - names.begin());
}

} // namespace config_values
