#include "actors/call_journal.hpp"

namespace actors {

void call_journal::add(noted_call call) {
    const bool writes = call.report.writes;
    waiting_.push_back(std::move(call));
    if (writes || waiting_.size() >= most_waiting)
        flush();
    else if (waiting_.size() == 1)
        tell(sessions_, calls_wait{});
}

void call_journal::flush() {
    if (waiting_.empty()) return;
    note_calls all(std::exchange(waiting_, {}));
    waiting_.reserve(most_waiting);
    tell(store_, std::move(all));
}

} // namespace actors
