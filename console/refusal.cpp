#include "console/refusal.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "console/shown.hpp"

namespace console {

namespace {

// What a server sends may be a page of a proxy, and long.
constexpr std::size_t longest_words = 500;

std::string words_of(const std::string& text) { return shown(text::cut_utf8(text, longest_words)); }

// The server's own sentence; empty: the answer is no error of the admin API.
std::string said(const http::probe_answer& answer) {
    const auto body = json::parse(answer.body);
    if (!body) return {};
    for (const auto* name : {"message", "error_description", "error"})
        if (const auto text = body->text(name); !text.empty()) return words_of(std::string(text));
    return {};
}

// What the server's own sentence leaves open.
std::string_view advice(int status, bool named_etag) {
    switch (status) {
    case 401:
        return "\nThe token is ADMIN_TOKEN of the server's settings; the package keeps it in "
               "/etc/twenty-mcp/ADMIN_TOKEN.";
    case 412:
        // RFC 9110 §13.1: without If-Match it is If-None-Match that does not hold.
        return named_etag
                   ? "\nSomebody has changed it since: look at it again, and say its new ETag."
                   : "\nThere is one already, and --only-new replaces none.";
    case 429:
        return "\nTry again in a minute.";
    default:
        return {};
    }
}

} // namespace

error refusal(const http::probe_answer& answer, bool named_etag) {
    auto code = errc::upstream_refused;
    if (answer.status == 404) code = errc::not_found;
    if (answer.status == 429) code = errc::rate_limited;
    if (answer.status >= 500) code = errc::unavailable;
    auto words = said(answer);
    if (words.empty()) {
        words =
            "the answer is HTTP " + std::to_string(answer.status) + ", and none of the admin API";
        if (const auto to = answer.header("Location"); !to.empty())
            words += "; it leads to " + words_of(std::string(to));
    } else {
        words += advice(answer.status, named_etag);
    }
    return {code, words};
}

error unreachable(const error& why, const std::string& at, bool is_socket) {
    auto code = why.code == errc::upstream_timeout ? errc::upstream_timeout : errc::upstream_down;
    const auto where = shown(at);
    if (why.code == errc::too_large)
        return {errc::too_large, "The answer of " + where +
                                     " is too large for this command: ask for less, as with "
                                     "--limit where there is one."};
    if (!is_socket) {
        if (why.code == errc::not_allowed) code = errc::not_allowed;
        return {code, where + ": " + words_of(why.message)};
    }
    switch (why.code) {
    case errc::not_found:
        return {code, "There is no socket " + where +
                          ". Is the service running? TWENTY_MCP_ADMIN_SOCKET says where its socket "
                          "is."};
    case errc::not_allowed:
        return {errc::not_allowed, where + " is not for this user. Be root, or in its group."};
    case errc::bad_request:
        return {errc::bad_request, where + ": " + why.message};
    case errc::upstream_timeout:
        return {code, "The service at " + where + " does not answer in time."};
    default:
        return {code, "Nobody answers at " + where + ". Is the service running? (" +
                          words_of(why.message) + ")"};
    }
}

error cut_off(const std::string& at) {
    return {errc::upstream_down, "The answer of " + shown(at) +
                                     " was cut off: the service stopped, or was slower than "
                                     "--timeout allows. Try again."};
}

error bad_certificate(const http::certificate_facts& seen) {
    using fault = http::certificate_fault;
    std::string why = "its certificate is not accepted";
    if (seen.has(fault::expired)) why += ": it has expired";
    if (seen.has(fault::not_yet_valid)) why += ": it is not valid yet";
    if (seen.has(fault::other_name)) why += ": it is made for " + words_of(seen.names);
    if (seen.has(fault::self_signed) || seen.has(fault::unknown_authority))
        why += ": this machine does not know who issued it (" + words_of(seen.issuer) +
               "); --ca-file names further authorities";
    if (seen.has(fault::other)) why += ": " + words_of(seen.other);
    return {errc::not_allowed, why};
}

bool passes_by(const error& why) noexcept {
    return why.code == errc::rate_limited || why.code == errc::unavailable ||
           why.code == errc::upstream_down || why.code == errc::upstream_timeout;
}

} // namespace console
