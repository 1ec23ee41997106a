// /admin: the primer that every connection gets to read. One bearer token, no cookies, never
// from a browser's script.
#pragma once

#include "http/message.hpp"
#include "http/services.hpp"

#include <boost/asio/awaitable.hpp>

namespace http {

inline constexpr std::size_t max_primer_bytes = 100'000;

boost::asio::awaitable<response> put_primer(services& s, request r);
boost::asio::awaitable<response> get_primer(services& s, request r);
boost::asio::awaitable<response> delete_primer(services& s, request r);

// 503 for every /admin path while no ADMIN_TOKEN is configured.
response admin_disabled();

} // namespace http
