// /admin/connections: everybody's connections, found and ended. No secret is among what is told;
// mode and objects are for show, what counts is sealed (store/schema.sql).
#pragma once

#include "http/admin_api.hpp"

namespace http {

boost::asio::awaitable<response> list_connections(services& s, admin_call call);
boost::asio::awaitable<response> get_connection(services& s, admin_call call);
boost::asio::awaitable<response> delete_connection(services& s, admin_call call);
boost::asio::awaitable<response> revoke_connections(services& s, admin_call call);

} // namespace http
