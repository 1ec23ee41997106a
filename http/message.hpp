// One HTTP exchange as the endpoints see it. Beast stays in the connection and client files;
// everything else handles these two plain structs.
#pragma once

#include "base/log.hpp"
#include "base/secret.hpp"

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

using headers = std::vector<std::pair<std::string, std::string>>;

struct peer_watch;

inline constexpr std::string_view authorization_field = "authorization"; // lower-cased

struct request {
    std::string method; // as received; a HEAD's answer is sent without its body
    std::string path;   // before '?', as received, checked: origin-form, ASCII, no escapes of /
                        // \ NUL, no dot segments
    std::string query;  // after '?', raw
    http::headers
        headers; // names lower-cased, in order; snapshot before the body (trailers never join)
    // The first Authorization field's value, in locked memory from the moment that it was read; its
    // entry among the headers has no value. header("authorization") shows it.
    secret authorization;
    std::string body;
    std::string peer;   // client address; from X-Forwarded-For only behind a trusted proxy
    bool local = false; // came over a Unix socket: `peer` is "uid N", the user of the other process
    std::string id;     // request id, also sent back as X-Request-Id
    std::shared_ptr<peer_watch> watch; // null only in tests

    // The first value, or empty.
    [[nodiscard]] std::string_view header(std::string_view lower_name) const noexcept;
    [[nodiscard]] bool has(std::string_view lower_name) const noexcept;
};

// How often a header occurs.
std::size_t count(const request& r, std::string_view lower_name) noexcept;

// A body that is written while it comes about. The connection asks for piece after piece.
class body_source {
  public:
    virtual ~body_source() = default;
    // Waits for the next bytes. Empty: the body is complete.
    virtual boost::asio::awaitable<std::string> next() = 0;
    // Nobody reads any more, or reads too slowly: next() ends soon.
    virtual void peer_gone() = 0;
    // The server is about to stop, or has too many of them: what never ends by itself ends now.
    virtual void stopping() = 0;
    // What the access log says of the body, once that is known; else empty.
    [[nodiscard]] virtual std::vector<logging::pair> said() { return {}; }
    // Since when a source that never ends by itself has had nothing to say; nullopt: it ends by
    // itself, or is about to end.
    [[nodiscard]] virtual std::optional<std::chrono::steady_clock::time_point>
    quiet_since() const noexcept {
        return std::nullopt;
    }
};

// As a response's status: the connection is closed without a byte of an answer.
inline constexpr int no_answer = 0;

struct response {
    int status = 200;
    http::headers headers;
    std::string body;
    std::shared_ptr<body_source> source; // when set, the body comes from here
    // For the access log only, never sent: pairs such as mcp=tools/call.
    std::vector<logging::pair> log;
    // Of whose path it is, for the metrics: a name that the server knows, never what came.
    std::string_view route;

    response() = default;
    response(int s, std::string content_type, std::string b);
    response& set(std::string name, std::string value); // appends
};

// What connection and endpoint tell each other while an answer is made. One a connection; what
// is set holds for the request that it is set in.
struct peer_watch {
    std::function<void()> on_gone;  // nobody waits for the answer any more
    std::function<response()> late; // makes the answer should the time be over; else a plain 503
    bool known = false;             // who asks has shown a good token
};

} // namespace http
