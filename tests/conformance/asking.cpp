#include "tests/conformance/fixtures.hpp"

#include "mcp/interaction.hpp"

namespace conformance {

namespace {

using mcp::async;
using mcp::call_context;
using mcp::call_slot;
using mcp::input_request;
using mcp::tool_result;

json::value parsed(std::string_view text) { return json::parse(text).value(); }

input_request name_form(std::string key, std::string message, std::string_view property) {
    json::object properties;
    properties.set(std::string(property), json::make({{"type", "string"}}));
    return mcp::form(std::move(key), std::move(message),
                     json::make({{"type", "object"},
                                 {"properties", std::move(properties)},
                                 {"required", json::list({property})}}));
}

input_request sampling(std::string key, std::string_view prompt) {
    input_request out;
    out.key = std::move(key);
    out.method = "sampling/createMessage";
    json::value content = json::make({{"type", "text"}, {"text", prompt}});
    json::value message = json::make({{"role", "user"}, {"content", std::move(content)}});
    out.params = json::make({{"messages", json::list({std::move(message)})}, {"maxTokens", 100}});
    return out;
}

input_request roots(std::string key) {
    input_request out;
    out.key = std::move(key);
    out.method = "roots/list";
    out.params = json::object{};
    return out;
}

std::string said(const json::value& answers, std::string_view key, std::string_view property) {
    const auto* content = answers.at(key, "content");
    return content ? std::string(content->text(property)) : std::string();
}

std::string sampled(const json::value& answers, std::string_view key) {
    const auto* content = answers.at(key, "content");
    return content ? std::string(content->text("text")) : std::string();
}

// Asks and shows what came back, whatever it is.
async<tool_result> ask_and_show(call_slot& slot, const call_context& context, input_request q,
                                std::string before) {
    const std::string key = q.key;
    std::vector<input_request> questions;
    questions.push_back(std::move(q));
    auto answers = co_await mcp::ask_client(slot, context, std::move(questions));
    if (!answers) {
        auto out = text_result(answers.failure().message);
        out.is_error = true;
        co_return out;
    }
    const auto* answer = answers->find(key);
    const auto* content = answer->at("content", "text");
    co_return text_result(
        before + (content && content->is_string() ? *content->if_string() : json::dump(*answer)));
}

async<tool_result> sample(call_slot& slot, json::value arguments, const call_context& context) {
    return ask_and_show(slot, context, sampling("sample", arguments.text("prompt")),
                        "LLM response: ");
}

async<tool_result> elicit(call_slot& slot, json::value arguments, const call_context& context) {
    json::value schema = parsed(
        R"({"type":"object","properties":{"username":{"type":"string","description":)"
        R"("User's response"},"email":{"type":"string","description":"User's email address"}},)"
        R"("required":["username","email"]})");
    return ask_and_show(
        slot, context, mcp::form("user", std::string(arguments.text("message")), std::move(schema)),
        "User response: ");
}

async<tool_result> elicit_defaults(call_slot& slot, json::value, const call_context& context) {
    json::value schema = parsed(
        R"({"type":"object","properties":{"name":{"type":"string","default":"John Doe"},"age":)"
        R"({"type":"integer","default":30},"score":{"type":"number","default":95.5},"status":)"
        R"({"type":"string","enum":["active","inactive","pending"],"default":"active"},)"
        R"("verified":{"type":"boolean","default":true}}})");
    return ask_and_show(slot, context,
                        mcp::form("user", "Please review the defaults", std::move(schema)),
                        "Elicitation completed: ");
}

async<tool_result> elicit_enums(call_slot& slot, json::value, const call_context& context) {
    json::value schema = parsed(
        R"({"type":"object","properties":{"untitledSingle":{"type":"string","enum":["option1",)"
        R"("option2","option3"]},"titledSingle":{"type":"string","oneOf":[{"const":"value1",)"
        R"("title":"First Option"},{"const":"value2","title":"Second Option"},{"const":"value3",)"
        R"("title":"Third Option"}]},"legacyEnum":{"type":"string","enum":["opt1","opt2","opt3"],)"
        R"("enumNames":["Option One","Option Two","Option Three"]},"untitledMulti":{"type":"array",)"
        R"("items":{"type":"string","enum":["option1","option2","option3"]}},"titledMulti":{"type":)"
        R"("array","items":{"anyOf":[{"const":"value1","title":"First Choice"},{"const":"value2",)"
        R"("title":"Second Choice"},{"const":"value3","title":"Third Choice"}]}}}})");
    return ask_and_show(slot, context, mcp::form("user", "Please choose", std::move(schema)),
                        "Elicitation completed: ");
}

async<tool_result> missing_capability(call_slot& slot, json::value, const call_context& context) {
    mcp::require_client(slot, context, "sampling/createMessage");
    return ask_and_show(slot, context, sampling("sample", "Say hello"), "LLM response: ");
}

// -- Multi-round requests (2026-07-28) ---------------------------------------------------------

async<tool_result> greet_user(call_slot& slot, json::value, const call_context& context) {
    std::vector<input_request> questions;
    questions.push_back(name_form("user_name", "What is your name?", "name"));
    auto answers = co_await mcp::ask_client(slot, context, std::move(questions));
    if (!answers) co_return text_result(answers.failure().message);
    co_return text_result("Hello, " + said(*answers, "user_name", "name") + "!");
}

async<tool_result> ask_capital(call_slot& slot, json::value, const call_context& context) {
    std::vector<input_request> questions;
    questions.push_back(sampling("capital_question", "What is the capital of France?"));
    auto answers = co_await mcp::ask_client(slot, context, std::move(questions));
    if (!answers) co_return text_result(answers.failure().message);
    co_return text_result("The model said: " + sampled(*answers, "capital_question"));
}

async<tool_result> ask_roots(call_slot& slot, json::value, const call_context& context) {
    std::vector<input_request> questions;
    questions.push_back(roots("client_roots"));
    auto answers = co_await mcp::ask_client(slot, context, std::move(questions));
    if (!answers) co_return text_result(answers.failure().message);
    co_return text_result("Roots: " + json::dump(*answers->find("client_roots")));
}

async<tool_result> with_state(call_slot& slot, json::value, const call_context& context) {
    json::value schema =
        parsed(R"({"type":"object","properties":{"ok":{"type":"boolean"}},"required":["ok"]})");
    std::vector<input_request> questions;
    questions.push_back(mcp::form("confirm", "Please confirm", std::move(schema)));
    auto answers = co_await mcp::ask_client(slot, context, std::move(questions));
    if (!answers) co_return text_result(answers.failure().message);
    co_return text_result("Confirmed, state-ok");
}

async<tool_result> several_inputs(call_slot& slot, json::value, const call_context& context) {
    std::vector<input_request> questions;
    questions.push_back(name_form("user_name", "What is your name?", "name"));
    questions.push_back(sampling("greeting", "Generate a greeting"));
    questions.push_back(roots("client_roots"));
    auto answers = co_await mcp::ask_client(slot, context, std::move(questions));
    if (!answers) co_return text_result(answers.failure().message);
    co_return text_result(sampled(*answers, "greeting") + " " +
                          said(*answers, "user_name", "name") + ", " +
                          json::dump(*answers->find("client_roots")));
}

async<tool_result> several_rounds(call_slot& slot, json::value, const call_context& context) {
    std::vector<input_request> first;
    first.push_back(name_form("step1", "Step 1: What is your name?", "name"));
    auto name = co_await mcp::ask_client(slot, context, std::move(first));
    if (!name) co_return text_result(name.failure().message);
    std::vector<input_request> second;
    second.push_back(name_form("step2", "Step 2: What is your favourite colour?", "color"));
    auto colour = co_await mcp::ask_client(slot, context, std::move(second));
    if (!colour) co_return text_result(colour.failure().message);
    co_return text_result(said(*name, "step1", "name") + " likes " +
                          said(*colour, "step2", "color"));
}

// Asks only for what the client declared.
async<tool_result> by_capability(call_slot& slot, json::value, const call_context& context) {
    std::vector<input_request> all;
    all.push_back(name_form("user_name", "What is your name?", "name"));
    all.push_back(sampling("greeting", "Generate a greeting"));
    all.push_back(roots("client_roots"));
    std::erase_if(
        all, [&](const input_request& q) { return !mcp::client_answers(slot, context, q.method); });
    if (all.empty()) co_return text_result("Nothing can be asked.");
    auto answers = co_await mcp::ask_client(slot, context, std::move(all));
    if (!answers) co_return text_result(answers.failure().message);
    co_return text_result("Got " + json::dump(*answers));
}

constexpr std::string_view prompt_schema =
    R"({"type":"object","properties":{"prompt":{"type":"string"}},"required":["prompt"]})";
constexpr std::string_view message_schema =
    R"({"type":"object","properties":{"message":{"type":"string"}},"required":["message"]})";

} // namespace

std::vector<mcp::tool> asking_tools() {
    return {
        tool_of("test_sampling", "Asks the client's model.", sample, prompt_schema),
        tool_of("test_elicitation", "Asks the person.", elicit, message_schema),
        tool_of("test_elicitation_sep1034_defaults", "Asks with defaults.", elicit_defaults),
        tool_of("test_elicitation_sep1330_enums", "Asks with choices.", elicit_enums),
        tool_of("test_missing_capability", "Needs sampling.", missing_capability),
        tool_of("test_streaming_elicitation", "Asks without ever streaming a request.", greet_user),
        tool_of("test_input_required_result_elicitation", "Asks for a name.", greet_user),
        tool_of("test_input_required_result_sampling", "Asks for a capital.", ask_capital),
        tool_of("test_input_required_result_list_roots", "Asks for roots.", ask_roots),
        tool_of("test_input_required_result_request_state", "Keeps state with the client.",
                with_state),
        tool_of("test_input_required_result_multiple_inputs", "Asks three things at once.",
                several_inputs),
        tool_of("test_input_required_result_multi_round", "Asks twice.", several_rounds),
        tool_of("test_input_required_result_tampered_state", "Notices altered state.", with_state),
        tool_of("test_input_required_result_capabilities", "Asks what it may ask.", by_capability),
    };
}

} // namespace conformance
