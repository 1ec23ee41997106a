#include "tests/conformance/fixtures.hpp"

#include "mcp/interaction.hpp"
#include "mcp/tasks.hpp"

namespace conformance {

namespace {

using mcp::async;
using mcp::call_context;
using mcp::call_slot;
using mcp::tool_result;

async<done> pause(call_slot& slot, std::chrono::milliseconds time) {
    mcp::need what = mcp::need_pause(time);
    mcp::need_awaiter<result<done>> wait(slot, std::move(what));
    (void)co_await wait;
    co_return done{};
}

async<tool_result> greet(call_slot&, json::value arguments, const call_context&) {
    co_return text_result("Hello, " + std::string(arguments.text("name")) + "!");
}

async<tool_result> slow_compute(call_slot& slot, json::value arguments, const call_context&) {
    const auto* seconds = arguments.find("seconds");
    const auto time = std::chrono::seconds(seconds ? seconds->as_int().value_or(0) : 0);
    (void)co_await mcp::become_task(slot); // a client without the extension waits for the result
    (void)co_await pause(slot, time);
    co_return text_result("Computed " + std::string(arguments.text("label")));
}

async<tool_result> failing_job(call_slot& slot, json::value, const call_context&) {
    mcp::require_tasks(slot);
    (void)co_await mcp::become_task(slot);
    (void)co_await pause(slot, std::chrono::seconds(1));
    auto out = text_result("The job failed.");
    out.is_error = true;
    co_return out;
}

async<tool_result> protocol_error_job(call_slot& slot, json::value, const call_context&) {
    (void)co_await mcp::become_task(slot);
    (void)co_await pause(slot, std::chrono::milliseconds(100));
    throw std::runtime_error("a broken invariant");
}

mcp::input_request yes_or_no(std::string key, std::string message) {
    json::value schema =
        json::make({{"type", "object"},
                    {"properties", json::make({{"confirm", json::make({{"type", "boolean"}})}})},
                    {"required", json::list({"confirm"})}});
    return mcp::form(std::move(key), std::move(message), std::move(schema));
}

async<tool_result> confirm_delete(call_slot& slot, json::value arguments,
                                  const call_context& context) {
    const std::string file(arguments.text("filename"));
    (void)co_await mcp::become_task(slot);
    const auto said = co_await mcp::confirm(slot, context, "Delete " + file + "?");
    co_return text_result(said == mcp::verdict::accepted ? "Deleted " + file : "Kept " + file);
}

async<tool_result> multi_input(call_slot& slot, json::value, const call_context& context) {
    (void)co_await mcp::become_task(slot);
    std::vector<mcp::input_request> questions;
    questions.push_back(yes_or_no("first", "The first?"));
    questions.push_back(yes_or_no("second", "The second?"));
    auto answers = co_await mcp::ask_client(slot, context, std::move(questions));
    if (!answers) co_return text_result(answers.failure().message);
    co_return text_result("Got " + json::dump(*answers));
}

// A question before it becomes a task.
async<tool_result> with_task(call_slot& slot, json::value, const call_context& context) {
    mcp::require_tasks(slot);
    json::value schema =
        json::make({{"type", "object"},
                    {"properties", json::make({{"name", json::make({{"type", "string"}})}})},
                    {"required", json::list({"name"})}});
    std::vector<mcp::input_request> questions;
    questions.push_back(mcp::form("user_name", "What is your name?", std::move(schema)));
    auto answers = co_await mcp::ask_client(slot, context, std::move(questions));
    if (!answers) co_return text_result(answers.failure().message);
    (void)co_await mcp::become_task(slot);
    (void)co_await pause(slot, std::chrono::milliseconds(200));
    const auto* content = answers->at("user_name", "content");
    co_return text_result("Done for " + std::string(content ? content->text("name") : ""));
}

} // namespace

std::vector<mcp::tool> task_tools() {
    return {
        tool_of("greet", "Greets; never a task.", greet,
                R"({"type":"object","properties":{"name":{"type":"string"}},"required":["name"]})"),
        tool_of("slow_compute", "Takes its time.", slow_compute,
                R"({"type":"object","properties":{"seconds":{"type":"number"},"label":)"
                R"({"type":"string"}}})"),
        tool_of("failing_job", "A task that fails.", failing_job),
        tool_of("protocol_error_job", "A task that breaks.", protocol_error_job),
        tool_of("confirm_delete", "A task with a question.", confirm_delete,
                R"({"type":"object","properties":{"filename":{"type":"string"}}})"),
        tool_of("multi_input", "A task with two questions.", multi_input),
        tool_of("test_tool_with_task", "A question, then a task.", with_task),
    };
}

} // namespace conformance
