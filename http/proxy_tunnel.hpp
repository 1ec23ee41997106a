// A tunnel through a proxy (CONNECT, RFC 9110 §9.3.6), for whoever speaks TLS behind it.
#pragma once

#include "base/result.hpp"
#include "http/proxy_rules.hpp"
#include "http/streams.hpp"

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

namespace http {

// What a proxy's refusal means: the message is a clause ("the proxy refused the connection"), the
// detail names the proxy, its status and the way out.
error proxy_refusal(const proxy_address& proxy, int status);

// Asks the proxy that `socket` is connected to for `target` (authority_of()). Afterwards the socket
// carries the target's bytes alone. errc::upstream_down as of proxy_refusal(). Has no deadline:
// whoever closes the socket ends it.
// Threat: a proxy answers without end, or puts bytes of its own in front of the target's. Defence:
// the answer's head is bounded, and nothing may follow it before TLS has begun.
asio::awaitable<result<done>> open_tunnel(tcp_socket& socket, const proxy_address& proxy,
                                          std::string target);

} // namespace http
