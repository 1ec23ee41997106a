// What a person, a proxy or systemd asks first: what is this, is it alive, can it work.
#pragma once

#include "web/http.hpp"
#include "web/services.hpp"

#include <boost/asio/awaitable.hpp>

namespace web {

boost::asio::awaitable<response> get_start_page(services& s, request r);
// 200 while the process answers.
boost::asio::awaitable<response> get_health(services& s, request r);
// 200 while the store can write. Twenty is not asked: restarting us does not mend it.
boost::asio::awaitable<response> get_readiness(services& s, request r);

} // namespace web
