#include "mcp/interaction.hpp"

#include "mcp/protocol.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mcp {

namespace {

constexpr std::string_view elicit = "elicitation/create";

constexpr std::array<std::string_view, 8> log_levels = {"debug", "info",     "notice", "warning",
                                                        "error", "critical", "alert",  "emergency"};

// The capability that each question needs, once.
struct question_kind {
    std::string_view method;
    std::string_view capability;
};
constexpr question_kind kinds[] = {
    {elicit, "elicitation"}, {"sampling/createMessage", "sampling"}, {"roots/list", "roots"}};

std::string_view capability_for(std::string_view method) {
    for (const auto& kind : kinds)
        if (kind.method == method) return kind.capability;
    return {};
}

bool stateless(const call_slot& slot) { return slot.request->era == era::stateless; }

const json::value* meta_of(const call_slot& slot) { return slot.request->params.find("_meta"); }

// MCP 2025-11-25, elicitation: {} means forms; {"url":{}} alone does not.
bool offers_forms(const json::value& elicitation) {
    return !elicitation.find("url") || elicitation.find("form");
}

} // namespace

void report_progress(call_slot& slot, std::int64_t done, std::optional<std::int64_t> total,
                     std::string_view message) {
    // MCP, progress: a token is a string or an integer.
    const auto* token = meta_of(slot) ? meta_of(slot)->find("progressToken") : nullptr;
    if (!slot.out || !token || !(token->is_string() || token->as_int())) return;
    json::writer out;
    out.begin_object().member("jsonrpc", "2.0").member("method", "notifications/progress");
    out.key("params").begin_object().member("progressToken", *token).member("progress", done);
    if (total) out.member("total", *total);
    if (!message.empty()) out.member("message", message);
    out.end_object().end_object();
    slot.out->notify(out.take());
}

bool is_log_level(std::string_view name) noexcept {
    return std::find(log_levels.begin(), log_levels.end(), name) != log_levels.end();
}

void log_to_client(call_slot& slot, const call_context& context, std::string_view level,
                   std::string_view logger, std::string_view data) {
    if (!slot.out || !context.catalogue->logging()) return;
    // MCP 2026-07-28: only a request that names a level is logged to. A session gets everything
    // until it says otherwise.
    std::string_view least = context.session.log_level;
    if (stateless(slot)) {
        least = meta_of(slot)->text(meta::log_level);
        if (!is_log_level(least)) return;
    }
    const auto rank = [](std::string_view name) {
        return std::find(log_levels.begin(), log_levels.end(), name) - log_levels.begin();
    };
    if (!least.empty() && rank(level) < rank(least)) return;
    json::writer out;
    out.begin_object().member("jsonrpc", "2.0").member("method", "notifications/message");
    out.key("params").begin_object().member("level", level);
    if (!logger.empty()) out.member("logger", logger);
    out.member_raw("data", data).end_object().end_object();
    slot.out->notify(out.take());
}

bool client_answers(const call_slot& slot, const call_context& context, std::string_view method) {
    const auto name = capability_for(method);
    // Under MCP 2026-07-28 each request declares what its client can be asked. A session has said
    // so in initialize, and a question to it is a request on the call's stream, so that needs a
    // stream.
    json::value declared;
    if (stateless(slot)) {
        if (const auto* found = meta_of(slot)->find(meta::client_capabilities)) declared = *found;
    } else if (slot.out) {
        auto read = json::parse(context.session.client_capabilities);
        if (read) declared = std::move(read).value();
    }
    const auto* capability = declared.find(name);
    if (!capability || !capability->is_object()) return false;
    return method != elicit || offers_forms(*capability);
}

void require_client(const call_slot& slot, const call_context& context, std::string_view method) {
    if (client_answers(slot, context, method)) return;
    json::writer out;
    out.begin_object().member_raw(capability_for(method), "{}").end_object();
    throw missing_capability{out.take()};
}

bool usable_answer(const input_request& question, const json::value& answer) {
    if (!answer.is_object()) return false;
    if (question.method != elicit) return true;
    const auto action = answer.text("action");
    const auto* content = answer.find("content");
    if (content && !content->is_object() && !content->is_null()) return false;
    return action == "accept" || action == "decline" || action == "cancel";
}

async<result<json::value>> ask_client(call_slot& slot, const call_context& context,
                                      std::vector<input_request> questions) {
    for (const auto& q : questions)
        if (!client_answers(slot, context, q.method))
            co_return error(errc::unsupported, "This client cannot be asked: it did not declare "
                                               "the capability " +
                                                   std::string(capability_for(q.method)) + ".");
    if (questions.empty()) co_return json::value(json::object{});
    // A task is asked like a session: its client answers with tasks/update (SEP-2663), and nothing
    // could be repeated, for the request has had its answer.
    if (!stateless(slot) || slot.is_task) {
        need what = need_input(std::move(questions));
        need_awaiter<result<json::value>> wait(slot, std::move(what));
        co_return co_await wait;
    }
    // MCP 2026-07-28, multi-round trips: what an earlier round answered is in `slot.answers`. What
    // is missing unwinds the call; the client repeats it from its start with the answers.
    json::object given;
    for (const auto& q : questions) {
        const auto* answer = slot.answers.find(q.key);
        // An answer of a wrong shape does not fail the call: its question is asked again.
        if (!answer || !usable_answer(q, *answer)) continue;
        given.set(q.key, *answer);
        slot.answered.push_back(q.key);
    }
    if (given.size() < questions.size()) {
        std::erase_if(questions, [&](const auto& q) { return given.contains(q.key); });
        throw input_required{std::move(questions)};
    }
    co_return json::value(std::move(given));
}

input_request form(std::string key, std::string message, json::value schema) {
    input_request out;
    out.key = std::move(key);
    out.method = elicit;
    out.params = json::make({{"mode", "form"},
                             {"message", std::move(message)},
                             {"requestedSchema", std::move(schema)}});
    return out;
}

async<verdict> confirm(call_slot& slot, const call_context& context, std::string question,
                       std::string key) {
    json::value yes = json::make({{"type", "boolean"}, {"title", "Yes, do it"}});
    json::value schema = json::make({{"type", "object"},
                                     {"properties", json::make({{"confirm", std::move(yes)}})},
                                     {"required", json::list({"confirm"})}});
    std::vector<input_request> questions;
    questions.push_back(form(key, std::move(question), std::move(schema)));
    auto answers = co_await ask_client(slot, context, std::move(questions));
    if (!answers) co_return verdict::impossible;
    const auto* said = answers->find(key);
    // MCP 2025-06-18, elicitation: "cancel" is no explicit choice.
    if (said && said->text("action") == "cancel") co_return verdict::cancelled;
    // Declined is final: nobody is asked twice (MCP 2026-07-28, MRTR).
    const bool yes_said = said && said->text("action") == "accept" && said->find("content") &&
                          said->find("content")->flag("confirm");
    co_return yes_said ? verdict::accepted : verdict::declined;
}

} // namespace mcp
