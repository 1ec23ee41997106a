// The method table and what surrounds every method: eras, envelopes, decorations.
#include "mcp/failure.hpp"
#include "mcp/interaction.hpp"
#include "mcp/message.hpp"
#include "mcp/methods.hpp"
#include "mcp/protocol.hpp"
#include "mcp/request_state.hpp"

#include <utility>

namespace mcp {

namespace {

struct method {
    std::string_view name;
    bool in_session = false;
    bool in_stateless = false;
    method_handler run = nullptr;
    // May answer input_required (MCP 2026-07-28, multi-round requests).
    bool may_ask = false;
    // Offered only by catalogues that have it; null: always.
    bool (*offered)(const catalogue&) = nullptr;
    // Changes what the session of its client remembers.
    bool of_session = false;
};

bool has_completions(const catalogue& c) { return c.complete() != nullptr; }
bool has_logging(const catalogue& c) { return c.logging(); }
bool has_subscriptions(const catalogue& c) { return c.subscribable(); }
bool has_tasks(const catalogue& c) { return c.tasks(); }
bool has_prompts(const catalogue& c) { return !c.prompts().empty(); }
bool has_resources(const catalogue& c) { return !c.resources().empty(); }
bool has_skills(const catalogue& c) { return c.skills() != nullptr; }

// A method that an era lacks is unknown there. MCP 2026-07-28 took initialize, ping,
// logging/setLevel and resources/(un)subscribe away, and brought server/discover,
// subscriptions/listen and the tasks. Three methods may answer input_required, and no other.
constexpr method methods[] = {
    {"initialize", true, false, initialize},
    {"ping", true, false, ping},
    {"server/discover", false, true, discover},
    {"logging/setLevel", true, false, set_log_level, false, has_logging, true},
    {"tools/list", true, true, list_tools},
    {"tools/call", true, true, call_tool, true},
    {"resources/list", true, true, list_resources, false, has_resources},
    {"resources/templates/list", true, true, list_templates, false, has_resources},
    {"resources/read", true, true, read_resource, true, has_resources},
    {"resources/subscribe", true, false, subscribe, false, has_subscriptions, true},
    {"resources/unsubscribe", true, false, unsubscribe, false, has_subscriptions, true},
    {"resources/directory/read", true, true, read_directory, false, has_skills},
    {"subscriptions/listen", false, true, listen},
    {"prompts/list", true, true, list_prompts, false, has_prompts},
    {"prompts/get", true, true, get_prompt, true, has_prompts},
    {"skills/list", true, true, list_skills, false, has_skills},
    {"skills/get", true, true, get_skill, false, has_skills},
    {"tasks/get", false, true, get_task, false, has_tasks},
    {"tasks/update", false, true, update_task, false, has_tasks},
    {"tasks/cancel", false, true, cancel_task, false, has_tasks},
    {"completion/complete", true, true, complete, false, has_completions},
};

const method* find_method(std::string_view name, era speaks, const catalogue& offered) {
    for (const method& m : methods)
        if (m.name == name && (speaks == era::session ? m.in_session : m.in_stateless) &&
            (!m.offered || m.offered(offered)))
            return &m;
    return nullptr;
}

answer refused_answer(refusal refused, const incoming& m) {
    answer out;
    refused.id = m.id;
    out.http_status = refused.http_status;
    out.body = error_body(refused);
    return out;
}

// MCP 2026-07-28: -32021 with HTTP 400. A session has no such code.
refusal incapable(const missing_capability& missing, era speaks) {
    json::writer data;
    data.begin_object().member_raw("requiredCapabilities", missing.required).end_object();
    const bool stateless = speaks == era::stateless;
    return refuse(stateless ? 400 : 200,
                  stateless ? code::missing_capability : code::invalid_request,
                  "This needs a client that can be asked.", {}, data.take());
}

} // namespace

std::string_view known_method(std::string_view name) noexcept {
    for (const method& m : methods)
        if (m.name == name) return m.name;
    return {};
}

outcome with(std::string result) {
    outcome out;
    out.result = std::move(result);
    return out;
}

outcome with(std::string result, std::int64_t ttl_ms) {
    outcome out = with(std::move(result));
    cache_hint hint;
    hint.ttl_ms = ttl_ms;
    out.cache = hint;
    return out;
}

outcome with_list(const std::string& of_catalogue, std::int64_t ttl_ms) {
    outcome out = with({}, ttl_ms);
    out.listed = of_catalogue;
    return out;
}

outcome fail(int error_code, std::string message, std::string data, int status) {
    outcome out;
    out.refused = refuse(status, error_code, std::move(message), {}, std::move(data));
    return out;
}

outcome fail(const error& why, std::string data) {
    auto out = fail(rpc_code(why.code), why.message, std::move(data));
    out.error = to_string(why.code);
    return out;
}

namespace {

// Why no method can run for this message; nullopt: `wanted` can.
std::optional<refusal> not_served(const method* wanted, const incoming& message,
                                  const call_context& context) {
    // MCP 2026-07-28: an unknown or removed method is 404 as well.
    if (!wanted)
        return refuse(message.era == era::stateless ? 404 : 200, code::method_not_found,
                      "Method not found.");
    // MCP 2025-11-25, session management: a message of no session is told that it lacks one. All
    // clients that send no id share one session; a level set there would be everybody's, and no
    // stream could carry what was subscribed to.
    if (wanted->of_session && !context.in_session)
        return refuse(400, code::bad_http, "This needs a session: send the Mcp-Session-Id header.");
    return std::nullopt;
}

// An error of the tool was told by its method, any other is in `done`.
void tell_error(const outcome& done, call_report& told) {
    if (done.refused && !done.error.empty())
        told.error = done.error;
    else if (done.refused)
        told.error = std::to_string(done.refused->code);
}

// answer_of() makes the answer to a message of what its method came to.
answer answer_of(outcome done, call_slot& slot, const incoming& message,
                 const call_context& context) {
    tell_error(done, slot.told);
    answer out = std::move(done.effects);
    if (slot.is_task) { // tasks/get gives the result; nobody waits for a response
        out.task_result = std::move(done.result);
        if (done.refused) out.task_error = error_object(*done.refused);
        return out;
    }
    if (done.refused) {
        auto refused = refused_answer(std::move(*done.refused), message);
        refused.insufficient_scope = out.insufficient_scope;
        return refused;
    }
    const auto& server =
        done.introduces ? context.catalogue->introduction() : context.catalogue->server_info();
    const auto plain = done.listed.empty() ? std::string_view(done.result) : done.listed;
    // A result of the session era goes out as it is.
    if (message.era == era::session)
        out.body = result_body(message.id, plain);
    else
        out.body =
            result_body(message.id, decorate(plain, server, message.era, done.type, done.cache));
    return out;
}

} // namespace

// A call goes one way through handle() and has one of four ends: the method's outcome, questions to
// the client (input_required), a client that cannot be asked (missing_capability), or a fault of
// ours. The first three are answers of the protocol; tools throw the second and the third from any
// depth. `message` lives in this coroutine, so that slot.request holds for all coroutines below.
async<answer> handle(call_slot& slot, incoming message, const call_context& context) {
    if (message.what != incoming::kind::request) {
        answer accepted; // MCP: notifications and responses get 202 and no body
        accepted.http_status = 202;
        co_return accepted;
    }
    slot.request = &message;
    slot.context = &context;
    const method* wanted = find_method(message.method, message.era, *context.catalogue);
    if (wanted) slot.told.method = wanted->name;
    outcome done;
    done.refused = not_served(wanted, message, context);
    if (done.refused) co_return answer_of(std::move(done), slot, message, context);
    try {
        bool answerable = true;
        // MCP 2026-07-28, multi-round trips: the call runs from its start again, and finds what
        // earlier rounds were answered.
        if (wanted->may_ask && message.era == era::stateless) {
            auto answers = open_answers(message, context);
            answerable = answers.ok();
            if (answerable)
                slot.answers = std::move(answers).value();
            else
                done = fail(answers.failure());
        }
        if (answerable) done = co_await wanted->run(slot, message, context);
    } catch (const input_required& asked) {
        slot.told.asks = true;
        done = with(input_required_result(asked, slot, context));
        done.type = "input_required";
    } catch (const missing_capability& missing) {
        done.refused = incapable(missing, message.era);
    } catch (const std::exception&) {
        // A broken invariant of ours must cost one answer, not the session.
        done.refused = refuse(200, code::internal_error, "Internal error.");
    }
    co_return answer_of(std::move(done), slot, message, context);
}

} // namespace mcp
