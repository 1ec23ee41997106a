// Rest for one as a machine of `from_`: unset while all children live. A failure sets it to the
// earliest child that must start anew; advance() then ends the later ones, the last first and one
// at a time, and starts them again in order once none of them lives. `told_` tells an end that was
// asked for from a failure. With `stopping_` nothing is started again.
#include "actors/supervisor.hpp"

#include "metrics/metrics.hpp"

#include <algorithm>

namespace actors {

supervisor_logic::supervisor_logic(self_ptr self, settings_ptr settings,
                                   std::vector<starter> starters,
                                   std::function<void(std::string)> give_up)
    : self_(self), settings_(std::move(settings)), starters_(std::move(starters)),
      give_up_(std::move(give_up)), children_(starters_.size()), alive_(starters_.size()),
      told_(starters_.size()) {
    self_->set_down_handler([this](const caf::down_msg& m) { down(m); });
    self_->set_exit_handler([this](const caf::exit_msg&) {
        stopping_ = true;
        from_ = 0;
        advance();
    });
    from_ = 0;
    advance();
}

template <class Message> auto supervisor_logic::pass_on() {
    return [this](Message& m) {
        self_->delegate(children_[static_cast<std::size_t>(Message::home)], std::move(m));
    };
}

caf::behavior supervisor_logic::behavior() {
#define PASS_ON(message) pass_on<message>(),
    return {ACTORS_QUESTIONS(PASS_ON) ACTORS_NEWS(PASS_ON)};
#undef PASS_ON
}

// down() hears of every end. A child that fails while others are being ended may move `from_`
// further to the front; its handle stays in `children_` meanwhile, and questions that are passed on
// to it are answered by CAF (errc::unavailable).
void supervisor_logic::down(const caf::down_msg& m) {
    const auto found = std::ranges::find_if(
        children_, [&](const caf::actor& c) { return c && c.address() == m.source; });
    if (found == children_.end()) return;
    const auto which = static_cast<std::size_t>(found - children_.begin());
    alive_[which] = false;
    if (!told_[which] && !stopping_) {
        count_failure(name_of(static_cast<actor>(which)));
        from_ = std::min(from_.value_or(which), which);
    }
    if (from_) advance();
}

// count_failure() that gives up sets the machine to its end, as an exit message does, and down()
// goes on with it; give_up_() tells the program, once.
void supervisor_logic::count_failure(const std::string& who) {
    const auto now = self_->clock().now();
    failures_.push_back(now);
    while (failures_.front() + settings_->restarts_window < now)
        failures_.pop_front();
    metrics::count(metrics::id::actor_restarts, {who});
    logging::event(logging::level::error, "actor_restart",
                   {{"actor", who}, {"failures", failures_.size()}});
    if (failures_.size() < static_cast<std::size_t>(settings_->restarts_allowed)) return;
    stopping_ = true;
    from_ = 0;
    give_up_("the " + who + " failed " + std::to_string(failures_.size()) +
             " times within a minute");
}

// advance() ends one child and returns; that child's down_msg calls it again. The later ones go
// first: no child ever runs on top of one that has ended.
void supervisor_logic::advance() {
    for (auto i = children_.size(); i-- > *from_;) {
        if (!alive_[i]) continue;
        if (!told_[i]) {
            told_[i] = true;
            self_->send_exit(children_[i], caf::exit_reason::user_shutdown);
        }
        return; // its end brings us back here
    }
    if (stopping_) {
        self_->quit();
        return;
    }
    for (auto i = *from_; i < children_.size(); ++i) {
        children_[i] = starters_[i](self_, children_);
        alive_[i] = true;
        told_[i] = false;
    }
    from_.reset();
}

} // namespace actors
