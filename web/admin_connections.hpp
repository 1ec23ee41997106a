// /admin/connections: everybody's connections, found and ended. No secret is among what is told;
// mode and objects are for show, what counts is sealed (store/schema.sql).
#pragma once

#include "web/admin_api.hpp"

namespace web {

boost::asio::awaitable<response> list_connections(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> get_connection(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> delete_connection(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> revoke_connections(const admin_needs& needs, admin_call call);

} // namespace web
