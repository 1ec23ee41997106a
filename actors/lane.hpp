// The calls that wait for one workspace, in turn by who asks.
// Threat: one connection's calls fill the way to Twenty, and everybody else of the workspace waits
// behind them or is refused. Defence: each holder of an API key has a queue of its own and at most
// half of what may be in flight; holders are served in turn; and when there is no room for another
// call, the longest queue loses its newest.
#pragma once

#include "actors/caf.hpp"
#include "twenty/retry.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace actors {

// Whose call it is: all grants of one API key, and what is asked about the key, count as one.
std::string holder_of(const secret& api_key);

// One twenty_call on its way through the pool.
struct waiting_call {
    twenty_call call;
    owed promise;
    std::string holder;
    int attempt = 1;
    deadline not_before{};
    bool lacked_token = false; // the rate limit kept it waiting
    bool perhaps_sent = false; // an earlier attempt may have reached Twenty
    bool paced = false;        // it lacked a token since it came or was sent last
    deadline waits_since{};
    deadline sent_at{};
    std::optional<tracing::place> span; // of the attempt that was sent last
    waiting_call(twenty_call c, owed p)
        : call(std::move(c)), promise(std::move(p)), holder(holder_of(call.api_key)) {}
};
using waiting_ptr = std::unique_ptr<waiting_call>;

class lane {
  public:
    lane(std::optional<twenty::rate> cap, deadline now, std::size_t slots)
        : bucket(cap, now), slots_(slots) {}

    void push(waiting_ptr w);
    void push_front(waiting_ptr w); // a repetition, which was first before; or asked for several

    // The next call in turn that `may_start`, from whose holder has a slot left; its slot is taken.
    // Of a holder's calls the oldest first, but one that may not start yet does not hold up those
    // behind it. Null: none, or no slot is free. Linear in the calls that wait.
    waiting_ptr next(const std::function<bool(waiting_call&)>& may_start);
    // Gives the slot of a call back.
    void landed(const waiting_call& w);

    // Takes out all that `matches`, of all holders. It is asked of each while they are moved, so it
    // changes nothing: whoever takes them answers them.
    std::vector<waiting_ptr> take_if(const std::function<bool(const waiting_call&)>& matches);
    // The newest call of the longest queue. Not for an empty lane.
    waiting_ptr drop_newest_of_longest();
    [[nodiscard]] std::size_t longest() const noexcept; // calls in that queue
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
    [[nodiscard]] std::size_t waiting_of(const std::string& holder) const noexcept;
    [[nodiscard]] std::optional<deadline> first_deadline() const noexcept;

    twenty::token_bucket bucket;

  private:
    struct turn {
        std::deque<waiting_ptr> queue;
        std::size_t in_flight = 0;
    };
    using turns = std::map<std::string, turn>;
    waiting_ptr take_from(turns::iterator at, const std::function<bool(waiting_call&)>& may_start);
    void forget_if_idle(turns::iterator at);

    turns turns_; // of holders that have calls here
    std::string last_served_;
    std::size_t slots_;
    std::size_t in_flight_ = 0;
    std::size_t waiting_ = 0;
};

} // namespace actors
