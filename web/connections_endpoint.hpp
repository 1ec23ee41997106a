// /connections: a person sees what was connected with their API key, and ends it. The key is
// the proof; Twenty is not asked, so that also a key which it no longer takes can be cleared
// away. After the first look a ticket stands for the key.
// Threat: one person sees or ends another's connections. Defence: everything goes by the
// fingerprint of the very key, which the browser can only make us compute from the key itself.
#pragma once

#include "web/http.hpp"
#include "web/services.hpp"

#include <boost/asio/awaitable.hpp>

namespace web {

boost::asio::awaitable<response> get_connections(services& s, request r);
boost::asio::awaitable<response> post_connections(services& s, request r);

} // namespace web
