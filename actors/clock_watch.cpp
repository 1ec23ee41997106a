#include "actors/clock_watch.hpp"

#include <utility>

namespace actors {

using std::chrono::seconds;

seconds clock_watch::look(oauth::time_point wall, deadline steady) {
    const auto before = std::exchange(last_, reading{wall, steady});
    if (!before) return seconds(0);
    const auto went = std::chrono::round<seconds>(wall - before->wall);
    const auto passed = std::chrono::round<seconds>(steady - before->steady);
    const auto by = went - passed;
    if (std::chrono::abs(by) < least) return seconds(0);
    add(by, steady);
    return by;
}

// A jump back takes off what is left of jumps forward, the latest first, and the other way round.
void clock_watch::add(seconds by, deadline steady) {
    while (!jumps_.empty() && steady - jumps_.front().when >= kept_)
        jumps_.pop_front();
    while (!jumps_.empty() && by.count() != 0 &&
           (jumps_.back().by.count() > 0) != (by.count() > 0)) {
        auto& latest = jumps_.back().by;
        const auto both = latest + by;
        const bool covers = std::chrono::abs(latest) >= std::chrono::abs(by);
        latest = covers ? both : seconds(0);
        by = covers ? seconds(0) : both;
        if (latest.count() == 0) jumps_.pop_back();
    }
    if (by.count() != 0) jumps_.push_back({steady, by});
    if (jumps_.size() > most_jumps) {
        jumps_[1].by += jumps_[0].by;
        jumps_.pop_front();
    }
}

seconds clock_watch::lately(deadline steady) const {
    seconds by(0);
    for (const auto& one : jumps_)
        if (steady - one.when < kept_) by += one.by;
    return std::chrono::abs(by) < least ? seconds(0) : by;
}

} // namespace actors
