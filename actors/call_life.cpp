// The tables behind call_life: the two graphs of the header, row by row, and which pairs of phase
// and way exist at all. The session moves every call; a step that is missing here is a fault of the
// session's code, never a mistake of a client.
#include "actors/call_life.hpp"

#include <stdexcept>

namespace actors {

namespace {

// `running` is not followed by `running`: session_logic::resume() enters it only from a phase that
// waits. Every phase that waits leads back to `running`, so that what a coroutine does next always
// begins in the same one.
bool phase_may_follow(call_phase from, call_phase to) noexcept {
    switch (from) {
    case call_phase::queued:
        return to == call_phase::running || to == call_phase::over;
    case call_phase::running:
        return to != call_phase::queued && to != call_phase::running;
    case call_phase::patient:
    case call_phase::pausing:
    case call_phase::asking:
        return to == call_phase::running || to == call_phase::over;
    // `saving` ends when the store has answered, and by nothing else: the row may be durable
    // already.
    case call_phase::saving:
        return to == call_phase::over;
    case call_phase::over:
        return false;
    }
    return false;
}

// The way of an answer changes at most twice, and never back: what a client was sent cannot be
// taken back, neither the head of a stream nor a task's id.
bool way_may_follow(answer_way from, answer_way to) noexcept {
    switch (from) {
    case answer_way::reply:
        return to == answer_way::stream || to == answer_way::task;
    case answer_way::stream:
        return to == answer_way::closing;
    case answer_way::closing:
    case answer_way::task:
        return false;
    }
    return false;
}

} // namespace

bool is_possible(call_state s) noexcept {
    switch (s.phase) {
    case call_phase::queued:
        return s.way == answer_way::reply;
    case call_phase::asking:
        return s.way != answer_way::reply;
    case call_phase::saving:
        return s.way != answer_way::task;
    default:
        return true;
    }
}

bool may_become(call_state from, call_state to) noexcept {
    if (!is_possible(from) || !is_possible(to)) return false;
    if (from.way == to.way) {
        // `asking` survives the step from stream to closing, for as long as it takes to give the
        // question up; but a closing stream asks nothing new.
        if (to.phase == call_phase::asking && to.way == answer_way::closing) return false;
        return phase_may_follow(from.phase, to.phase);
    }
    // A way is chosen by a call that runs, but for the server, which stops whenever it likes.
    const bool running = from.phase == call_phase::running;
    return from.phase == to.phase && from.phase != call_phase::over &&
           (running || to.way == answer_way::closing) && way_may_follow(from.way, to.way);
}

void call_life::step(call_state next) {
    if (!may_become(now_, next)) throw std::logic_error("a call took a step that no call takes");
    now_ = next;
}

} // namespace actors
