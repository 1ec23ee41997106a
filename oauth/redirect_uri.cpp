#include "oauth/redirect_uri.hpp"

#include "base/text.hpp"
#include "base/uri.hpp"
#include "oauth/known_clients.hpp"

#include <algorithm>
#include <array>

namespace oauth {

namespace {

// Schemes that run, read or open something in the browser or the operating system. An entry
// with a trailing '*' stands for every scheme that begins so.
constexpr std::array<std::string_view, 29> denied_schemes{
    "javascript", "data",        "vbscript", "file",       "mailto",     "blob",
    "about",      "view-source", "ws",       "wss",        "ftp",        "ftps",
    "sftp",       "ssh",         "telnet",   "filesystem", "intent",     "jar",
    "resource",   "chrome*",     "moz-*",    "ms-*",       "livescript", "shell*",
    "cmd",        "powershell",  "tel",      "sms",        "search-ms*",
};

// RFC 8252 §7.1 wants a private-use scheme made of a domain that its owner controls, so with a
// period. These clients have none and are real.
constexpr std::array<std::string_view, 9> dotless_schemes{
    "cursor",    "vscode", "vscode-insiders", "vscodium", "windsurf",
    "jetbrains", "claude", "claude-dev",      "zed",
};

template <class List> bool listed(const List& list, std::string_view word) {
    return std::any_of(list.begin(), list.end(), [&](std::string_view entry) {
        if (entry.ends_with('*')) return word.starts_with(entry.substr(0, entry.size() - 1));
        return entry == word;
    });
}

bool plain_character(char c) noexcept { return c > 0x20 && c < 0x7F && c != '\\'; }

// The raw spelling is judged: HTTP://localhost may be registered, but only the lower-case form gets
// the exception for ports, and only to that one does an error travel by itself.
bool is_loopback(const uri::parts& uri) {
    return uri.scheme == "http" && uri.has_authority && !uri.has_userinfo &&
           uri::is_loopback_host(uri.host);
}

error refused(std::string why) { return {errc::bad_request, std::move(why)}; }

result<redirect_kind> check_web(const uri::parts& uri, bool encrypted) {
    if (!uri.has_authority || uri.host.empty()) return refused("a redirect URI has no host");
    if (uri.has_userinfo) return refused("a redirect URI must not hold a user name or password");
    if (uri.has_port && !uri::port_number(uri.port))
        return refused("a redirect URI has a bad port");
    for (const char c : uri.host)
        if (c == '*' || c == '%' || c == '"' || c == '<' || c == '>')
            return refused("a redirect URI has a bad host");
    if (encrypted) return redirect_kind::web;
    // The scheme may come in any case here; a later match is by bytes anyway.
    if (!uri::is_loopback_host(uri.host))
        return refused("a redirect URI with http must lead to localhost, 127.0.0.1 or [::1]; "
                       "use https elsewhere");
    return redirect_kind::loopback;
}

} // namespace

result<redirect_kind> check_redirect_uri(std::string_view uri) {
    if (uri.empty()) return refused("a redirect URI is empty");
    if (uri.size() > max_redirect_uri_bytes) return refused("a redirect URI is too long");
    // Threat: "java\tscript:" and friends, which browsers mend. Defence: refuse the bytes.
    if (!std::all_of(uri.begin(), uri.end(), plain_character))
        return refused("a redirect URI holds a space, a backslash, a control character or a "
                       "character outside ASCII");
    const auto parts = uri::split(uri);
    if (!parts) return refused("a redirect URI is not an absolute URI");
    if (parts->has_fragment) return refused("a redirect URI must not hold a fragment");
    const auto scheme = text::lower(parts->scheme);
    if (scheme == "https") return check_web(*parts, true);
    if (scheme == "http") return check_web(*parts, false);
    // denied_schemes come first: an entry with '*' also covers names with a period.
    if (listed(denied_schemes, scheme)) return refused("a redirect URI has a forbidden scheme");
    if (scheme.find('.') == std::string::npos && !listed(dotless_schemes, scheme))
        return refused("a redirect URI has an unknown scheme; use https, http to localhost, or a "
                       "reverse domain name such as com.example.app");
    return redirect_kind::private_scheme;
}

// Threat: a parser that mends URIs makes /x/../callback or another user name equal to what was
// registered, and the code goes there. Defence: bytes are compared (RFC 9700 §4.1.3). The port
// alone may differ, and only on loopback, where the system gives a native client any free one
// (RFC 8252 §7.3).
bool redirect_uri_matches(std::string_view registered, std::string_view requested) {
    if (registered == requested) return true;
    const auto a = uri::split(registered);
    const auto b = uri::split(requested);
    if (!a || !b || !is_loopback(*a) || !is_loopback(*b)) return false;
    if (a->host != b->host || a->has_fragment || b->has_fragment) return false;
    // The registered URI has passed check_redirect_uri(); the requested one is a stranger's.
    if (!std::all_of(requested.begin(), requested.end(), plain_character)) return false;
    if (b->has_port && !uri::port_number(b->port)) return false;
    // VS Code registers with a slash and asks without one, or the other way round.
    const auto path = [](const uri::parts& u) { return u.path.empty() ? "/" : u.path; };
    return path(*a) == path(*b) && a->has_query == b->has_query && a->query == b->query;
}

bool redirect_uri_matches(const std::vector<std::string>& registered, std::string_view requested) {
    return std::any_of(registered.begin(), registered.end(), [&](const std::string& one) {
        return redirect_uri_matches(one, requested);
    });
}

delivery success_delivery(std::string_view redirect_uri) {
    return text::starts_with_ci(redirect_uri, "https:") ||
                   text::starts_with_ci(redirect_uri, "http:")
               ? delivery::redirect
               : delivery::interstitial;
}

delivery error_delivery(std::string_view redirect_uri, const std::vector<std::string>& trusted) {
    const auto parts = uri::split(redirect_uri);
    if (!parts) return delivery::link;
    if (is_loopback(*parts)) return delivery::redirect;
    // A port beside the default one may belong to somebody else on the same host.
    if (parts->scheme != "https" || parts->has_userinfo || parts->has_port) return delivery::link;
    return is_known_host(parts->host) || listed(trusted, parts->host) ? delivery::redirect
                                                                      : delivery::link;
}

} // namespace oauth
