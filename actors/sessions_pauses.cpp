// An administrator pauses writes and lets them go on. The database keeps what is paused, and the
// gate says it to whoever is about to write.
#include "actors/sessions.hpp"
#include "base/fault_point.hpp"

#include <utility>

namespace actors {

namespace {

constexpr std::chrono::seconds ask_again{1};

void say(std::string_view event, const stored::pause_target& of, const std::string& reason) {
    logging::event(logging::level::warning, event,
                   {{"of", stored::name_of(of.scope)}, {"id", of.subject}, {"reason", reason}});
}

} // namespace

// Answers of the store come in the order of its changes, so the gate never goes back to an older
// state. While the database cannot say what it has, the gate is closed for everybody.
void sessions_logic::read_pauses(
    std::function<void(result<std::vector<stored::write_pause>>)> then) {
    ask(self_, peers_.store, list_pauses(),
        [this, then = std::move(then)](result<std::vector<stored::write_pause>> all) {
            if (all)
                gate_->set(*all);
            else
                pauses_not_read(all.failure());
            if (then) then(std::move(all));
        });
}

void sessions_logic::pauses_not_read(const error& why) {
    gate_->forget();
    if (std::exchange(asks_again_, true)) return;
    logging::event(logging::level::error, "pauses_unknown",
                   {{"reason", why.message}, {"detail", why.detail}});
    tell_later(self_, ask_again, pauses_unknown{});
}

void sessions_logic::read_pauses_again() {
    asks_again_ = false;
    read_pauses(nullptr);
}

void sessions_logic::pause(owed promise, pause_writes m) {
    auto held = std::make_shared<owed>(std::move(promise));
    const save_pause question(m.pause, std::move(m.source));
    ask(self_, peers_.store, question,
        [this, held, pause = std::move(m.pause)](const result<done>& saved) {
            if (!saved) return held->answer(saved.failure());
            fault_point("sessions.paused");
            say("writes_paused", pause.of, pause.reason);
            read_pauses([held](result<std::vector<stored::write_pause>> all) {
                held->answer(std::move(all));
            });
        });
}

void sessions_logic::resume(owed promise, resume_writes m) {
    auto held = std::make_shared<owed>(std::move(promise));
    const erase_pause question(m.of, std::move(m.source));
    ask(self_, peers_.store, question, [this, held, of = std::move(m.of)](const result<bool>& was) {
        if (!was) return held->answer(was.failure());
        if (*was) say("writes_resumed", of, {});
        read_pauses(
            [held](result<std::vector<stored::write_pause>> all) { held->answer(std::move(all)); });
    });
}

} // namespace actors
