#include "actors/lane.hpp"

#include "base/crypto.hpp"

#include <algorithm>

namespace actors {

std::string holder_of(const secret& api_key) { return crypto::sha256(api_key.reveal()); }

void lane::push(waiting_ptr w) {
    auto& queue = turns_[w->holder].queue;
    queue.push_back(std::move(w));
    ++waiting_;
}

void lane::push_front(waiting_ptr w) {
    auto& queue = turns_[w->holder].queue;
    queue.push_front(std::move(w));
    ++waiting_;
}

waiting_ptr lane::next(const std::function<bool(waiting_call&)>& may_start) {
    if (in_flight_ >= slots_) return nullptr;
    // Behind the holder that was served last; a holder that has gone in between has a place still.
    const auto start = turns_.upper_bound(last_served_);
    for (auto at = start; at != turns_.end(); ++at)
        if (auto taken = take_from(at, may_start)) return taken;
    for (auto at = turns_.begin(); at != start; ++at)
        if (auto taken = take_from(at, may_start)) return taken;
    return nullptr;
}

waiting_ptr lane::take_from(turns::iterator at,
                            const std::function<bool(waiting_call&)>& may_start) {
    auto& [holder, t] = *at;
    // Half of the slots, and one where there is only one: nobody may be without any.
    if (t.in_flight >= std::max<std::size_t>(1, slots_ / 2)) return nullptr;
    const auto found = std::ranges::find_if(t.queue, [&](auto& w) { return may_start(*w); });
    if (found == t.queue.end()) return nullptr;
    auto taken = std::move(*found);
    t.queue.erase(found);
    --waiting_;
    ++t.in_flight;
    ++in_flight_;
    last_served_ = holder;
    return taken;
}

void lane::landed(const waiting_call& w) {
    const auto at = turns_.find(w.holder);
    if (at == turns_.end()) return;
    --at->second.in_flight;
    --in_flight_;
    forget_if_idle(at);
}

void lane::forget_if_idle(turns::iterator at) {
    if (at->second.queue.empty() && at->second.in_flight == 0) turns_.erase(at);
}

std::vector<waiting_ptr> lane::take_if(const std::function<bool(const waiting_call&)>& matches) {
    std::vector<waiting_ptr> out;
    for (auto at = turns_.begin(); at != turns_.end();) {
        auto& queue = at->second.queue;
        for (auto& w : queue)
            if (matches(*w)) out.push_back(std::move(w));
        std::erase(queue, nullptr);
        forget_if_idle(at++);
    }
    waiting_ -= out.size();
    return out;
}

waiting_ptr lane::drop_newest_of_longest() {
    const auto at = std::ranges::max_element(
        turns_, {}, [](const auto& holder) { return holder.second.queue.size(); });
    auto dropped = std::move(at->second.queue.back());
    at->second.queue.pop_back();
    --waiting_;
    forget_if_idle(at);
    return dropped;
}

std::size_t lane::longest() const noexcept {
    std::size_t most = 0;
    for (const auto& [holder, t] : turns_)
        most = std::max(most, t.queue.size());
    return most;
}

std::size_t lane::waiting_of(const std::string& holder) const noexcept {
    const auto at = turns_.find(holder);
    return at == turns_.end() ? 0 : at->second.queue.size();
}

std::optional<deadline> lane::first_deadline() const noexcept {
    std::optional<deadline> first;
    for (const auto& [holder, t] : turns_)
        for (const auto& w : t.queue)
            if (!first || w->call.until < *first) first = w->call.until;
    return first;
}

} // namespace actors
