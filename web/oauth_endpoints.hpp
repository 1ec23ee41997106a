// The OAuth endpoints that clients call themselves: discovery, registration, tokens and
// revocation. The rules are oauth/'s; here they meet HTTP, the limits and the store.
#pragma once

#include "http/actor_bridge.hpp"
#include "oauth/identity.hpp"
#include "web/client_directory.hpp"
#include "web/guards.hpp"
#include "web/http.hpp"

namespace web {

struct oauth_needs {
    const oauth::server_identity& identity;
    const client_directory& clients;
    guards guard;
    http::actor_bridge& actors;
};

asio::awaitable<response> get_protected_resource(const oauth_needs& needs, request r);   // RFC 9728
asio::awaitable<response> get_authorization_server(const oauth_needs& needs, request r); // RFC 8414
asio::awaitable<response> post_register(const oauth_needs& needs, request r);            // RFC 7591
asio::awaitable<response> post_token(const oauth_needs& needs, request r);  // RFC 6749 §3.2
asio::awaitable<response> post_revoke(const oauth_needs& needs, request r); // RFC 7009

} // namespace web
