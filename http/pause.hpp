// Waiting without holding a thread, for handlers.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

namespace http {

// Throws boost::system::system_error when the wait is cancelled: the connection was given up.
boost::asio::awaitable<void> pause(std::chrono::milliseconds time);
// Only a cancellation ends it.
boost::asio::awaitable<void> pause_forever();

} // namespace http
