// /mcp between HTTP and the session actors: credentials and headers in, status and challenge
// out. What a message means is decided in mcp/, whether a token is good in the store.
#pragma once

#include "http/actor_bridge.hpp"
#include "http/event_stream.hpp"
#include "http/server.hpp"
#include "oauth/identity.hpp"
#include "web/guards.hpp"
#include "web/http.hpp"

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>

namespace web {

struct mcp_needs {
    boost::asio::io_context& io;                   // streams wait on it
    std::shared_ptr<http::waiting_events> waiting; // in all streams; never null
    const oauth::server_identity& identity;        // where challenges lead
    guards guard;
    http::actor_bridge& actors;
};

asio::awaitable<response> post_mcp(const mcp_needs& needs, request r);
// MCP, streamable HTTP: 405 where no stream is offered; 401 comes first.
asio::awaitable<response> get_mcp(const mcp_needs& needs, request r);
asio::awaitable<response> head_mcp(const mcp_needs& needs, request r);
asio::awaitable<response> delete_mcp(const mcp_needs& needs, request r);

// The 401 for a request whose head has no access token, or none of a token's form.
std::optional<response> token_missing(const mcp_needs& needs, const request& r);
// What its access token is worth, and the 401 if it is nothing. `r` must outlive the answer.
asio::awaitable<http::judged_token> judge_token(const mcp_needs& needs, const request& r);
// 400 for a second Authorization header (RFC 6750 §3.1).
response two_tokens(const mcp_needs& needs, const request& r);
// 403 for an Origin that is not on the list; before any authentication.
response origin_refused();

} // namespace web
