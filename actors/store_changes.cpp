// The journal of changes in the store's actor. A change that begins is answered behind its COMMIT,
// as every write. How it ended is told without an answer, and rides along with the next COMMIT:
// mostly that of the call itself, which is written down at its end.
#include "actors/store.hpp"
#include "metrics/metrics.hpp"

namespace actors {

namespace {

constexpr std::chrono::seconds longest_wait_of_ends{1};
constexpr std::chrono::seconds retry_ends{5}; // after a disk that refused
// What may wait while the disk refuses. Changes that begin are refused then, so there are no more
// ends than calls had begun; but what was left open can be looked up again and again.
constexpr std::size_t most_ends = 10'000;
constexpr std::size_t most_ends_bytes = 16 * 1024 * 1024;

} // namespace

void store_logic::hold_end(end_change& m) {
    if (ends_.size() >= most_ends)
        return logging::event(logging::level::error, "change_end_lost",
                              {{"change", m.end.id}, {"state", name_of(m.end.state)}});
    if (ends_bytes_ + m.end.body.size() > most_ends_bytes) m.end.body.clear();
    ends_bytes_ += m.end.body.size();
    ends_.push_back(std::move(m));
    wait_for_ends(longest_wait_of_ends);
}

void store_logic::write_held_ends() {
    while (written_ends_ < ends_.size()) {
        const auto& next = ends_[written_ends_];
        const auto written = database_->end_change(next.end, next.who);
        if (!written) return wait_for_ends(retry_ends);
        ++written_ends_;
        if (*written) metrics::count(metrics::id::changes, {name_of(next.end.state)});
    }
}

// After each COMMIT, or the failure in its place.
void store_logic::ends_settled(bool committed) {
    const auto written = std::exchange(written_ends_, 0);
    if (!committed) return wait_for_ends(retry_ends);
    for (std::size_t i = 0; i < written; ++i) {
        ends_bytes_ -= ends_.front().end.body.size();
        ends_.pop_front();
    }
}

void store_logic::wait_for_ends(std::chrono::seconds longest) {
    if (ends_.empty() || ends_awaited_) return;
    ends_awaited_ = true;
    tell_later(self_, longest, write_ends{});
}

} // namespace actors
