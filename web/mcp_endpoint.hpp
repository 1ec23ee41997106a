// /mcp between HTTP and the session actors: credentials and headers in, status and challenge
// out. What a message means is decided in mcp/, whether a token is good in the store.
#pragma once

#include "web/http.hpp"
#include "web/services.hpp"

#include <boost/asio/awaitable.hpp>
#include <optional>

namespace web {

boost::asio::awaitable<response> post_mcp(services& s, request r);
// MCP, streamable HTTP: 405 where no stream is offered; 401 comes first.
boost::asio::awaitable<response> get_mcp(services& s, request r);
boost::asio::awaitable<response> delete_mcp(services& s, request r);

// The 401 for a request whose head has no access token, or none of a token's form.
std::optional<response> token_missing(const services& s, const request& r);
// 400 for a second Authorization header (RFC 6750 §3.1).
response two_tokens(const services& s, const request& r);
// 403 for an Origin that is not on the list; before any authentication.
response origin_refused();

} // namespace web
