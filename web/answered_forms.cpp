#include "web/answered_forms.hpp"

#include "http/into.hpp"
#include "http/waiter.hpp"

#include <boost/asio/this_coro.hpp>

namespace web {

namespace asio = boost::asio;

// An entry is free, `under_way` while somebody has the turn, or `answered` for good. A turn that
// goes without finish() makes it free again; `answered` has no way back.
struct answered_forms::entry {
    bool under_way = false;
    bool answered = false;
    answer given;
    http::waiting_list waiting;
};

answered_forms::turn::~turn() {
    if (!entry_) return;
    entry_->under_way = false;
    http::wake(entry_->waiting);
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
    // All who wait are woken together, and the first to run takes the turn: the others wait on.
    while (e->under_way) {
        http::waiter wait(e->waiting, here);
        http::error_code woken;
        co_await wait.timer().async_wait(http::into(woken));
    }
    if (e->answered) co_return e->given;
    e->under_way = true;
    co_return turn(*this, e);
}

// forget() wipes the URL and keeps `answered`: the form stays used up when its code has expired.
void answered_forms::forget(oauth::time_point now) {
    while (!to_forget_.empty() && to_forget_.front().at <= now) {
        if (const auto e = to_forget_.front().what.lock()) e->given.url = secret();
        to_forget_.pop_front();
    }
}

} // namespace web
