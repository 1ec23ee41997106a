// What is told of all sessions, and what is done for them every minute.
#include "actors/sessions.hpp"
#include "twenty/probe.hpp"

namespace actors {

void sessions_logic::spread(const things_changed& m) {
    for (const auto& session : table_.all())
        tell(session, session_news{m.workspace_id, m.what});
}

// Looked at every minute, and whenever somebody asks how the server is.
void sessions_logic::watch_clock() {
    const auto by = clock_.look(settings_->now(), self_->clock().now());
    if (by.count() == 0) return;
    metrics::count(metrics::id::clock_set, {by.count() > 0 ? "forward" : "back"});
    logging::event(logging::level::warning, "clock_set", {{"by_s", by.count()}});
}

// The answer comes after everything that was to be written down by then.
void sessions_logic::report(owed promise) {
    peers_.journal->flush();
    watch_clock();
    auto held = std::make_shared<owed>(std::move(promise));
    ask(self_, peers_.store, check_store{}, [this, held](const result<done>& writable) {
        ask(self_, peers_.pool, check_upstream{},
            [this, held, writable](const result<std::optional<bool>>& twenty) {
                status now;
                now.ready = writable.ok();
                if (!writable) now.why = writable.failure().message;
                if (twenty) now.twenty = *twenty;
                now.sessions = table_.size();
                now.pauses = gate_->pauses();
                now.clock_set = clock_.lately(self_->clock().now());
                held->answer(std::move(now));
            });
    });
}

// Twenty answers __typename without a key, so nobody's connection is needed.
void sessions_logic::probe(std::function<void(result<done>)> then) {
    twenty_call call({}, {}, twenty::probe_request(),
                     self_->clock().now() + settings_->schema_check_limit);
    call.metered = false;
    ask(self_, peers_.pool, std::move(call),
        [then = std::move(then)](const result<twenty::response>& answer) {
            then(answer ? twenty::read_probe(*answer) : answer.failure());
        });
}

void sessions_logic::tick() {
    watch_clock();
    tokens_.forget_expired(settings_->now());
    approvals_->forget_old(settings_->now());
    const auto idle_since = self_->clock().now() - settings_->session_idle;
    for (const auto& session : table_.take_idle(idle_since))
        tell(session, passivate{});
    // While nobody calls, nobody else would notice that Twenty is back.
    ask(self_, peers_.pool, check_upstream{}, [this](const result<std::optional<bool>>& twenty) {
        if (twenty && *twenty == false) probe([](const result<done>&) {});
    });
    tell_later(self_, tick_every, sessions_tick{});
}

void sessions_logic::answer_probe(owed promise) {
    auto held = std::make_shared<owed>(std::move(promise));
    probe([held](result<done> found) { held->answer(std::move(found)); });
}

// What an administrator sees of all sessions.
void sessions_logic::watch() {
    using metrics::id;
    const auto gauge = [this](id what, std::vector<std::string> labels, auto read) {
        gauges_.push_back(std::make_unique<metrics::sampled>(
            what, std::move(labels), [read] { return static_cast<double>(read()); }));
    };
    gauge(id::mcp_sessions, {}, [this] { return table_.size(); });
    gauge(id::mcp_streams, {}, [this] { return table_.streams(); });
    gauge(id::pauses, {}, [this] { return gate_->pauses(); });
    gauge(id::mcp_calls, {}, [this] { return held_->calls(); });
    gauge(id::bearer_lookups, {"hit"}, [this] { return known_tokens_; });
    gauge(id::budget, {"calls"}, [this] { return held_->bytes(); });
    gauge(id::budget_limit, {"calls"}, [this] { return held_->most(); });
    gauge(id::budget, {"twenty_answers"}, [this] { return answers_->bytes(); });
    gauge(id::budget_limit, {"twenty_answers"}, [this] { return answers_->most(); });
    gauge(id::budget, {"kept_events"}, [this] { return *kept_; });
    gauge(id::budget_limit, {"kept_events"}, [this] { return settings_->replay_total; });
}

} // namespace actors
