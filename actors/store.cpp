// The handlers of the store's actor, and the one gate that all of their answers pass: answer()
// holds them, flush() commits and lets them go.
#include "actors/store.hpp"

#include "base/fault_point.hpp"
#include "metrics/metrics.hpp"

#include <algorithm>
#include <type_traits>

namespace actors {

store_logic::store_logic(self_ptr self, settings_ptr settings, store_opener open,
                         address<actor::supervisor> supervisor)
    : self_(self), settings_(std::move(settings)), supervisor_(std::move(supervisor)),
      clock_(settings_->sweep_waits) {
    auto opened = open();
    if (!opened) {
        logging::event(logging::level::error, "store_open_failed",
                       {{"reason", opened.failure().message}});
        // The supervisor hears of it as of any failure: it opens the file anew, and gives up after
        // a few.
        self_->quit(to_caf(std::move(opened).failure()));
        return;
    }
    database_.emplace(std::move(opened).value());
    tell_later(self_, settings_->sweep_every, sweep_expired{});
}

// Writes without their COMMIT are kept even when the actor is told to end in between.
store_logic::~store_logic() {
    if (!waiting_.empty() || !opened_.empty() || !ends_.empty()) flush();
}

// The output gate: nothing leaves this actor before it is durable. While the database holds
// writes without their COMMIT, whoever's they are, answer() keeps every reply in `waiting_`, and
// flush() sends it once COMMIT has returned, or sends the failure of the COMMIT in its place. So
// no reply confirms what a crash could still undo, and none, not even to a read, tells of another's
// write that could still be lost. Nobody else has to think of it: a token, a session id or a
// primer goes to a client only after the store has replied.
//
// Group commit: settle() sends flush_writes to this actor after the first write; whatever was in
// the mailbox by then is done before it, and one COMMIT confirms it all.
template <class T> void store_logic::answer(owed promise, result<T> outcome) {
    settle();
    // The database's own failure: what a caller did wrong has another code.
    if (!outcome && outcome.failure().code == errc::unavailable)
        metrics::count(metrics::id::store_failures);
    // A refusal may have written too (a reused refresh token ends its grant), so it waits as
    // well. Only what follows no write at all is answered at once.
    if (!database_->dirty()) {
        promise.answer(std::move(outcome));
        return;
    }
    auto held =
        std::make_shared<std::pair<owed, result<T>>>(std::move(promise), std::move(outcome));
    auto& kept = std::is_same_v<T, oauth::opened_grant> ? opened_ : waiting_;
    kept.push_back([held](const std::optional<error>& commit_failure) {
        auto& [to, reply] = *held;
        if (commit_failure)
            to.answer(*commit_failure);
        else if (reply)
            to.answer(std::move(*reply));
        else
            to.answer(std::move(reply.failure()));
    });
}

void store_logic::settle() {
    if (!database_->dirty() || flush_sent_) return;
    flush_sent_ = true;
    tell(self_, flush_writes{});
}

void store_logic::flush() {
    flush_sent_ = false;
    std::optional<error> failure;
    write_held_ends();
    const auto begun = std::chrono::steady_clock::now();
    auto committed = database_->commit();
    metrics::observe(
        metrics::id::store_commit, {committed ? "ok" : "failed"},
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
    if (!committed) {
        logging::event(logging::level::error, "commit_failed",
                       {{"reason", committed.failure().message},
                        {"detail", committed.failure().detail},
                        {"waiting", waiting_.size()}});
        failure = error(errc::unavailable, "Nothing was stored: the server's disk refuses to "
                                           "write. Its operator finds the reason in the log.");
    }
    fault_point("store.settled");
    calls_settled(failure);
    ends_settled(!failure);
    // An opened token is told before the ends that share its COMMIT: `sessions` would keep a grant
    // that it hears of after its end.
    for (auto& reply : std::exchange(opened_, {}))
        reply(failure);
    // Then `sessions` and subscribers are told: when a client reads that a grant has ended, its
    // sessions are on their way out.
    report_ended();
    // take_ended() names what was committed only; `uploaded_` knows nothing of the COMMIT.
    const auto uploaded = std::exchange(uploaded_, {});
    if (uploaded.what != mcp::source::none && !failure)
        tell(supervisor_, things_changed({}, uploaded));
    for (auto& reply : std::exchange(waiting_, {}))
        reply(failure);
    // A search that is under way may have found what is lost now.
    if (failure)
        for (auto& one : std::exchange(searches_, {}))
            one.promise.answer(*failure);
    fault_point("store.told");
}

// A search takes turns with everything else that is asked, so that nobody waits for its end.
void store_logic::begin_search(find_grants& m) {
    search begun{owed(self_), {std::move(m.filter), m.limit, std::move(m.after), {}, false}};
    searches_.push_back(std::move(begun));
    if (searches_.size() == 1) search_on();
}

void store_logic::search_on() {
    if (searches_.empty()) return;
    auto now = std::move(searches_.front());
    searches_.pop_front();
    const auto stepped = database_->find_grants(now.what, settings_->now());
    if (!stepped)
        now.promise.answer(stepped.failure());
    else if (now.what.over)
        answer(std::move(now.promise), result<stored::grant_page>(std::move(now.what.found)));
    else
        searches_.push_back(std::move(now));
    if (!searches_.empty()) tell(self_, go_on_searching{});
}

void store_logic::report_ended() {
    grants_ended gone{database_->take_ended()};
    if (gone.ids.empty()) return;
    tell(supervisor_, std::move(gone));
}

// Threat: a clock that is days ahead for some minutes has everybody's grants, and the whole trail
// of calls, deleted for good. Defence: what only a jump forward made old is deleted when the jump
// has stood for long.
oauth::time_point store_logic::swept_until() {
    const auto now = settings_->now();
    const auto steady = self_->clock().now();
    clock_.look(now, steady);
    return now - std::max(clock_.lately(steady), std::chrono::seconds(0));
}

void store_logic::sweep() {
    const auto swept = database_->sweep(swept_until());
    if (!swept)
        logging::event(logging::level::warning, "sweep_failed",
                       {{"reason", swept.failure().message}});
    settle();
    // A full batch: there is more. In between, whoever waits gets a turn.
    if (swept && *swept >= store::sweep_batch)
        tell(self_, sweep_expired{});
    else
        tell_later(self_, settings_->sweep_every, sweep_expired{});
}

// A handler: work(database, message, now) gives the result to answer with.
template <class Message, class Work> auto store_logic::on(Work work) {
    return [this, work](Message& m) {
        fault_point("store.asked");
        const auto now = settings_->now();
        clock_.look(now, self_->clock().now());
        auto outcome = work(*database_, m, now); // first: it may throw
        answer(owed(self_), std::move(outcome));
    };
}

// on_upload() is on() for messages that may change the primer or a skill. Skills are listed among
// the resources; the primer is always there.
template <class Message, class Work> auto store_logic::on_upload(Work work) {
    return on<Message>([this, work](store::store& d, Message& m, oauth::time_point t) {
        auto changed = work(d, m, t);
        if (!changed) return changed;
        if constexpr (std::is_same_v<typename Message::reply, bool>)
            if (!*changed) return changed;
        const bool primer = m.name == stored::the_primer;
        uploaded_.what = uploaded_.what | (primer ? mcp::source::primer : mcp::source::skills);
        uploaded_.resources = uploaded_.resources || !primer;
        return changed;
    });
}

caf::behavior store_logic::behavior() {
    if (!database_) return {};
    using db = store::store;
    using time = oauth::time_point;
    return handlers<home>{
        on<open_token>(
            [](db& d, open_token& m, time t) { return d.open_grant(m.access_token, t); }),
        on<redeem_code>([](db& d, redeem_code& m, time t) { return d.redeem_code(m.exchange, t); }),
        on<refresh_token>([](db& d, refresh_token& m, time t) { return d.refresh(m.exchange, t); }),
        on<create_grant>([](db& d, create_grant& m, time t) { return d.create_grant(m.grant, t); }),
        on<end_token>([](db& d, end_token& m, time t) { return d.revoke(m.revocation, t); }),
        on<end_grant>([](db& d, end_grant& m, time t) { return d.end_dead_grant(m.grant_id, t); }),
        on<list_grants>(
            [](db& d, list_grants& m, time t) { return d.list_grants(m.fingerprint, t); }),
        on<end_grants>(
            [](db& d, end_grants& m, time t) { return d.end_grants(m.fingerprint, m.id, t); }),
        on<save_session>(
            [](db& d, save_session& m, time t) { return d.save_session(m.session, t); }),
        on<load_session>([](db& d, load_session& m, time) { return d.load_session(m.id); }),
        on<erase_session>(
            [](db& d, erase_session& m, time t) { return d.end_session(m.id, m.grant_id, t); }),
        on<read_upload>([](db& d, read_upload& m, time) { return d.upload(m.name); }),
        on<list_uploads>([](db& d, list_uploads& m, time) { return d.upload_versions(m.name); }),
        on<list_skills>([](db& d, list_skills&, time) { return d.skills(); }),
        on_upload<write_upload>([](db& d, write_upload& m, time t) {
            return d.write_upload(m.name, m.text, t, m.condition, m.source, m.about);
        }),
        on_upload<clear_upload>([](db& d, clear_upload& m, time t) {
            return d.clear_upload(m.name, t, m.condition, m.source);
        }),
        on_upload<roll_back_upload>([](db& d, roll_back_upload& m, time t) {
            return d.roll_back_upload(m.name, m.version, t, m.condition, m.source);
        }),
        [this](find_grants& m) { begin_search(m); },
        on<count_grants>([](db& d, count_grants&, time) { return d.count_grants(); }),
        on<end_chosen>(
            [](db& d, end_chosen& m, time t) { return d.end_chosen(m.choice, m.source, t); }),
        on<save_pause>(
            [](db& d, save_pause& m, time t) { return d.pause_writes(m.pause, m.source, t); }),
        on<erase_pause>(
            [](db& d, erase_pause& m, time t) { return d.resume_writes(m.of, m.source, t); }),
        [this](const list_pauses&) { answer(owed(self_), database_->pauses()); },
        on<list_keys>([](db& d, list_keys&, time t) { return d.key_uses(t); }),
        on<note_audit>([](db& d, note_audit& m, time t) { return d.note(m.note, t); }),
        on<read_audit>([](db& d, read_audit& m, time) { return d.audit(m.query); }),
        on<check_store>([](db& d, check_store&, time) { return d.check(); }),
        on<read_calls>([](db& d, read_calls& m, time) { return d.calls(m.query); }),
        on<read_call_chain>([](db& d, read_call_chain&, time) { return d.call_chain(); }),
        [this](note_calls& m) { note(m); },
        on<begin_change>([](db& d, begin_change& m, time t) {
            auto begun = d.begin_change(m.what, m.who, t);
            if (begun && *begun)
                metrics::count(metrics::id::changes, {name_of(stored::change_state::begun)});
            return begun;
        }),
        [this](end_change& m) { hold_end(m); },
        on<read_quota>(
            [](db& d, read_quota& m, time t) { return d.quota_left(m.grant_id, m.quota, t); }),
        on<list_quotas>([](db& d, list_quotas& m, time t) { return d.quota_uses(m.grant_ids, t); }),
        on<read_changes>([this](db& d, read_changes& m, time) {
            write_held_ends(); // a list tells of every end that was told before
            return d.changes(m.query, m.who);
        }),
        [this](write_ends) {
            ends_awaited_ = false;
            write_held_ends();
            settle();
        },
        [this](retry_noting) { retry(); },
        [this](flush_writes) { flush(); },
        [this](sweep_expired) { sweep(); },
        [this](go_on_searching) { search_on(); },
    };
}

} // namespace actors
