#include "http/request_rules.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace http {

namespace {

using verdict = std::optional<refusal>;

refusal bad(std::string_view text) { return {400, "bad_request", text}; }

// Threat: request smuggling. Beast takes an unknown coding for "no body" and then parses the
// body as the next request. Defence: exactly `chunked`, once, on HTTP/1.1, or nothing
// (RFC 9112 §6.1).
verdict framing(const request& r, const request_head& head) {
    const auto codings = count(r, "transfer-encoding");
    if (codings == 0) return std::nullopt;
    if (head.version < 11) return bad("Transfer-Encoding needs HTTP/1.1.");
    if (codings > 1) return bad("Transfer-Encoding may be sent once.");
    if (!text::iequals(text::trim(r.header("transfer-encoding")), "chunked"))
        return refusal{501, "not_implemented", "The only Transfer-Encoding taken is chunked."};
    return std::nullopt;
}

// RFC 9110 §9.3.1: content of a GET means nothing, and some readers skip it while others do not.
verdict content_of_get(const request& r) {
    if (r.method != "GET" && r.method != "HEAD") return std::nullopt;
    const bool none =
        r.header("content-length").find_first_of("123456789") == std::string_view::npos &&
        !r.has("transfer-encoding");
    if (none) return std::nullopt;
    return bad("A GET or HEAD request has no body.");
}

// Threat: a proxy before us and a reader behind it pick different ones of two. Defence: one.
verdict single_fields(const request& r) {
    // Authorization is the router's, because its refusal differs by path (RFC 6750 §3.1).
    static constexpr std::string_view once[] = {
        "host",           "origin",     "content-type", "expect",        "mcp-protocol-version",
        "mcp-session-id", "mcp-method", "mcp-name",     "last-event-id", "content-encoding"};
    for (const auto name : once)
        if (count(r, name) > 1) return bad("A header that may be sent once was sent twice.");
    return std::nullopt;
}

bool is_plain_host(std::string_view value) {
    return std::all_of(value.begin(), value.end(), [](char c) {
        return c > 0x20 && c < 0x7F &&
               std::string_view("/\\?#@\"<>").find(c) == std::string_view::npos;
    });
}

// RFC 9112 §3.2: HTTP/1.1 needs Host. HTTP/1.0 does not, but nothing here works without it.
verdict host(const request& r) {
    const auto value = r.header("host");
    if (value.empty()) return bad("The Host header is missing.");
    if (!is_plain_host(value)) return bad("The Host header is not a host.");
    return std::nullopt;
}

int hex(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Valid escapes only, and none of / \ . NUL and other controls: what would be another path
// to a reader that decodes first.
bool honest_escapes(std::string_view path) noexcept {
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (path[i] != '%') continue;
        if (i + 2 >= path.size()) return false;
        const int high = hex(path[i + 1]);
        const int low = hex(path[i + 2]);
        if (high < 0 || low < 0) return false;
        const int byte = high * 16 + low;
        if (byte < 0x20 || byte == 0x7F || byte == '/' || byte == '\\' || byte == '.') return false;
        i += 2;
    }
    return true;
}

bool dot_segment(std::string_view path) noexcept {
    for (std::size_t begin = 1; begin <= path.size();) {
        const auto end = std::min(path.find('/', begin), path.size());
        const auto segment = path.substr(begin, end - begin);
        if (segment == "." || segment == "..") return true;
        begin = end + 1;
    }
    return false;
}

// RFC 9112 §3.2.2: of a target in absolute form the path and the query are left, and its host is
// the request's, whatever the Host header says.
verdict take_authority(request& r, std::string& target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!text::starts_with_ci(target, scheme)) continue;
        const auto rest = std::string_view(target).substr(scheme.size());
        const auto end = std::min(rest.find_first_of("/?"), rest.size());
        const auto host = rest.substr(0, end);
        if (host.empty() || !is_plain_host(host)) return bad("The request target names no host.");
        for (auto& [name, value] : r.headers)
            if (name == "host") value = host;
        const bool has_path = end < rest.size() && rest[end] == '/';
        target = (has_path ? "" : "/") + std::string(rest.substr(end));
        break;
    }
    return std::nullopt;
}

// RFC 9112 §3.2.1, and `*` for OPTIONS; take_authority() has been there. Threat: a guarded path
// reached under another spelling. Defence: one spelling.
verdict split_target(request& r, std::string_view target) {
    if (target.size() > 8192)
        return refusal{414, "uri_too_long", "The request target is too long."};
    const bool visible = std::all_of(target.begin(), target.end(),
                                     [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
    if (!visible) return bad("The request target holds characters that must be escaped.");
    if (target == "*" && r.method == "OPTIONS") {
        r.path = target;
        return std::nullopt;
    }
    if (!target.starts_with('/')) return bad("The request target must be a path.");
    const auto mark = std::min(target.find('?'), target.size());
    const auto path = target.substr(0, mark);
    if (path.find("//") != std::string_view::npos || path.find('\\') != std::string_view::npos ||
        !honest_escapes(path) || dot_segment(path))
        return bad("The path is not in its plain form.");
    r.path = path;
    if (mark < target.size()) r.query = target.substr(mark + 1);
    return std::nullopt;
}

// Trailers never become headers here (message_parser.hpp); who announces them expects
// otherwise.
verdict unsupported(const request& r, const request_head& head) {
    if (r.has("trailer")) return bad("Trailer fields are not taken.");
    // Threat: a small body that unpacks to a huge one. Defence: none is unpacked (RFC 9110
    // §15.5.16).
    if (r.has("content-encoding") && !text::iequals(r.header("content-encoding"), "identity"))
        return refusal{415, "unsupported_encoding",
                       "Send the body as it is, without Content-Encoding."};
    if (r.method == "CONNECT" || r.method == "TRACE")
        return refusal{501, "not_implemented", "This method is not offered."};
    if (r.has("expect") && head.version >= 11 && !expects_continue(r, head))
        return refusal{417, "expectation_failed", "The only expectation met is 100-continue."};
    return std::nullopt;
}

} // namespace

bool expects_continue(const request& r, const request_head& head) noexcept {
    return head.version >= 11 && text::iequals(r.header("expect"), "100-continue");
}

// apply_request_rules() begins with what decides where the body ends: a mistake there makes the
// next request an attacker's. That both Content-Length and Transfer-Encoding are sent, or two
// lengths that differ, Beast refuses itself (RFC 9112 §6.3).
verdict apply_request_rules(request& r, const request_head& head, std::size_t max_headers) {
    if (r.headers.size() > max_headers)
        return refusal{431, "too_many_headers", "The request has too many headers."};
    if (auto v = framing(r, head)) return v;
    if (auto v = content_of_get(r)) return v;
    if (auto v = single_fields(r)) return v;
    if (auto v = host(r)) return v;
    if (auto v = unsupported(r, head)) return v;
    std::string target(head.target);
    if (auto v = take_authority(r, target)) return v;
    return split_target(r, target);
}

} // namespace http
