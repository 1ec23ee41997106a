// The life of one call of a session: where it stands and how its answer goes out. Both are
// enums whose steps are a pure table, so that no combination arises that nobody thought of:
// call_life refuses a step that is not in it.
#pragma once

namespace actors {

// Where a call stands.
//
//     queued ───▶ running ───▶ saving ───▶ over
//                  ▲   │
//                  │   ├──▶ patient ──┐
//                  │   ├──▶ pausing ──┤
//                  │   └──▶ asking ───┤
//                  └──────────────────┘
//
// Besides, every phase but `saving` may go to `over` at any time: its client takes the call back,
// the time of a queued one runs out, a task is cancelled. `saving` cannot be taken back: the row
// is with the store, and what the store says decides the answer.
enum class call_phase {
    queued,  // waits for its turn, or for what the store knows of the session
    running, // its coroutine runs, or waits for an answer that is certain to come
    patient, // waits for a schema, and for the end of its patience: whichever comes first
    pausing, // waits for a time
    asking,  // waits for its person: has lent its turn to others (actors/call_queue.hpp)
    saving,  // has ended; its answer waits until the session's row is durable
    over,    // answered, taken back, or dropped
};

// How the answer of a call goes out.
//
//     reply ───▶ stream ───▶ closing
//       └──────▶ task
enum class answer_way {
    reply,   // one reply to the POST, which is still owed
    stream,  // the reply has begun: the rest are events on the call's stream
    closing, // a stream of a server that stops: the result still goes out, no answer comes in
    task,    // the client was answered with a task; the result goes to that task's record
};

struct call_state {
    call_phase phase = call_phase::queued;
    answer_way way = answer_way::reply;
    friend bool operator==(const call_state&, const call_state&) = default;
};

// Does this combination exist? A queued call has sent nothing yet, a call asks on a stream or
// through its task, and a task has nothing to save.
bool is_possible(call_state s) noexcept;
// One step: phase or way changes, never both.
bool may_become(call_state from, call_state to) noexcept;

class call_life {
  public:
    [[nodiscard]] call_phase phase() const noexcept { return now_.phase; }
    [[nodiscard]] answer_way way() const noexcept { return now_.way; }
    [[nodiscard]] bool is_task() const noexcept { return now_.way == answer_way::task; }
    [[nodiscard]] bool on_stream() const noexcept {
        return now_.way == answer_way::stream || now_.way == answer_way::closing;
    }
    // May the call ask its person now? A closing stream carries no answer any more.
    [[nodiscard]] bool may_ask() const noexcept {
        return may_become(now_, {call_phase::asking, now_.way});
    }

    // Throw std::logic_error at a step that is not in the table: the session ends there, and its
    // open calls are answered as unavailable.
    void enter(call_phase next) { step({next, now_.way}); }
    void answer_by(answer_way next) { step({now_.phase, next}); }

  private:
    void step(call_state next);

    call_state now_;
};

} // namespace actors
