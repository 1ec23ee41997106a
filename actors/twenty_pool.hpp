// The one way to Twenty. Per workspace it mirrors Twenty's token bucket, bounds what is in
// flight and what waits, waits out a rate limit within the caller's deadline, and repeats what
// twenty/retry allows. Asked by sessions, schema cache and key checks; lives as long as the
// process. The transport has the connections; this has the rules.
#pragma once

#include "actors/caf.hpp"
#include "actors/settings.hpp"
#include "twenty/retry.hpp"
#include "twenty/transport.hpp"

#include <deque>
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

    // One twenty_call. It stands in the queue of its lane, or is `in_flight_`, or is answered:
    //
    //     queue ──send()──▶ in flight ──finished()──▶ answered
    //       ▲                   │
    //       └─repeat_or_answer()┘   at the front, with the next attempt
    //
    // cancel() answers it from both; give_up() answers one whose deadline passed in the queue.
    struct waiting {
        twenty_call call;
        owed promise;
        int attempt = 1;
        time_point not_before{};
        bool lacked_token = false; // the rate limit kept it waiting
        bool perhaps_sent = false; // an earlier attempt may have reached Twenty
        waiting(twenty_call c, owed p) : call(std::move(c)), promise(std::move(p)) {}
    };
    struct lane { // of one workspace
        twenty::token_bucket bucket;
        std::deque<std::unique_ptr<waiting>> queue;
        std::size_t in_flight = 0;
        lane(std::optional<twenty::rate> cap, time_point now) : bucket(cap, now) {}
    };
    struct exchange {
        std::unique_ptr<waiting> what;
        twenty::transport::ticket ticket = 0;
    };

    void accept(twenty_call& call);
    void cancel(const cancel_call& which);
    void finished(exchange_done& m);
    void repeat_or_answer(std::unique_ptr<waiting> w, result<twenty::response> outcome);

    void pump_all();
    void pump(lane& l);
    bool has_room(const lane& l) const noexcept;
    // False: it has to wait; `wake_` knows until when.
    bool may_start(lane& l, waiting& w);
    void send(std::unique_ptr<waiting> w);
    void give_up(waiting& w);
    void wake_at(time_point when);
    void tick();

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
};

} // namespace actors
