#include "base/uri.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace uri {

namespace {

bool alpha(char c) noexcept { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

// RFC 3986 §3.1
bool valid_scheme(std::string_view s) noexcept {
    if (s.empty() || !alpha(s.front())) return false;
    for (const char c : s)
        if (!alpha(c) && !digit(c) && c != '+' && c != '-' && c != '.') return false;
    return true;
}

// split_authority() cuts [userinfo@]host[:port]. Threat: parsers disagree where the host of a@b@c
// begins, and the one that decides reads another host than the browser. Defence: false where there
// is a doubt.
bool split_authority(std::string_view authority, parts& out) {
    if (const auto at = authority.find('@'); at != std::string_view::npos) {
        if (authority.find('@', at + 1) != std::string_view::npos) return false;
        out.has_userinfo = true;
        out.userinfo = authority.substr(0, at);
        authority.remove_prefix(at + 1);
    }
    std::size_t host_end = authority.find(':');
    if (!authority.empty() && authority.front() == '[') {
        const auto bracket = authority.find(']');
        if (bracket == std::string_view::npos) return false;
        host_end = bracket + 1;
        if (host_end < authority.size() && authority[host_end] != ':') return false;
    }
    out.host = authority.substr(0, host_end);
    if (host_end < authority.size()) {
        out.has_port = true;
        out.port = authority.substr(host_end + 1);
        for (const char c : out.port)
            if (!digit(c)) return false;
    }
    return true;
}

} // namespace

std::optional<parts> split(std::string_view uri) {
    const auto colon = uri.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    parts out;
    out.scheme = uri.substr(0, colon);
    if (!valid_scheme(out.scheme)) return std::nullopt;
    auto rest = uri.substr(colon + 1);
    // RFC 3986 §3.5, §3.4: the fragment ends everything, then the query; a slash or an @ in either
    // of them belongs to no authority.
    if (const auto hash = rest.find('#'); hash != std::string_view::npos) {
        out.has_fragment = true;
        rest = rest.substr(0, hash);
    }
    if (const auto mark = rest.find('?'); mark != std::string_view::npos) {
        out.has_query = true;
        out.query = rest.substr(mark + 1);
        rest = rest.substr(0, mark);
    }
    if (rest.starts_with("//")) {
        out.has_authority = true;
        rest.remove_prefix(2);
        const auto slash = rest.find('/');
        if (!split_authority(rest.substr(0, slash), out)) return std::nullopt;
        rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
    }
    out.path = rest;
    return out;
}

std::optional<std::uint16_t> port_number(std::string_view digits) {
    if (digits.empty() || digits.size() > 5) return std::nullopt;
    unsigned number = 0;
    for (const char c : digits) {
        if (!digit(c)) return std::nullopt;
        number = number * 10 + static_cast<unsigned>(c - '0');
    }
    if (number == 0 || number > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(number);
}

bool is_loopback_host(std::string_view host) {
    if (host == "localhost" || host == "[::1]") return true;
    const auto octets = text::split(host, '.');
    if (octets.size() != 4 || octets[0] != "127") return false;
    return std::all_of(octets.begin(), octets.end(), [](const std::string& octet) {
        if (octet.empty() || octet.size() > 3 || (octet.size() > 1 && octet[0] == '0'))
            return false;
        return std::all_of(octet.begin(), octet.end(), digit) && std::stoi(octet) <= 255;
    });
}

std::string display_host(std::string_view uri) {
    const auto parts = split(uri);
    if (!parts) return {};
    if (!parts->has_authority || parts->host.empty()) return std::string(parts->scheme) + ':';
    std::string out;
    // cursor://anysphere/… is a program on this computer and not a host of that name.
    if (parts->scheme != "http" && parts->scheme != "https")
        out = std::string(parts->scheme) + "://";
    out += parts->host;
    if (parts->has_port) out.append(":").append(parts->port);
    return out;
}

} // namespace uri
