// /admin/schema, /admin/keys, /admin/audit: what an operator asks the server about itself.
#pragma once

#include "web/admin_api.hpp"

namespace web {

boost::asio::awaitable<response> refresh_schema(services& s, admin_call call);
boost::asio::awaitable<response> get_keys(services& s, admin_call call);
boost::asio::awaitable<response> get_audit(services& s, admin_call call);

} // namespace web
