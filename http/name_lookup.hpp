// Host names that strangers name, looked up apart from everything else.
// Threat: the system's resolver blocks, and Asio has one thread for it; a name whose server is
// silent would hold up the look-up of Twenty's. Defence: a few threads of its own, started with
// the first question.
// Threat: silent names come faster than the resolver gives up, so that the queue outlives the
// flood by far, and the end of the program waits for it. Defence: who waits no more is not asked
// for.
#pragma once

#include "base/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace http {

using addresses = std::vector<boost::asio::ip::address>;

struct looked_up {
    addresses all;
    std::string failed; // why there are none
};

// The system's resolver; blocks.
looked_up ask_system(const std::string& host);

class name_lookup {
  public:
    // `ask` is called on that many threads.
    explicit name_lookup(boost::asio::io_context& io,
                         std::function<looked_up(const std::string&)> ask = ask_system,
                         std::size_t threads = 4)
        : io_(io), ask_(std::move(ask)), thread_count_(threads) {}
    ~name_lookup(); // waits for questions that are under way, and begins no other
    name_lookup(const name_lookup&) = delete;
    name_lookup& operator=(const name_lookup&) = delete;

    // All addresses of both families. errc::upstream_down: there are none; upstream_timeout.
    // `slot` is let go of when no thread works for the question any more, which a silent name
    // server may put off until long after the answer.
    boost::asio::awaitable<result<addresses>> find(std::string host,
                                                   std::chrono::steady_clock::time_point until,
                                                   std::shared_ptr<const void> slot = nullptr);

  private:
    struct question;
    boost::asio::io_context& io_;
    std::function<looked_up(const std::string&)> ask_;
    std::size_t thread_count_;
    std::optional<boost::asio::thread_pool> threads_;
};

} // namespace http
