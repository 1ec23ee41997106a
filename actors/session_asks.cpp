// How a call of a session asks its client, and goes on as a task. A question goes out on the
// call's stream and comes back as a JSON-RPC response (open_questions); a task shows its
// questions to tasks/get and gets its answers by tasks/update (task_table).
#include "actors/session.hpp"
#include "mcp/message.hpp"
#include "mcp/protocol.hpp"

namespace actors {

namespace {

using state = mcp::task_record::state;

} // namespace

// -- Questions to the client -------------------------------------------------------------------

void session_logic::perform(std::uint64_t number, mcp::need_input what) {
    call& c = *find(number);
    if (c.life.is_task()) {
        c.life.enter(call_phase::asking);
        tasks_.ask(c.task_id, std::move(what.questions), oauth::clock::to_time_t(settings_->now()));
        return;
    }
    // The stream begins before may_ask(): a call without one has nothing to ask on.
    if (leaving_ || c.message.batch || !begin_stream(c) || !c.life.may_ask())
        return resume(number, result<json::value>(error(errc::unsupported,
                                                        "This client takes no questions here.")));
    c.life.enter(call_phase::asking);
    // `round` tells the timer of this round from those of earlier ones.
    const auto round = ++c.waits;
    const auto now = self_->clock().now();
    c.until = now + settings_->ask_limit; // a person takes longer than Twenty
    for (const auto& text :
         questions_.ask(number, round, what.questions, c.context.session.protocol_version))
        streams_.send(c.stream, text, now);
    tell_later(self_, settings_->ask_limit, ask_expired{number, round});
    queue_.lend(number);
    start_waiting();
}

void session_logic::answered(mcp::incoming& response) {
    if (auto over = questions_.take(response.id, std::move(response.result)))
        questions_done(over->call, std::move(over->answers));
}

void session_logic::questions_done(std::uint64_t number, result<json::value> with) {
    call& c = *find(number);
    take_back_questions(c);
    queue_.take_back(number);
    ++c.waits;
    // A fresh budget: the minutes that a person took are not the tool's.
    c.until = self_->clock().now() + settings_->tool_budget;
    resume(number, std::move(with));
}

void session_logic::take_back_questions(const call& c) {
    for (const auto& text : questions_.end_round(c.number))
        streams_.send(c.stream, text, self_->clock().now());
}

// give_up_questions() is for the end of this life of the session, or of the server: answers cannot
// arrive any more. A call whose questions are given up goes on at once, and what it does may end
// the others' rounds, hence the look at each.
void session_logic::give_up_questions(const std::vector<std::uint64_t>& calls) {
    for (const auto number : calls)
        if (questions_.is_open(number))
            questions_done(number, error(errc::unavailable, "The answer cannot arrive any more."));
}

// -- Tasks -------------------------------------------------------------------------------------

// The call goes on as a task: its client gets the task as the answer now, and the turn of the call
// is free for others.
void session_logic::perform(std::uint64_t number, const mcp::need_task&) {
    call& c = *find(number);
    forget_tasks();
    if (!tasks_.has_room() || c.message.batch || c.life.way() != answer_way::reply)
        return resume(number, result<done>(error(errc::busy, "Too many tasks.")));
    const auto now = self_->clock().now();
    // The record exists before the answer goes out: tasks/get may follow at once.
    const auto& record = tasks_.begin(number, now, oauth::clock::to_time_t(settings_->now()));
    c.life.answer_by(answer_way::task);
    c.task_id = record.id;
    c.until = now + settings_->task_ttl;
    // The client has its answer: it may hang up.
    if (const auto out = std::exchange(c.out, nullptr)) out->watch(nullptr);
    queue_.leave(number);
    ++*origin_.streams; // a session with a task is in use
    mcp_reply created = c.reply;
    created.body = mcp::result_body(c.message.messages[c.next - 1].id,
                                    mcp::decorate(mcp::created_task(record),
                                                  settings_->catalogue->server_info(),
                                                  mcp::era::stateless, "task", std::nullopt));
    c.promise->answer(std::move(created));
    c.promise.reset();
    resume(number, result<done>(done{}));
    start_waiting();
}

// tasks/get, tasks/update and tasks/cancel of another call. An ended task takes neither answers
// nor a cancellation; both are acknowledged all the same (SEP-2663).
void session_logic::perform(std::uint64_t number, const mcp::need_task_record& what) {
    using kind = mcp::need_task_record::kind;
    forget_tasks();
    // `tasks_` holds what calls of this grant's own session began: the task of another grant is as
    // unknown as a made-up id.
    const auto* record = tasks_.find(what.id);
    if (!record)
        return resume(number, result<std::string>(error(errc::not_found, "Unknown task.")));
    if (what.what == kind::get)
        return resume(number, result<std::string>(mcp::detailed_task(*record)));
    std::optional<task_table::answered> over;
    if (what.what == kind::update) {
        over =
            tasks_.take_answers(what.id, what.responses, oauth::clock::to_time_t(settings_->now()));
    } else if (const auto call = tasks_.working_call(what.id)) {
        abandon(*call);
    }
    resume(number, result<std::string>(std::string("{}")));
    // The update is acknowledged before the call goes on, which may end that task.
    if (over) resume(over->call, result<json::value>(std::move(over->answers)));
}

void session_logic::end_task(call& c, state how) {
    --*origin_.streams;
    tasks_.end(c.task_id, how, std::move(c.last.task_result), std::move(c.last.task_error),
               oauth::clock::to_time_t(settings_->now()));
}

// forget_tasks() clears away tasks past their time, asked for or not; what still runs of one is
// cancelled first, so that no call is left whose task is unknown.
void session_logic::forget_tasks() {
    const auto now = self_->clock().now();
    for (const auto call : tasks_.overdue(now))
        abandon(call);
    tasks_.forget_old(now);
}

} // namespace actors
