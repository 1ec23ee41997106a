// Beast's parser and our rules against a second reader of HTTP/1.1 that is as plain as RFC 9112
// is. Promise: where we take a request, both see the same body and the same end, however the
// bytes were cut. That is what request smuggling needs to break.
#include "http/request_rules.hpp"

#include "base/text.hpp"
#include "http/message_parser.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace {

constexpr std::size_t header_bytes = 4096;
constexpr std::size_t body_bytes = 4096;
constexpr std::size_t max_headers = 20;

// -- Ours, as http/connection uses it ---------------------------------------------------------

struct taken {
    http::request request;
    std::size_t end = 0; // of the message in the bytes
};

std::optional<taken> read_ours(std::string_view bytes, std::size_t cut) {
    taken t;
    http::request_parser parser(header_bytes);
    parser.begin(t.request);
    std::string unread;
    bool judged = false;
    for (std::size_t at = 0; at < bytes.size(); at += cut) {
        unread.append(bytes.substr(at, cut));
        for (bool more = true; more;) {
            const auto step = parser.put(unread);
            unread.erase(0, step.used);
            t.end += step.used;
            more = step.state == http::parse_state::head && !unread.empty();
            if (step.state == http::parse_state::broken ||
                step.state == http::parse_state::too_large)
                return std::nullopt;
            const bool has_head =
                step.state == http::parse_state::head || step.state == http::parse_state::done;
            if (has_head && !judged) {
                judged = true;
                const http::request_head head{parser.target(), parser.version()};
                if (apply_request_rules(t.request, head, max_headers)) return std::nullopt;
                if (parser.content_length().value_or(0) > body_bytes) return std::nullopt;
                if (!parser.done()) parser.limit_body(body_bytes);
            }
            if (parser.done()) return t;
        }
        // The connection's read buffer holds no more than a header.
        if (unread.size() >= header_bytes) return std::nullopt;
    }
    return std::nullopt;
}

// -- The second reader ------------------------------------------------------------------------

struct plain_message {
    std::string body;
    std::size_t end = 0;
};

std::string_view blanks_off(std::string_view v) {
    while (!v.empty() && (v.front() == ' ' || v.front() == '\t'))
        v.remove_prefix(1);
    while (!v.empty() && (v.back() == ' ' || v.back() == '\t'))
        v.remove_suffix(1);
    return v;
}

// RFC 9112 §7.1; nullopt: malformed or cut off.
std::optional<plain_message> read_chunks(std::string_view bytes, std::size_t at) {
    plain_message m;
    for (;;) {
        const auto line_end = bytes.find("\r\n", at);
        if (line_end == std::string_view::npos) return std::nullopt;
        std::size_t size = 0;
        std::size_t digits = 0;
        for (; digits < 8 && at + digits < line_end; ++digits) {
            const char c = bytes[at + digits];
            const auto hex = std::string_view("0123456789abcdef").find(static_cast<char>(c | 0x20));
            const bool digit =
                (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            if (!digit) break;
            size = size * 16 + hex;
        }
        if (digits == 0) return std::nullopt;
        at = line_end + 2;
        if (size == 0) break;
        if (bytes.size() - at < size + 2 || bytes.substr(at + size, 2) != "\r\n")
            return std::nullopt;
        m.body.append(bytes.substr(at, size));
        at += size + 2;
    }
    // The trailer section: lines up to an empty one.
    for (;;) {
        const auto line_end = bytes.find("\r\n", at);
        if (line_end == std::string_view::npos) return std::nullopt;
        const bool last = line_end == at;
        at = line_end + 2;
        if (last) break;
    }
    m.end = at;
    return m;
}

// The message that begins the bytes; for such that we have taken.
std::optional<plain_message> read_plainly(std::string_view bytes) {
    const auto head_end = bytes.find("\r\n\r\n");
    if (head_end == std::string_view::npos) return std::nullopt;
    auto fields = bytes.substr(0, head_end + 2);
    fields.remove_prefix(fields.find("\r\n") + 2);
    std::optional<std::size_t> length;
    bool chunked = false;
    while (!fields.empty()) {
        const auto line = fields.substr(0, fields.find("\r\n"));
        fields.remove_prefix(line.size() + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue; // a folded line
        const auto name = text::lower(line.substr(0, colon));
        const auto value = blanks_off(line.substr(colon + 1));
        if (name == "transfer-encoding") chunked = true;
        if (name == "content-length") {
            std::size_t n = 0;
            for (const char c : value.substr(0, value.find(',')))
                if (c >= '0' && c <= '9') n = n * 10 + static_cast<std::size_t>(c - '0');
            length = n;
        }
    }
    if (chunked) return read_chunks(bytes, head_end + 4);
    plain_message m;
    m.end = head_end + 4 + length.value_or(0);
    if (m.end > bytes.size()) return std::nullopt;
    m.body = bytes.substr(head_end + 4, length.value_or(0));
    return m;
}

} // namespace

void fuzz::http_request(std::string_view bytes) {
    const auto whole = read_ours(bytes, std::max<std::size_t>(bytes.size(), 1));
    for (const std::size_t cut : {std::size_t{1}, std::size_t{7}}) {
        const auto dripped = read_ours(bytes, cut);
        if (!whole || !dripped) continue; // a limit may be met earlier or later
        must(dripped->end == whole->end && dripped->request.body == whole->request.body &&
                 dripped->request.headers == whole->request.headers &&
                 dripped->request.path == whole->request.path,
             "a request is the same however its bytes arrive");
    }
    if (!whole) return;
    const auto& r = whole->request;
    const auto plain = read_plainly(bytes);
    must(plain.has_value(), "what we take is well-formed to another reader");
    must(plain->end == whole->end, "two readers see the same end of a request");
    must(plain->body == r.body, "two readers see the same body");

    must(r.path == "*" || r.path.starts_with('/'), "a path is in origin-form");
    must(r.path.find("//") == std::string::npos && r.path.find("/../") == std::string::npos &&
             r.path.find('?') == std::string::npos,
         "a path has one spelling");
    must(r.headers.size() <= max_headers, "the number of fields is bounded");
    must(r.has("host"), "a request names its host");
    const auto hosts = std::count_if(r.headers.begin(), r.headers.end(),
                                     [](const auto& f) { return f.first == "host"; });
    must(hosts == 1, "a request names one host");
    for (const auto& [name, value] : r.headers)
        must(name == text::lower(name) &&
                 value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
             "a field stays one line");
}
