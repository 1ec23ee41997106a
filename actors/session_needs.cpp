// What the coroutines of a session's calls wait for, and how they get it: an exchange with Twenty,
// the schema, the primer, skills, time. Each perform() ends in one resume(), now or later; a call
// that was taken back meanwhile is not found by it.
#include "actors/session.hpp"
#include "actors/upstream.hpp"
#include "primer/primer.hpp"
#include "twenty/answer.hpp"

namespace actors {

void session_logic::perform(std::uint64_t number, mcp::need what) {
    std::visit([&](auto& n) { perform(number, std::move(n)); }, what);
}

void session_logic::perform(std::uint64_t number, mcp::need_twenty what) {
    call& of = *find(number);
    const auto& connection = of.who->connection;
    std::string target = what.request.target;
    twenty_call call(connection.workspace.id, connection.api_key, std::move(what.request),
                     of.until);
    call.owner = self_->id();
    call.number = number;
    if (call.request.is_write) call.request.veto = write_veto(of);
    call.within = of.place;
    ++of.report.upstream_calls;
    const auto asked = self_->clock().now();
    ask(self_, peers_.pool, std::move(call),
        [this, number, asked, target = std::move(target)](result<twenty::response> answer) {
            add_wait(number, asked);
            // Only Twenty's own word counts against a key: a proxy's 401 says nothing of it, and no
            // answer says nothing at all.
            if (answer) {
                if (const auto failure = find_failure(target, *answer); !failure)
                    watch_key(key_verdict::accepted);
                else if (failure->why.code == errc::upstream_auth && failure->said_by_twenty)
                    watch_key(failure->for_good ? key_verdict::dead : key_verdict::refused);
            }
            auto* asker = find(number);
            if (asker) resume(number, held(*asker, std::move(answer)));
        });
}

// The veto may outlive the call and this session: it holds what it looks at.
std::function<std::optional<error>()> session_logic::write_veto(const call& of) const {
    return [gate = peers_.gate, who = of.who] { return gate ? gate->refuse(*who) : std::nullopt; };
}

// For the report: how long the workspace was waited for.
void session_logic::add_wait(std::uint64_t number, deadline since) {
    if (auto* c = find(number))
        c->report.upstream +=
            std::chrono::duration_cast<std::chrono::microseconds>(self_->clock().now() - since);
}

// held() counts what the call may make of a large answer until the call ends, since nobody knows
// when its coroutine is done with it.
// Threat: calls that each wait for a second answer keep the tree of their first one.
result<twenty::response> session_logic::held(call& c, result<twenty::response> answer) {
    if (!answer || answer->body.size() <= settings_->held_answers.usual) return answer;
    auto room = origin_.answers->take(holder_, json::most_held_bytes(answer->body));
    if (!room) return twenty::too_many_answers();
    c.answers.push_back(std::move(*room));
    return answer;
}

void session_logic::perform(std::uint64_t number, const mcp::need_schema& what) {
    call& c = *find(number);
    // Schema and patience race: whichever comes first moves `waits` on, and the other finds another
    // number than its own.
    const auto wait = ++c.waits;
    if (what.patience.count() > 0) {
        c.life.enter(call_phase::patient);
        tell_later(self_, what.patience, call_resumes{number, wait});
    }
    const auto& connection = c.who->connection;
    const auto asked = self_->clock().now();
    get_schema wanted(connection.workspace.id, connection.api_key, what.wanted);
    wanted.within = c.place;
    ask(self_, peers_.schemas, std::move(wanted),
        [this, number, wait, asked](result<twenty::schema_ptr> schema) {
            add_wait(number, asked);
            // A cached schema says nothing about this key; a refusal does.
            if (!schema && schema.failure().code == errc::upstream_auth)
                watch_key(schema.failure().detail == twenty::dead_key ? key_verdict::dead
                                                                      : key_verdict::refused);
            call* asker = find(number);
            if (!asker || asker->waits != wait) return;
            ++asker->waits; // a timer of its patience is stale now
            resume(number, std::move(schema));
        });
}

void session_logic::perform(std::uint64_t number, const mcp::need_primer&) {
    ask(self_, peers_.store, read_upload(stored::the_primer),
        [this, number](const result<std::optional<stored::upload_record>>& row) {
            if (!row) return resume(number, result<std::string>(row.failure()));
            const auto text = *row ? (*row)->text : std::string(primer::default_context());
            resume(number, result<std::string>(text));
        });
}

void session_logic::perform(std::uint64_t number, const mcp::need_skills&) {
    ask(self_, peers_.store, list_skills(),
        [this, number](result<std::vector<stored::skill_row>> rows) {
            using reply = result<std::vector<std::string>>;
            if (!rows) return resume(number, reply(std::move(rows).failure()));
            std::vector<std::string> abouts;
            for (auto& row : *rows)
                abouts.push_back(std::move(row.about));
            resume(number, reply(std::move(abouts)));
        });
}

void session_logic::perform(std::uint64_t number, const mcp::need_skill& what) {
    ask(self_, peers_.store, read_upload(stored::skill_upload(what.name)),
        [this, number](result<std::optional<stored::upload_record>> row) {
            if (!row) return resume(number, result<std::string>(std::move(row).failure()));
            if (!*row)
                return resume(number,
                              result<std::string>(error(errc::not_found, "No such skill.")));
            resume(number, result<std::string>(std::move((*row)->text)));
        });
}

void session_logic::perform(std::uint64_t number, const mcp::need_pause& what) {
    call& c = *find(number);
    c.life.enter(call_phase::pausing);
    const auto wait = ++c.waits;
    tell_later(self_, what.time, call_resumes{number, wait});
}

// A time is over: the end of a pause, or of the patience for a schema, which is too late then.
void session_logic::wait_is_over(const call_resumes& m) {
    call* c = find(m.call);
    if (!c || c->waits != m.wait) return;
    ++c->waits;
    if (c->life.phase() == call_phase::patient)
        resume(m.call,
               result<twenty::schema_ptr>(error(errc::upstream_timeout, "Twenty takes its time.")));
    else
        resume(m.call, result<done>(done{}));
}

// A key that Twenty refuses again and again is dead. Counted for the whole grant, because some
// clients open a session for each call.
void session_logic::watch_key(key_verdict how) {
    tell(peers_.sessions, upstream_key_seen{origin_.grant_id, how});
}

} // namespace actors
