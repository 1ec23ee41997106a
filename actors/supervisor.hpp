// Starts the other actors and starts them again: rest for one. When one of them fails, it and
// those after it in the list end, last first, and start anew in order; each builds on those
// before it and holds nothing that they cannot give back. Five failures in a minute mean that
// starting again does not help, and the process should end. HTTP knows this one handle; every
// question goes from here to whoever answers it.
#pragma once

#include "actors/caf.hpp"
#include "actors/settings.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace actors {

class supervisor_logic {
  public:
    static constexpr auto home = actor::supervisor;

    // The children, in the order of `actor`.
    using handles = std::vector<caf::actor>;
    // Starts one; the handles of those before it are set.
    using starter = std::function<caf::actor(self_ptr self, const handles&)>;

    // `give_up` is called once, inside the actor, after too many failures.
    supervisor_logic(self_ptr self, settings_ptr settings, std::vector<starter> starters,
                     std::function<void(std::string)> give_up);
    caf::behavior behavior();

  private:
    template <class Message> auto pass_on();
    void down(const caf::down_msg& m);
    void count_failure(const std::string& who);
    // Ends the last child from `from_` on that still lives; when none does, starts them.
    void advance();

    self_ptr self_;
    settings_ptr settings_;
    std::vector<starter> starters_;
    std::function<void(std::string)> give_up_;
    handles children_;
    std::vector<bool> alive_;
    std::vector<bool> told_; // to end
    std::optional<std::size_t> from_;
    bool stopping_ = false;
    std::deque<deadline> failures_;
};

} // namespace actors
