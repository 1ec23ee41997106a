#include "actors/reachability.hpp"

namespace actors {

reachability::news reachability::note(std::optional<errc> failed, time_point now) {
    const bool silent = failed == errc::upstream_timeout;
    silent_ = silent ? silent_ + 1 : 0;
    // Of a Twenty that never answered one silence is enough: whoever starts wants to know.
    const bool lost =
        failed == errc::upstream_down || silent_ >= silent_exchanges || (silent && !answers_);
    if (lost) {
        if (answers_ == false) return news::none;
        answers_ = false;
        lost_at_ = now;
        return news::lost;
    }
    if (silent) return news::none;
    const bool was_away = answers_ == false;
    answers_ = true;
    if (!was_away) return news::none;
    away_ = std::chrono::duration_cast<std::chrono::seconds>(now - lost_at_);
    return news::back;
}

} // namespace actors
