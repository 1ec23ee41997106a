// /admin/primer: the text that every model of every connection reads first, its last versions,
// changes that happen only to the version that their author saw, and what is probably wrong in it.
#pragma once

#include "web/admin_api.hpp"

namespace web {

boost::asio::awaitable<response> put_primer(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> lint_primer(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> get_primer(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> delete_primer(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> get_primer_history(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> get_primer_version(const admin_needs& needs, admin_call call);
boost::asio::awaitable<response> roll_back_primer(const admin_needs& needs, admin_call call);

} // namespace web
