// /admin/status, /admin/schema, /admin/keys, /admin/log-level, /admin/audit: what an operator asks
// the server about itself.
#pragma once

#include "web/admin_api.hpp"

namespace web {

boost::asio::awaitable<response> get_admin_status(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> refresh_schema(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> get_keys(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> get_log_level(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> put_log_level(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> get_audit(const admin_needs& needs, admin_call call);

} // namespace web
