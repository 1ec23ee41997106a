// /admin/calls: who called which tool, on which records, with which outcome.
#pragma once

#include "web/admin_api.hpp"

namespace web {

boost::asio::awaitable<response> get_calls(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> get_call_chain(const admin_needs& needs, admin_call call);

} // namespace web
