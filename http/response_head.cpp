#include "http/response_head.hpp"

#include "base/text.hpp"
#include "http/header_values.hpp"
#include "http/message_parser.hpp"

namespace http {

namespace {

// framing_field() names what only the connection can know. Threat: an endpoint's own length and the
// real one differ, and the rest of a body is read as the next answer. Defence: one place decides.
bool framing_field(std::string_view name) noexcept {
    return text::iequals(name, "Content-Length") || text::iequals(name, "Connection") ||
           text::iequals(name, "Transfer-Encoding");
}

} // namespace

bool may_have_body(int status) noexcept { return status >= 200 && status != 204 && status != 304; }

bool write_response_head(std::string& out, const response& a, const response_facts& facts) {
    out.clear();
    out.append("HTTP/1.1 ").append(std::to_string(a.status)).push_back(' ');
    out.append(reason_phrase(a.status)).append("\r\n");
    // Each field is held to RFC 9110 §5.1 and §5.5: one that is not could end the head.
    bool has_nosniff = false;
    for (const auto& [name, value] : a.headers) {
        if (framing_field(name)) continue;
        if (!safe_header_name(name) || !safe_header_value(value)) return false;
        has_nosniff = has_nosniff || text::iequals(name, "X-Content-Type-Options");
        out.append(name).append(": ").append(value).append("\r\n");
    }
    if (!has_nosniff) out.append("X-Content-Type-Options: nosniff\r\n");
    if (!facts.id.empty()) out.append("X-Request-Id: ").append(facts.id).append("\r\n");
    out.append("Date: ").append(facts.date).append("\r\n");
    // RFC 9112 §6.1: chunked for HTTP/1.1 alone; an older client reads up to the end of the
    // connection. RFC 9110 §8.6: no length where there is no body.
    if (a.source && facts.version >= 11)
        out.append("Transfer-Encoding: chunked\r\n");
    else if (!a.source && may_have_body(a.status))
        out.append("Content-Length: ").append(std::to_string(a.body.size())).append("\r\n");
    // RFC 9112 §9.3: HTTP/1.1 goes on unless it is told, HTTP/1.0 the other way round.
    if (!facts.keep_alive)
        out.append("Connection: close\r\n");
    else if (facts.version < 11)
        out.append("Connection: keep-alive\r\n");
    out.append("\r\n");
    return true;
}

} // namespace http
