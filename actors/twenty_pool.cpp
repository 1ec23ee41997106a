#include "actors/twenty_pool.hpp"

#include "actors/upstream.hpp"

#include <algorithm>

namespace actors {

namespace {

using std::chrono::milliseconds;

milliseconds rounded_up(deadline::duration d) { return std::chrono::ceil<milliseconds>(d); }

error too_many() {
    return {errc::busy, "Too many requests to Twenty are waiting; try again in a moment."};
}

// For the metrics and the log alone: the tool that asked reads the answer itself.
error not_twenty() {
    return {errc::upstream_down, "The configured address answers, but not as a Twenty server."};
}

error too_slow() {
    return {errc::upstream_timeout, "Twenty is too slow: the time for this request was over before "
                                    "it was answered."};
}

// The pause is why it is not repeated; what became of the attempt before nobody knows.
error not_again(const error& veto) {
    return {veto.code, veto.message + " An attempt to write before that may have arrived."};
}

// No transport fails in these ways by itself.
bool is_veto(const error& why) { return why.code == errc::paused || why.code == errc::unavailable; }

} // namespace

pool_logic::pool_logic(self_ptr self, settings_ptr settings, twenty::transport* net)
    : self_(self), settings_(std::move(settings)), net_(net),
      in_flight_gauge_(metrics::id::twenty_in_flight, {},
                       [this] { return static_cast<double>(in_flight_.size()); }),
      waiting_gauge_(metrics::id::twenty_waiting, {},
                     [this] { return static_cast<double>(queued_); }),
      reachable_gauge_(metrics::id::twenty_reachable, {},
                       [this] { return twenty_.now().value_or(true) ? 1.0 : 0.0; }) {}

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
        [this](check_upstream) { owed(self_).answer(twenty_.now()); },
        [this](pool_tick) { tick(); },
    };
}

// -- Coming in ---------------------------------------------------------------------------------

void pool_logic::accept(twenty_call& call) {
    owed promise(self_);
    auto& l =
        lanes_
            .try_emplace(call.workspace, settings_->pace, now(), settings_->in_flight_per_workspace)
            .first->second;
    // A call without room is refused at once. A queue without bounds would only move the refusal
    // to the end of the caller's time.
    auto w = std::make_unique<waiting_call>(std::move(call), std::move(promise));
    w->waits_since = now();
    if (auto why = veto_of(*w)) return refuse(*w, *std::move(why));
    if (!make_room(l, w->holder)) return w->promise.answer(too_many());
    // What nobody may cancel (`owner` 0) is asked for several, who would otherwise stand behind all
    // that the first of them has waiting: the data model, and checks of keys.
    if (w->call.owner == 0)
        l.push_front(std::move(w));
    else
        l.push(std::move(w));
    ++queued_;
    pump(l);
}

bool pool_logic::make_room(lane& l, const std::string& holder) {
    auto* from = &l;
    if (l.waiting() < settings_->queue_per_workspace) {
        if (queued_ < settings_->queue_total) return true;
        for (auto& [workspace, other] : lanes_)
            if (other.longest() > from->longest()) from = &other;
    }
    // Two more, or the one that leaves would have the better claim to come again.
    if (from->longest() < l.waiting_of(holder) + 2) return false;
    auto dropped = from->drop_newest_of_longest();
    --queued_;
    dropped->promise.answer(dropped->perhaps_sent ? too_slow() : too_many());
    return true;
}

void pool_logic::cancel(const cancel_call& which) {
    const auto matches = [&](const waiting_call& w) {
        return w.call.owner == which.owner && w.call.number == which.number;
    };
    const error cancelled(errc::cancelled, "The request was cancelled.");
    for (auto& [workspace, l] : lanes_) {
        const auto found = l.take_if(matches);
        if (found.empty()) continue;
        for (const auto& w : found)
            w->promise.answer(cancelled);
        queued_ -= found.size();
        return;
    }
    const auto found =
        std::ranges::find_if(in_flight_, [&](auto& e) { return matches(*e.second.what); });
    if (found == in_flight_.end()) return;
    // The entry goes with its ticket: an exchange_done that is under way finds nothing, so the
    // promise is answered once.
    net_->cancel(found->second.ticket);
    tell_span(*found->second.what, 0, to_string(errc::cancelled));
    found->second.what->promise.answer(cancelled);
    lanes_.at(found->second.what->call.workspace).landed(*found->second.what);
    in_flight_.erase(found);
    pump_all();
}

// -- Going out ---------------------------------------------------------------------------------

void pool_logic::pump(lane& l) {
    const auto late = l.take_if([t = now()](const waiting_call& w) { return w.call.until <= t; });
    queued_ -= late.size();
    for (const auto& w : late)
        give_up(*w);
    // Before anything takes a token: who reads needs them.
    const auto vetoed = l.take_if([](const waiting_call& w) { return veto_of(w).has_value(); });
    queued_ -= vetoed.size();
    for (const auto& w : vetoed)
        refuse(*w, veto_of(*w).value()); // as before: nothing has run in between
    while (in_flight_.size() < settings_->in_flight_total) {
        auto w = l.next([&](waiting_call& next) { return may_start(l, next); });
        if (!w) break;
        --queued_;
        send(std::move(w));
    }
    if (const auto first = l.first_deadline()) wake_at(*first); // nothing waits for ever
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
bool pool_logic::may_start(lane& l, waiting_call& w) {
    if (w.not_before > now()) {
        wake_at(w.not_before);
        return false;
    }
    if (!w.call.metered) return true;
    const auto wait = l.bucket.take(now());
    w.lacked_token = wait.has_value();
    w.paced = w.paced || w.lacked_token;
    if (wait) wake_at(now() + *wait);
    return !wait;
}

// A write that waited here when an administrator paused writes must not go out behind the pause.
std::optional<error> pool_logic::veto_of(const waiting_call& w) {
    if (!w.call.request.veto) return std::nullopt;
    return w.call.request.veto();
}

void pool_logic::refuse(waiting_call& w, error why) {
    w.promise.answer(w.perhaps_sent ? not_again(why) : std::move(why));
}

void pool_logic::send(waiting_ptr w) {
    const auto ticket = ++last_ticket_;
    // Rounded up: a rest of less than a millisecond must not become no time at all.
    const auto left =
        std::min<milliseconds>(rounded_up(w->call.until - now()), settings_->exchange_limit);
    last_served_ = w->call.workspace;
    w->sent_at = now();
    measure_wait(*w);
    if (w->call.within) {
        w->span = tracing::below(*w->call.within);
        w->call.request.traceparent = trace::traceparent(w->span->own);
    }
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
    l.landed(*w);
    repeat_or_answer(std::move(w), std::move(m.outcome));
    pump_all();
}

// repeat_or_answer() writes what an answer teaches about Twenty's rate into the bucket before the
// call goes back to the queue: may_start() then already counts with it.
void pool_logic::repeat_or_answer(waiting_ptr w, result<twenty::response> outcome) {
    auto& l = lanes_.at(w->call.workspace);
    std::optional<error> failure;
    // The veto came when the connection was open: Twenty has seen nothing of this attempt.
    if (!outcome && is_veto(outcome.failure())) {
        if (w->call.metered) l.bucket.give_back();
        w->promise.answer(w->perhaps_sent ? not_again(outcome.failure())
                                          : std::move(outcome).failure());
        return;
    }
    if (!outcome) {
        failure = outcome.failure();
        // Twenty saw nothing of most such requests; where it did count one, its next refusal says
        // so (exhausted()).
        if (failure->code == errc::upstream_down && w->call.metered) l.bucket.give_back();
    } else if (auto found = find_failure(w->call.request.target, *outcome)) {
        if (found->why.code == errc::rate_limited) l.bucket.exhausted(now(), found->learned);
        failure = std::move(found->why);
    }
    const bool elsewhere = outcome && !failure && !is_of_twenty(*outcome);
    measure(*w, outcome, elsewhere ? std::optional(not_twenty()) : failure);
    if (failure) {
        const auto wait = twenty::repeat_after(w->call.request, *failure, w->attempt);
        if (wait && now() + *wait < w->call.until) {
            // A request that the rate limit refused was not run.
            if (failure->code != errc::rate_limited &&
                !failure->detail.starts_with(twenty::not_sent))
                w->perhaps_sent = true;
            ++w->attempt;
            w->paced = false;
            w->waits_since = now();
            w->not_before = now() + *wait;
            metrics::count(metrics::id::twenty_repeats, {to_string(failure->code)});
            l.push_front(std::move(w));
            ++queued_;
            return;
        }
    }
    // Repeated in vain: the last attempt was not sent, but an earlier one may have arrived.
    if (!outcome && w->perhaps_sent && outcome.failure().detail.starts_with(twenty::not_sent))
        outcome = error(outcome.failure().code, outcome.failure().message);
    w->promise.answer(std::move(outcome));
}

// The deadline passed in the queue: because of the rate limit, or because Twenty is slow.
void pool_logic::give_up(waiting_call& w) {
    if (w.perhaps_sent) return w.promise.answer(too_slow()); // it may have been done
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
