// Whose turn it is in a session: a bounded number of its calls may ask Twenty at a time, the
// others wait in the order of their arrival. Light calls answer from what is there and need no
// turn. The queue knows numbers only; the calls themselves are the session's.
#pragma once

#include "actors/interfaces.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_set>
#include <vector>

namespace actors {

// Is every request of it one that answers from what is there? Such a call never waits behind
// calls that wait for Twenty: a client whose ping does gives its session up.
bool is_light(const mcp::classified& message);
// The same, of a message whose wrong calls (mcp::find_wrong_call) have been found: they are
// answered from what is there, too. Reads all arguments, so it is asked only when the message would
// wait.
bool is_light_or_wrong(mcp::classified& message, const mcp::catalogue& offered);

class call_queue {
  public:
    using number = std::uint64_t;

    struct turn {
        number call = 0;
        // Its time went by in the queue: its client has given up by now, and a write that still
        // ran would surprise everybody. It holds no turn.
        bool too_late = false;
    };

    // At most `at_once` heavy calls have a turn; at most `waiting` calls should wait.
    call_queue(std::size_t at_once, std::size_t waiting)
        : at_once_(at_once), most_waiting_(waiting) {}

    // May one more wait?
    [[nodiscard]] bool has_room() const noexcept { return waiting_.size() < most_waiting_; }
    // Would a heavy call that enters now start at once?
    [[nodiscard]] bool has_turn() const noexcept {
        return waiting_.empty() && turns_.size() < at_once_;
    }
    // The call waits from now on, and is too late after `until`.
    void enter(number call, bool light, deadline until);
    // The first that may start; it waits no longer. nullopt: nobody may.
    std::optional<turn> next(deadline now);
    // The calls that wait, in order; afterwards none does.
    std::vector<number> drain();
    // The calls that wait, in order.
    [[nodiscard]] std::vector<number> waiting() const;

    // The call has ended, or needs its turn no longer: it waits and holds nothing any more.
    void leave(number call);
    // The call waits for its person, which takes minutes: others may have its turn meanwhile.
    void lend(number call);
    // The person has answered: the call goes on at once, although that may be one too many.
    void take_back(number call);

  private:
    struct entry {
        number call;
        bool light;
        deadline until;
    };

    std::size_t at_once_;
    std::size_t most_waiting_;
    std::deque<entry> waiting_;
    std::unordered_set<number> turns_; // heavy calls that run
    std::unordered_set<number> lent_;  // heavy calls that wait for their person
};

} // namespace actors
