#include "mcp/tasks.hpp"

#include "base/text.hpp"
#include "mcp/interaction.hpp"
#include "mcp/methods.hpp"
#include "mcp/protocol.hpp"

#include <algorithm>

// A task is `working` from become_task() on. It goes to `input_required` and back with each round
// of questions, and to one of three ends, which last: `completed` (a tool's isError is one, too),
// `failed` (an error of the protocol) or `cancelled`. The session moves it (actors/task_table); the
// functions here write what a client sees of it, and ask the session by way of need_task and
// need_task_record.

namespace mcp {

namespace {

// poll_interval_ms is a hint for clients (pollIntervalMs). Nothing counts how often one really
// asks.
constexpr std::int64_t poll_interval_ms = 500;

std::string_view name_of(task_record::state s) {
    switch (s) {
    case task_record::state::working:
        return "working";
    case task_record::state::input_required:
        return "input_required";
    case task_record::state::completed:
        return "completed";
    case task_record::state::failed:
        return "failed";
    case task_record::state::cancelled:
        return "cancelled";
    }
    return "failed";
}

void write_basics(json::writer& out, const task_record& t) {
    out.member("taskId", t.id).member("status", name_of(t.status));
    out.member("createdAt", text::iso_time(t.created_at));
    out.member("lastUpdatedAt", text::iso_time(t.updated_at));
    out.member("ttlMs", t.ttl_ms).member("pollIntervalMs", poll_interval_ms);
}

async<result<std::string>> ask_for_task(call_slot& slot, need_task_record wanted) {
    need what = std::move(wanted);
    need_awaiter<result<std::string>> wait(slot, std::move(what));
    co_return co_await wait;
}

async<outcome> task_method(call_slot& slot, const incoming& m, need_task_record::kind kind) {
    // require_tasks() comes before the parameters: a client that lacks the extension learns that
    // first (-32021).
    require_tasks(slot);
    const auto* id = m.params.find("taskId");
    if (!id || !id->is_string())
        co_return fail(code::invalid_params, "\"taskId\" must be a string.");
    need_task_record wanted(kind, *id->if_string());
    if (kind == need_task_record::kind::update) {
        const auto* responses = m.params.find("inputResponses");
        if (!responses || !responses->is_object())
            co_return fail(code::invalid_params, "\"inputResponses\" must be an object.");
        wanted.responses = *responses;
    }
    auto found = co_await ask_for_task(slot, std::move(wanted));
    if (!found) co_return fail(found.failure());
    co_return with(std::move(found).value());
}

} // namespace

std::string created_task(const task_record& t) {
    json::writer out;
    out.begin_object();
    write_basics(out, t);
    out.end_object();
    return out.take();
}

// detailed_task() writes the one member that its state has: result, error or inputRequests.
std::string detailed_task(const task_record& t) {
    json::writer out;
    out.begin_object();
    write_basics(out, t);
    if (t.status == task_record::state::completed) out.member_raw("result", t.result);
    if (t.status == task_record::state::failed) out.member_raw("error", t.error);
    if (t.status == task_record::state::input_required) {
        out.key("inputRequests").begin_object();
        for (const auto& q : t.questions) {
            out.key(q.key).begin_object().member("method", q.method);
            out.member("params", q.params).end_object();
        }
        out.end_object();
    }
    out.end_object();
    return out.take();
}

// SEP-2663, tasks/update: answers may come one by one. An answer of a wrong shape leaves its
// question open, as usable_answer() says for every way of asking.
bool take_answers(task_record& t, const json::value& responses) {
    std::erase_if(t.questions, [&](const input_request& q) {
        const auto* answer = responses.find(q.key);
        if (!answer || !usable_answer(q, *answer)) return false;
        t.answers.set(q.key, *answer);
        return true;
    });
    return t.questions.empty();
}

bool client_takes_tasks(const call_slot& slot) {
    if (slot.request->era != era::stateless) return false;
    const auto* declared =
        slot.request->params.at("_meta", meta::client_capabilities, "extensions", tasks_extension);
    return declared && declared->is_object();
}

void require_tasks(const call_slot& slot) {
    if (client_takes_tasks(slot)) return;
    json::writer out;
    out.begin_object().key("extensions").begin_object();
    out.member_raw(tasks_extension, "{}").end_object().end_object();
    throw missing_capability{out.take()};
}

async<result<done>> become_task(call_slot& slot) {
    if (!client_takes_tasks(slot))
        co_return error(errc::unsupported, "This request cannot become a task.");
    need what = need_task();
    need_awaiter<result<done>> wait(slot, std::move(what));
    auto begun = co_await wait;
    // slot.is_task says that nobody waits for a response any more: answer_of() keeps the tool's
    // result for the task, and ask_client() suspends the call in place of ending it.
    slot.is_task = begun.ok();
    co_return begun;
}

async<outcome> get_task(call_slot& slot, const incoming& m, const call_context&) {
    return task_method(slot, m, need_task_record::kind::get);
}

async<outcome> update_task(call_slot& slot, const incoming& m, const call_context&) {
    return task_method(slot, m, need_task_record::kind::update);
}

async<outcome> cancel_task(call_slot& slot, const incoming& m, const call_context&) {
    return task_method(slot, m, need_task_record::kind::cancel);
}

} // namespace mcp
