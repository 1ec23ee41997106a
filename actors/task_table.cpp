// The states of a task (SEP-2663) and who moves them: its call by ask() and end(), its client by
// take_answers() and, through the session, by a cancellation. An end lasts: every function but
// forget_old() leaves an ended task as it is, so a late result cannot replace what a client was
// told.
#include "actors/task_table.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace actors {

namespace {

using state = mcp::task_record::state;

constexpr std::size_t task_id_bytes = 24; // 192 bits: nobody guesses another's

} // namespace

// `now` is the clock of deadlines, `wall` the one that clients are told; a change of the latter
// neither shortens nor prolongs a task.
const mcp::task_record& task_table::begin(number call, deadline now, unix_time wall) {
    task made;
    made.record.id = text::base64url_encode(crypto::random_bytes(task_id_bytes));
    made.record.created_at = made.record.updated_at = wall;
    made.record.ttl_ms = ttl_.count();
    made.call = call;
    made.keep_until = now + ttl_;
    const auto id = made.record.id;
    return tasks_.emplace(id, std::move(made)).first->second.record;
}

const mcp::task_record* task_table::find(const std::string& id) const {
    const auto found = tasks_.find(id);
    return found == tasks_.end() ? nullptr : &found->second.record;
}

std::optional<task_table::number> task_table::working_call(const std::string& id) const {
    const auto found = tasks_.find(id);
    if (found == tasks_.end() || found->second.record.ended()) return std::nullopt;
    return found->second.call;
}

void task_table::ask(const std::string& id, std::vector<mcp::input_request> questions,
                     unix_time wall) {
    const auto found = tasks_.find(id);
    if (found == tasks_.end() || found->second.record.ended()) return;
    auto& t = found->second.record;
    t.questions = std::move(questions);
    t.answers = {};
    t.status = state::input_required;
    t.updated_at = wall;
}

std::optional<task_table::answered>
task_table::take_answers(const std::string& id, const json::value& responses, unix_time wall) {
    const auto found = tasks_.find(id);
    if (found == tasks_.end()) return std::nullopt;
    auto& t = found->second.record;
    if (t.status != state::input_required || !mcp::take_answers(t, responses)) return std::nullopt;
    t.status = state::working;
    t.updated_at = wall;
    return answered(found->second.call, json::value(std::exchange(t.answers, {})));
}

void task_table::end(const std::string& id, state how, std::string result, std::string error,
                     unix_time wall) {
    const auto found = tasks_.find(id);
    if (found == tasks_.end() || found->second.record.ended()) return;
    auto& t = found->second.record;
    t.status = how;
    t.questions.clear();
    t.updated_at = wall;
    t.result = std::move(result);
    t.error = std::move(error);
}

std::vector<task_table::number> task_table::overdue(deadline now) const {
    std::vector<number> out;
    for (const auto& [id, t] : tasks_)
        if (t.keep_until < now && !t.record.ended()) out.push_back(t.call);
    return out;
}

void task_table::forget_old(deadline now) {
    std::erase_if(tasks_, [now](const auto& e) { return e.second.keep_until < now; });
}

} // namespace actors
