// Host names that strangers name, looked up apart from everything else.
// Threat: the system's resolver blocks, and Asio has one thread for it; a name whose server is
// silent would hold up the look-up of Twenty's. Defence: a few threads of its own, started with
// the first question.
#pragma once

#include "base/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace http {

using addresses = std::vector<boost::asio::ip::address>;

class name_lookup {
  public:
    explicit name_lookup(boost::asio::io_context& io) : io_(io) {}
    ~name_lookup(); // waits for questions that are under way
    name_lookup(const name_lookup&) = delete;
    name_lookup& operator=(const name_lookup&) = delete;

    // All addresses of both families. errc::upstream_down: there are none; upstream_timeout.
    boost::asio::awaitable<result<addresses>> find(std::string host,
                                                   std::chrono::steady_clock::time_point until);

  private:
    struct question;
    boost::asio::io_context& io_;
    std::optional<boost::asio::thread_pool> threads_;
};

} // namespace http
