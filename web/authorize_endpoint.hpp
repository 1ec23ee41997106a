// /authorize: the checked request becomes a consent page, the form becomes a grant and an
// authorization code (RFC 6749 §4.1.1, §4.1.2). Nothing is kept before a person approved with
// a key that Twenty accepts.
#pragma once

#include "web/http.hpp"
#include "web/services.hpp"

#include <boost/asio/awaitable.hpp>

namespace web {

boost::asio::awaitable<response> get_authorize(services& s, request r);
boost::asio::awaitable<response> post_authorize(services& s, request r);

} // namespace web
