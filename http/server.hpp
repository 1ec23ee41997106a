// Accepts connections and runs one coroutine for each: read a request within limits and
// deadlines, hand it to the handler, write the answer, keep alive. Knows no path and no
// protocol above HTTP/1.1.
#pragma once

#include "base/result.hpp"
#include "http/message.hpp"
#include "http/request_rules.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace http {

namespace asio = boost::asio;

// The answer to a request that the handler never sees. Its path is empty when the head was not
// understood.
using refuser = std::function<response(const request& head, const refusal& why)>;
// What a server says that knows no path.
response plain_refusal(const request& head, const refusal& why);

using handler = std::function<asio::awaitable<response>(request)>;
// The largest body that a path takes; asked after the header, before the body is read. nullopt:
// the handler decides by the head alone; it gets the request without its body, of which nothing
// is read, and the connection closes after the answer.
using body_limit = std::function<std::optional<std::size_t>(const request& head)>;
// An answer that needs no body; asked before a body of some size is read. nullopt: read it.
using head_check = std::function<std::optional<response>(const request& head)>;
// Whether the head's token is good: such a request is not pushed out by strangers. Asked before the
// body is read, while connections are scarce, and before any large body, which is read for no token
// that is `refused`.
struct judged_token {
    bool good = false;
    std::optional<response> refused; // what is answered in place of reading a large body
};
using token_check = std::function<asio::awaitable<judged_token>(const request& head)>;

struct server_options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8787; // 0: any free one
    // Listens at that address already, for this process and whichever comes after it; -1: none
    // does.
    int socket = -1;
    // Listens at this Unix socket in place of an address; empty: it does not. The file is for its
    // owner and group alone, and goes when the server does.
    std::string local_path = {};
    std::size_t header_bytes = 16384;
    std::size_t max_headers = 100;
    std::size_t max_connections = 8192;        // at 12.5 KB; shares: http/eviction
    std::size_t max_connections_per_peer = 64; // not for trusted proxies
    // In progress at one time for one client behind a trusted proxy, and for egress that many
    // people share. An office is one address; its lasting streams are not counted.
    std::size_t max_requests_per_client = 256;
    std::size_t max_requests_shared = 768;
    std::size_t max_requests_per_connection = 1000;
    std::size_t max_body_bytes = 64 * 1024 * 1024;   // of all large bodies at one time
    std::size_t max_answer_bytes = 64 * 1024 * 1024; // of all answers that are being written
    std::size_t unchecked_body_bytes = 16 * 1024;    // read before head_check is asked
    std::chrono::seconds header_deadline{10};
    std::chrono::seconds body_deadline{30};
    std::chrono::seconds body_grace{5}; // after it a body has to come at this rate, on average
    std::size_t body_bytes_per_second = 1024;
    std::chrono::seconds idle{75};
    std::chrono::seconds write_deadline{30};
    std::chrono::seconds handler_deadline{60};
    std::chrono::seconds drain{10};                  // after stop(): what is in flight may finish
    std::vector<std::string> trusted_proxies;        // addresses or CIDR
    std::span<const std::string_view> shared_egress; // CIDR: addresses that many people share
    bool access_log = true;
    bool watched = true; // its connections and budgets are among the metrics
};

// Everything runs on the one thread that runs `io`. The handler and the limit are called there
// too. When the handler's deadline has passed or the server closes, what the handler's
// coroutine awaits is cancelled (terminal cancellation).
class server {
  public:
    server(asio::io_context& io, server_options options, handler handle, body_limit limit);
    ~server();
    // Binds and listens, or takes the socket that listens already, and answers the port; 0 of a
    // Unix socket. Errors name the address and the reason, or the trusted proxy that cannot be
    // read.
    result<std::uint16_t> start();
    // Stops accepting, closes idle connections (who sent a request already is heard), waits for the
    // rest at most `drain`, then closes them; then calls `stopped`. Connections that wait at a
    // socket which was passed stay there, for the next process.
    void stop(std::function<void()> stopped);
    [[nodiscard]] std::size_t connections() const noexcept;
    // From then on; before, every head leads to its body.
    void check_heads_with(head_check check);
    // From then on; before, no token is known.
    void check_tokens_with(token_check check);
    // From then on, instead of plain_refusal().
    void refuse_with(refuser how);

  private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace http
