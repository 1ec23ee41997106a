// Which path and method is whose, and what every request must pass before an endpoint sees
// it: host, method, origin, and the CORS matrix. One table holds all of it.
#pragma once

#include "http/server.hpp"
#include "web/http.hpp"
#include "web/site.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace web {

using endpoint = asio::awaitable<response> (*)(site&, request);

struct method_row {
    std::string_view method; // empty: unused
    endpoint answer = nullptr;
};

// Who may call from a browser's script (CORS).
enum class sharing {
    none,      // pages and admin: never
    discovery, // the well-known documents: anybody
    oauth,     // /token, /register, /revoke: anybody
    mcp,       // /mcp: the allowed origins only, and they are checked
};

struct route {
    std::string_view path;
    std::array<method_row, 4> methods;
    web::sharing sharing = sharing::none;
    std::size_t body_bytes = 0;
    bool any_host = false;  // probes by address: health checks
    bool at_socket = false; // answered at the administrator's Unix socket, too
    // Instead of `methods`: answers every method here and on every path below.
    endpoint whole = nullptr;
    bool and_below = false; // the paths below, too
};

// In the order of their traffic.
std::span<const route> routes() noexcept;
// nullptr: no row has it.
const route* find_route(std::string_view path) noexcept;

// `s` must outlive the handler.
http::handler make_handler(site& s);
// What the head alone refuses, for the server. `s` must outlive it.
http::head_check make_head_check(site& s);
// Whether a head at /mcp has a good token, for the server. `s` must outlive it.
http::token_check make_token_check(site& s);
// The largest body of a path, for the server. `s` must outlive it.
http::body_limit make_body_limit(const site& s);
// What the server says of a request that no endpoint sees, in the words and with the headers of
// its path. `s` must outlive it.
http::refuser make_refuser(const site& s);

} // namespace web
