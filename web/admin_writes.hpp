// /admin/writes: whose writes are paused.
#pragma once

#include "web/admin_api.hpp"

namespace web {

boost::asio::awaitable<response> list_pauses(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> pause_writes(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> resume_writes(const admin_needs& needs, admin_call call);

} // namespace web
