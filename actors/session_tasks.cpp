// Calls that go on as tasks. They live in the grant's own session and in memory: a restart loses
// them (docs/decisions/0005).
#include "actors/session.hpp"
#include "base/crypto.hpp"
#include "base/text.hpp"
#include "mcp/message.hpp"
#include "mcp/protocol.hpp"

namespace actors {

namespace {

using state = mcp::task_record::state;

constexpr std::size_t task_id_bytes = 24; // 192 bits: nobody guesses another's

} // namespace

void session_logic::perform(std::uint64_t number, const mcp::need_task&) {
    running& r = *find(number);
    forget_tasks();
    if (tasks_.size() >= settings_->tasks_per_grant || r.message.batch || r.stream != 0)
        return resume(number, result<done>(error(errc::busy, "Too many tasks.")));
    const auto now = oauth::clock::to_time_t(settings_->now());
    task made;
    made.record.id = text::base64url_encode(crypto::random_bytes(task_id_bytes));
    made.record.created_at = made.record.updated_at = now;
    made.record.ttl_ms = std::chrono::milliseconds(settings_->task_ttl).count();
    made.call = number;
    made.keep_until = self_->clock().now() + settings_->task_ttl;
    r.task_id = made.record.id;
    r.until = made.keep_until;
    // Its client is answered: it may hang up, and its place among the calls is free.
    if (const auto out = std::exchange(r.out, nullptr)) out->watch(nullptr);
    if (std::exchange(r.heavy, false)) --heavy_;
    ++*origin_.streams; // a session with a task is in use
    mcp_reply created = r.reply;
    created.body =
        mcp::result_body(r.message.messages[r.next - 1].id,
                         mcp::decorate(mcp::created_task(made.record), *settings_->catalogue,
                                       mcp::era::stateless, "task", std::nullopt));
    tasks_.emplace(r.task_id, std::move(made)); // before the answer: tasks/get may follow at once
    r.promise->answer(std::move(created));
    r.promise.reset();
    resume(number, result<done>(done{}));
}

void session_logic::perform(std::uint64_t number, const mcp::need_task_record& what) {
    using kind = mcp::need_task_record::kind;
    forget_tasks();
    const auto found = tasks_.find(what.id);
    if (found == tasks_.end())
        return resume(number, result<std::string>(error(errc::not_found, "Unknown task.")));
    auto& t = found->second;
    if (what.what == kind::get)
        return resume(number, result<std::string>(mcp::detailed_task(t.record)));
    const auto call = t.call;
    if (what.what == kind::cancel && !t.record.ended()) {
        abandon(call);
    } else if (what.what == kind::update && t.record.status == state::input_required &&
               mcp::take_answers(t.record, what.responses)) {
        t.record.status = state::working;
        t.record.updated_at = oauth::clock::to_time_t(settings_->now());
        auto answers = json::value(std::exchange(t.record.answers, {}));
        resume(number, result<std::string>(std::string("{}")));
        return resume(call, result<json::value>(std::move(answers)));
    }
    resume(number, result<std::string>(std::string("{}")));
}

void session_logic::ask_through_task(running& r, mcp::need_input what) {
    auto& t = tasks_.at(r.task_id).record;
    t.questions = std::move(what.questions);
    t.answers = {};
    t.status = state::input_required;
    t.updated_at = oauth::clock::to_time_t(settings_->now());
}

void session_logic::end_task(running& r, state how) {
    --*origin_.streams;
    auto& t = tasks_.at(r.task_id).record;
    t.status = how;
    t.questions.clear();
    t.updated_at = oauth::clock::to_time_t(settings_->now());
    t.result = std::move(r.last.task_result);
    t.error = std::move(r.last.task_error);
}

// Those that nobody came for; what still runs then is cancelled.
void session_logic::forget_tasks() {
    const auto now = self_->clock().now();
    std::vector<std::uint64_t> late;
    for (const auto& [id, t] : tasks_)
        if (t.keep_until < now && !t.record.ended()) late.push_back(t.call);
    for (const auto call : late)
        abandon(call);
    std::erase_if(tasks_, [&](const auto& e) { return e.second.keep_until < now; });
}

} // namespace actors
