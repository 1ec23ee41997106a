#include "http/asio_executor.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <utility>

namespace http {

namespace asio = boost::asio;

void asio_executor::post(work what) { asio::post(io_, std::move(what)); }

// post_at() lets the timer live in its own handler. Nobody can cancel it; who asks must see to it
// that a call that comes too late does nothing.
void asio_executor::post_at(time_point when, work what) {
    auto timer = std::make_shared<asio::steady_timer>(io_, when);
    timer->async_wait([timer, what = std::move(what)](boost::system::error_code failed) {
        if (!failed) what();
    });
}

asio_executor::time_point asio_executor::now() const noexcept {
    return std::chrono::steady_clock::now();
}

void asio_executor::run_ready(std::chrono::milliseconds patience) {
    // A context that has been stopped, or ran out of work, runs nothing until it is restarted.
    io_.restart();
    if (io_.poll() == 0) io_.run_one_for(patience);
}

} // namespace http
