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
    by_ = lately(steady) + by;
    when_ = steady;
    return by;
}

seconds clock_watch::lately(deadline steady) const {
    if (steady - when_ >= kept_ || std::chrono::abs(by_) < least) return seconds(0);
    return by_;
}

} // namespace actors
