// The OAuth endpoints that clients call themselves: discovery, registration, tokens and
// revocation. The rules are oauth/'s; here they meet HTTP, the limits and the store.
#pragma once

#include "web/http.hpp"
#include "web/services.hpp"

#include <boost/asio/awaitable.hpp>

namespace web {

boost::asio::awaitable<response> get_protected_resource(services& s, request r);   // RFC 9728
boost::asio::awaitable<response> get_authorization_server(services& s, request r); // RFC 8414
boost::asio::awaitable<response> post_register(services& s, request r);            // RFC 7591
boost::asio::awaitable<response> post_token(services& s, request r);               // RFC 6749 §3.2
boost::asio::awaitable<response> post_revoke(services& s, request r);              // RFC 7009

} // namespace web
