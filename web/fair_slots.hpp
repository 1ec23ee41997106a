// Slots for slow work that strangers can cause, shared out by network.
// Threat: a crowd from one network starts as much slow work as there is room for, and everybody
// else is refused. Defence: a network has at most half of the slots, and one address of it at most
// a quarter. Nobody queues: who gets no slot hears so at once.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace web {

// Used on one thread; a slot may travel, but its last copy goes on that thread.
class fair_slots {
  public:
    // Free again once the last copy is gone, and good for longer than the object that it came from.
    using slot = std::shared_ptr<const void>;

    explicit fair_slots(std::size_t slots);

    // Null: all are taken, or the share of its network is. The cost does not depend on how many are
    // taken, nor on by whom.
    [[nodiscard]] slot take(std::string_view peer);
    [[nodiscard]] std::size_t taken() const noexcept;

  private:
    struct holders;
    std::size_t slots_;
    std::shared_ptr<holders> holders_;
};

} // namespace web
