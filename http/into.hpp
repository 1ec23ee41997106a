// How a coroutine waits for an operation of Asio and gets its failure as a value.
#pragma once

#include "http/any_stream.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace http {

// `co_await timer.async_wait(into(failed))`: no exception, but `failed`, which outlives the wait.
inline auto into(error_code& failed) { return asio::redirect_error(asio::use_awaitable, failed); }

} // namespace http
