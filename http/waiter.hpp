// Waiting in a coroutine for what another one finishes: several wait for one document, or for
// one form. Used on one thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>
#include <vector>

namespace http {

// Each in the frame of who waits; whoever has finished cancels them.
using waiting_list = std::vector<boost::asio::steady_timer*>;

inline void wake(const waiting_list& all) {
    for (auto* one : all)
        one->cancel();
}

// Entered in a list as long as it lives: a wait that is cancelled leaves nothing behind.
class waiter {
  public:
    waiter(waiting_list& list, const boost::asio::any_io_executor& where)
        : list_(list), timer_(where, boost::asio::steady_timer::time_point::max()) {
        list_.push_back(&timer_);
    }
    ~waiter() { std::erase(list_, &timer_); }
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;
    boost::asio::steady_timer& timer() noexcept { return timer_; }

  private:
    waiting_list& list_;
    boost::asio::steady_timer timer_;
};

} // namespace http
