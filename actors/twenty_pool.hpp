// The one way to Twenty. Per workspace it mirrors Twenty's token bucket, bounds what is in
// flight and what waits (whose turn it is among several: actors/lane), waits out a rate limit
// within the caller's deadline, and repeats what twenty/retry allows. Asked by sessions, schema
// cache and key checks; lives as long as the process. The transport has the connections; this has
// the rules.
#pragma once

#include "actors/caf.hpp"
#include "actors/lane.hpp"
#include "actors/reachability.hpp"
#include "actors/settings.hpp"
#include "metrics/metrics.hpp"
#include "twenty/transport.hpp"

#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

namespace actors {

class pool_logic {
  public:
    static constexpr auto home = actor::pool;

    // `net` must outlive the actor.
    pool_logic(self_ptr self, settings_ptr settings, twenty::transport* net);
    ~pool_logic();
    caf::behavior behavior();

  private:
    using time_point = deadline;

    // A waiting_call stands in the queue of its lane, or is `in_flight_`, or is answered:
    //
    //     queue ──send()──▶ in flight ──finished()──▶ answered
    //       ▲                   │
    //       └─repeat_or_answer()┘   at the front, with the next attempt
    //
    // cancel() answers it from both; give_up() answers one whose deadline passed in the queue,
    // refuse() one that may not be sent any more, and make_room() one that has to leave it.
    struct exchange {
        waiting_ptr what;
        twenty::transport::ticket ticket = 0;
    };

    void accept(twenty_call& call);
    void cancel(const cancel_call& which);
    void finished(exchange_done& m);
    void repeat_or_answer(waiting_ptr w, result<twenty::response> outcome);

    // For one more call of `holder` in `l`, by the loss of another's if it must be. False: there is
    // none, because nobody has clearly more waiting.
    bool make_room(lane& l, const std::string& holder);
    void pump_all();
    void pump(lane& l);
    // False: it has to wait; `wake_` knows until when.
    bool may_start(lane& l, waiting_call& w);
    void send(waiting_ptr w);
    // Why it may not be sent any more; none: it may.
    static std::optional<error> veto_of(const waiting_call& w);
    static void refuse(waiting_call& w, error why);
    void give_up(waiting_call& w);
    void wake_at(time_point when);
    void tick();

    // twenty_pool_watch.cpp
    static void measure_wait(const waiting_call& w);
    // An attempt that ended: with Twenty's status, or 0, and the kind of error, or none.
    void tell_span(const waiting_call& w, int status, std::string_view error) const;
    void measure(const waiting_call& w, const result<twenty::response>& outcome,
                 const std::optional<error>& failure);
    void note_reachable(const result<twenty::response>& outcome,
                        const std::optional<error>& failure);

    [[nodiscard]] time_point now() const { return self_->clock().now(); }

    self_of<home> self_;
    settings_ptr settings_;
    twenty::transport* net_;
    std::string last_served_; // workspace whose turn is over
    // One a workspace for ever: only ids that Twenty confirmed come here, and "".
    std::map<std::string, lane> lanes_;
    std::unordered_map<std::uint64_t, exchange> in_flight_;
    std::size_t queued_ = 0;
    std::uint64_t last_ticket_ = 0;
    std::optional<time_point> wake_;
    reachability twenty_;
    metrics::sampled in_flight_gauge_;
    metrics::sampled waiting_gauge_;
    metrics::sampled reachable_gauge_;
};

} // namespace actors
