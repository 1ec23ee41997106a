// How coroutines of this room wait where a failure is an ordinary answer.
#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace http {

// The completion token that leaves an operation's failure in `failed` instead of throwing it.
// `failed` outlives the wait.
inline auto into(boost::system::error_code& failed) {
    return boost::asio::redirect_error(boost::asio::use_awaitable, failed);
}

} // namespace http
