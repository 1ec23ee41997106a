// Redirect URIs, in two lines: the registered and the requested one. The matcher against a second
// one that is written the other way round: it builds the one URI that would match and compares.
#include "oauth/redirect_uri.hpp"

#include "base/text.hpp"
#include "base/uri.hpp"
#include "oauth/identity.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <array>
#include <regex>
#include <string>

namespace {

struct loopback {
    std::string host;
    std::string port;
    std::string rest;
};

bool is_octet(const std::string& digits) {
    return !digits.empty() && digits.size() <= 3 && (digits.size() == 1 || digits[0] != '0') &&
           std::stoul(digits) <= 255;
}

// http://HOST[:PORT][/PATH][?QUERY] with a host of this machine.
std::optional<loopback> read_loopback(const std::string& uri) {
    static const std::regex form(
        R"(http://(localhost|\[::1\]|127\.(\d{1,3})\.(\d{1,3})\.(\d{1,3}))(:(\d*))?([/?][^#]*)?)");
    std::smatch m;
    if (!std::regex_match(uri, m, form)) return std::nullopt;
    if (m[2].matched && !(is_octet(m[2]) && is_octet(m[3]) && is_octet(m[4]))) return std::nullopt;
    loopback out{m[1], m[5].matched ? m[5].str() : std::string(), m[7]};
    if (out.rest.empty() || out.rest[0] == '?') out.rest.insert(0, "/");
    return out;
}

bool is_port(const std::string& with_colon) {
    if (with_colon.size() < 2 || with_colon.size() > 6) return false;
    const auto number = std::stoul(with_colon.substr(1));
    return number >= 1 && number <= 65535;
}

bool matches_plainly(const std::string& registered, const std::string& requested) {
    if (registered == requested) return true;
    const auto a = read_loopback(registered);
    const auto b = read_loopback(requested);
    if (!a || !b) return false;
    if (!b->port.empty() && !is_port(b->port)) return false;
    const bool plain = std::all_of(requested.begin(), requested.end(),
                                   [](char c) { return c > 0x20 && c < 0x7F && c != '\\'; });
    return plain && a->host == b->host && a->rest == b->rest;
}

// What a browser must never be sent to, whatever else is true.
bool runs_code(std::string_view uri) {
    static constexpr std::array<std::string_view, 6> schemes{
        "javascript:", "data:", "vbscript:", "file:", "blob:", "about:"};
    return std::any_of(schemes.begin(), schemes.end(),
                       [&](std::string_view scheme) { return text::starts_with_ci(uri, scheme); });
}

} // namespace

void fuzz::redirect_uri(std::string_view bytes) {
    const std::string registered(take_line(bytes));
    const std::string requested(take_line(bytes));
    if (registered.size() > 600 || requested.size() > 600) return; // std::regex recurses

    // Only what was registered is ever compared with.
    if (oauth::check_redirect_uri(registered)) {
        must(oauth::redirect_uri_matches(registered, registered), "a URI matches itself");
        must(oauth::redirect_uri_matches(registered, requested) ==
                 matches_plainly(registered, requested),
             "two matchers agree");
    }
    for (const auto& uri : {registered, requested}) {
        const auto kind = oauth::check_redirect_uri(uri);
        if (kind) {
            must(!runs_code(uri), "no URI that runs code can be registered");
            must(uri.find_first_of(std::string_view("#\\\r\n\t \0", 7)) == std::string::npos,
                 "no registered URI holds what a browser mends or splits");
            if (*kind == oauth::redirect_kind::web)
                must(text::starts_with_ci(uri, "https://"), "the web is reached by https");
            if (*kind == oauth::redirect_kind::private_scheme)
                must(oauth::success_delivery(uri) == oauth::delivery::interstitial,
                     "a private scheme is reached by a page");
        }
        const auto parts = uri::split(uri);
        if (parts && oauth::error_delivery(uri) == oauth::delivery::redirect)
            must(!parts->has_userinfo && (parts->scheme == "https" ||
                                          read_loopback(uri.substr(0, uri.find('#'))).has_value()),
                 "errors travel by themselves only to known hosts and this machine");
        (void)uri::display_host(uri);

        const auto origin = oauth::canonical_origin(uri);
        if (origin)
            must(oauth::canonical_origin(*origin) == origin, "a canonical origin stays as it is");
    }
    static const auto identity = *oauth::make_identity("https://mcp.example.com");
    const auto resource = oauth::canonical_resource(identity, requested);
    if (resource) {
        must(*resource == identity.resource, "there is one resource");
        must(text::starts_with_ci(requested, "https://mcp.example.com"), "it is on this server");
    }
}
