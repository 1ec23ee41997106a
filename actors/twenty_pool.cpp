#include "actors/twenty_pool.hpp"

#include "actors/upstream.hpp"

#include <algorithm>

namespace actors {

namespace {

using std::chrono::milliseconds;

milliseconds rounded_up(deadline::duration d) { return std::chrono::ceil<milliseconds>(d); }

} // namespace

pool_logic::pool_logic(self_ptr self, settings_ptr settings, twenty::transport* net)
    : self_(self), settings_(std::move(settings)), net_(net) {}

// Exchanges on the wire are ended: their answers would find no actor. What waits is answered by
// `owed`.
pool_logic::~pool_logic() {
    for (auto& [ticket, e] : in_flight_)
        net_->cancel(e.ticket);
}

caf::behavior pool_logic::behavior() {
    return handlers<home>{
        [this](twenty_call& m) { accept(m); },
        [this](exchange_done& m) { finished(m); },
        [this](cancel_call m) { cancel(m); },
        [this](pool_tick) { tick(); },
    };
}

// -- Coming in ---------------------------------------------------------------------------------

void pool_logic::accept(twenty_call& call) {
    owed promise(self_);
    // Both bounds refuse at once. A queue without them would only move the refusal to the end of
    // the caller's time.
    auto& l = lanes_.try_emplace(call.workspace, settings_->pace, now()).first->second;
    if (l.queue.size() >= settings_->queue_per_workspace || queued_ >= settings_->queue_total) {
        promise.answer(error(errc::busy, "Too many requests to Twenty are waiting; try again "
                                         "in a moment."));
        return;
    }
    l.queue.push_back(std::make_unique<waiting>(std::move(call), std::move(promise)));
    ++queued_;
    pump(l);
}

void pool_logic::cancel(const cancel_call& which) {
    const auto matches = [&](const waiting& w) {
        return w.call.owner == which.owner && w.call.number == which.number;
    };
    const error cancelled(errc::cancelled, "The request was cancelled.");
    for (auto& [workspace, l] : lanes_) {
        const auto found = std::ranges::find_if(l.queue, [&](auto& w) { return matches(*w); });
        if (found == l.queue.end()) continue;
        (*found)->promise.answer(cancelled);
        l.queue.erase(found);
        --queued_;
        return;
    }
    const auto found =
        std::ranges::find_if(in_flight_, [&](auto& e) { return matches(*e.second.what); });
    if (found == in_flight_.end()) return;
    // The entry goes with its ticket: an exchange_done that is under way finds nothing, so the
    // promise is answered once.
    net_->cancel(found->second.ticket);
    found->second.what->promise.answer(cancelled);
    --lanes_.at(found->second.what->call.workspace).in_flight;
    in_flight_.erase(found);
    pump_all();
}

// -- Going out ---------------------------------------------------------------------------------

bool pool_logic::has_room(const lane& l) const noexcept {
    return l.in_flight < settings_->in_flight_per_workspace &&
           in_flight_.size() < settings_->in_flight_total;
}

// pump() walks the whole queue and not its head alone: a call that may not start yet (its rate, its
// pause before a repetition) does not hold up an unmetered one behind it.
void pool_logic::pump(lane& l) {
    for (auto at = l.queue.begin(); at != l.queue.end();) {
        auto& w = **at;
        const bool late = w.call.until <= now();
        if (!late && (!has_room(l) || !may_start(l, w))) {
            wake_at(w.call.until); // what waits must not wait for ever
            ++at;
            continue;
        }
        auto taken = std::move(*at);
        at = l.queue.erase(at);
        --queued_;
        if (late)
            give_up(*taken);
        else
            send(std::move(taken));
    }
}

void pool_logic::pump_all() {
    // In turn, behind the one served last: a busy workspace must not starve those after it.
    const auto start = lanes_.upper_bound(last_served_);
    for (auto at = start; at != lanes_.end(); ++at)
        pump(at->second);
    for (auto at = lanes_.begin(); at != start; ++at)
        pump(at->second);
}

// may_start() takes a token from the bucket when it says yes, so it is the last thing asked.
bool pool_logic::may_start(lane& l, waiting& w) {
    if (w.not_before > now()) {
        wake_at(w.not_before);
        return false;
    }
    if (!w.call.metered) return true;
    const auto wait = l.bucket.take(now());
    w.lacked_token = wait.has_value();
    if (wait) wake_at(now() + *wait);
    return !wait;
}

void pool_logic::send(std::unique_ptr<waiting> w) {
    const auto ticket = ++last_ticket_;
    // Rounded up: a rest of less than a millisecond must not become no time at all.
    const auto left =
        std::min<milliseconds>(rounded_up(w->call.until - now()), settings_->exchange_limit);
    ++lanes_.at(w->call.workspace).in_flight;
    last_served_ = w->call.workspace;
    auto& e = in_flight_[ticket];
    e.what = std::move(w);
    // The transport may outlive this actor: it holds an address, not a reference.
    auto done = [me = address<home>(self_), ticket](result<twenty::response> r) {
        tell(me, exchange_done(ticket, std::move(r)));
    };
    e.ticket = net_->send(e.what->call.request, e.what->call.api_key, left, std::move(done));
}

// -- Coming back -------------------------------------------------------------------------------

void pool_logic::finished(exchange_done& m) {
    const auto found = in_flight_.find(m.ticket);
    if (found == in_flight_.end()) return; // cancelled while the message was under way
    auto w = std::move(found->second.what);
    in_flight_.erase(found);
    auto& l = lanes_.at(w->call.workspace);
    --l.in_flight;
    repeat_or_answer(std::move(w), std::move(m.outcome));
    pump_all();
}

// repeat_or_answer() writes what an answer teaches about Twenty's rate into the bucket before the
// call goes back to the queue: may_start() then already counts with it.
void pool_logic::repeat_or_answer(std::unique_ptr<waiting> w, result<twenty::response> outcome) {
    auto& l = lanes_.at(w->call.workspace);
    std::optional<error> failure;
    if (!outcome) {
        failure = outcome.failure();
        // Twenty saw nothing of most such requests; where it did count one, its next refusal says
        // so (exhausted()).
        if (failure->code == errc::upstream_down && w->call.metered) l.bucket.give_back();
    } else if (auto found = find_failure(w->call.request.target, *outcome)) {
        if (found->why.code == errc::rate_limited) l.bucket.exhausted(now(), found->learned);
        failure = std::move(found->why);
    }
    if (failure) {
        const auto wait = twenty::repeat_after(w->call.request, *failure, w->attempt);
        if (wait && now() + *wait < w->call.until) {
            // A request that the rate limit refused was not run.
            if (failure->code != errc::rate_limited && failure->detail != twenty::not_sent)
                w->perhaps_sent = true;
            ++w->attempt;
            w->not_before = now() + *wait;
            l.queue.push_front(std::move(w)); // it was first before
            ++queued_;
            return;
        }
    }
    // Repeated in vain: the last attempt was not sent, but an earlier one may have arrived.
    if (!outcome && w->perhaps_sent && outcome.failure().detail == twenty::not_sent)
        outcome = error(outcome.failure().code, outcome.failure().message);
    w->promise.answer(std::move(outcome));
}

// The deadline passed in the queue: because of the rate limit, or because Twenty is slow.
void pool_logic::give_up(waiting& w) {
    if (!w.lacked_token && w.attempt == 1) {
        w.promise.answer(error(errc::upstream_timeout,
                               "Twenty is too slow: the time for this request was over before it "
                               "was sent.",
                               std::string(twenty::not_sent)));
        return;
    }
    error limited(errc::rate_limited,
                  "This workspace's rate limit in Twenty is used up; try again in a moment.");
    limited.retry_after = milliseconds(1000);
    w.promise.answer(std::move(limited));
}

// -- Time --------------------------------------------------------------------------------------

// wake_at() keeps the earliest of several times in `wake_`; a pool_tick that was sent for a later
// one comes all the same, and tick() finds nothing to do.
void pool_logic::wake_at(time_point when) {
    if (wake_ && *wake_ <= when) return;
    wake_ = when;
    tell_later(self_, std::max(when - now(), time_point::duration(1)), pool_tick{});
}

void pool_logic::tick() {
    if (wake_ && *wake_ > now()) return; // the tick of `wake_` is still to come
    wake_.reset();
    pump_all();
}

} // namespace actors
