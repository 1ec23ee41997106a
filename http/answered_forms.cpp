#include "http/answered_forms.hpp"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace http {

namespace asio = boost::asio;

struct answered_forms::entry {
    bool under_way = false;
    bool answered = false;
    answer given;
    std::vector<asio::steady_timer*> waiting; // each in the frame of who waits

    void wake() const {
        for (auto* one : waiting)
            one->cancel();
    }
};

namespace {

// Entered in a list as long as it lives: a wait that is cancelled leaves nothing behind.
class waiter {
  public:
    waiter(std::vector<asio::steady_timer*>& list, asio::any_io_executor where)
        : list_(list), timer_(std::move(where), asio::steady_timer::time_point::max()) {
        list_.push_back(&timer_);
    }
    ~waiter() { std::erase(list_, &timer_); }
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;
    asio::steady_timer& timer() noexcept { return timer_; }

  private:
    std::vector<asio::steady_timer*>& list_;
    asio::steady_timer timer_;
};

} // namespace

answered_forms::turn::~turn() {
    if (!entry_) return;
    entry_->under_way = false;
    entry_->wake();
}

void answered_forms::turn::finish(answer given, oauth::time_point forget_at) {
    entry_->answered = true;
    entry_->given = std::move(given);
    if (!entry_->given.url.empty()) owner_->to_forget_.push_back({forget_at, entry_});
}

asio::awaitable<std::variant<answered_forms::turn, answered_forms::answer>>
answered_forms::enter(std::string id) {
    // Kept even when the list forgets it meanwhile.
    const auto e = entries_.get_or_insert(id, std::make_shared<entry>());
    const auto here = co_await asio::this_coro::executor;
    while (e->under_way) {
        waiter wait(e->waiting, here);
        boost::system::error_code woken;
        co_await wait.timer().async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    if (e->answered) co_return e->given;
    e->under_way = true;
    co_return turn(*this, e);
}

void answered_forms::forget(oauth::time_point now) {
    while (!to_forget_.empty() && to_forget_.front().at <= now) {
        if (const auto e = to_forget_.front().what.lock()) e->given.url = secret();
        to_forget_.pop_front();
    }
}

} // namespace http
