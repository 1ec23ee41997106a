// The method table and what each method does. Everything that depends on the era is a column
// of the table or happens in decorate(); the handlers know neither.
#include "base/text.hpp"
#include "mcp/arguments.hpp"
#include "mcp/catalogue.hpp"
#include "mcp/failure.hpp"
#include "mcp/message.hpp"
#include "mcp/protocol.hpp"

#include <utility>

namespace mcp {

namespace {

// What a method's handler gives back: a result without decorations, or a refusal.
struct outcome {
    std::string result; // a JSON object
    std::optional<refusal> refused;
    std::optional<cache_hint> cache;
    std::optional<session_state> initialized;
    bool insufficient_scope = false;
};

using handler = task<outcome> (*)(exchange&, const incoming&, const call_context&);

struct method {
    std::string_view name;
    bool in_session = false;
    bool in_stateless = false;
    handler run = nullptr;
};

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

outcome fail(int error_code, std::string message, std::string data = {}, int status = 200) {
    outcome out;
    out.refused = refuse(status, error_code, std::move(message), {}, std::move(data));
    return out;
}

outcome fail(const error& why, std::string data = {}) {
    return fail(rpc_code(why.code), why.message, std::move(data));
}

constexpr std::int64_t list_ttl_ms = 300'000;

// -- Lifecycle ---------------------------------------------------------------------------------

task<std::string> instructions_for(exchange& slot, const call_context& context) {
    const auto write_them = context.catalogue->instructions();
    std::string text;
    if (write_them) text = co_await write_them(slot, context);
    co_return text;
}

task<outcome> initialize(exchange& slot, const incoming& m, const call_context& context) {
    const auto* requested = m.params.find("protocolVersion");
    if (!context.session.protocol_version.empty())
        co_return fail(code::invalid_request, "This session is already initialized.", {}, 400);
    if (!requested || !requested->is_string())
        co_return fail(code::invalid_params, "\"protocolVersion\" must be a string.");
    const auto version = negotiate(*requested->if_string());
    const std::string instructions = co_await instructions_for(slot, context);
    outcome out = with(initialize_result(version, *context.catalogue, instructions));
    out.initialized =
        describe_client(version, m.params.find("clientInfo"), m.params.find("capabilities"));
    co_return out;
}

task<outcome> discover(exchange& slot, const incoming&, const call_context& context) {
    const std::string instructions = co_await instructions_for(slot, context);
    co_return with(discover_result(*context.catalogue, instructions), list_ttl_ms);
}

task<outcome> ping(exchange&, const incoming&, const call_context&) { co_return with("{}"); }

// -- Lists -------------------------------------------------------------------------------------

// Every list is one page, so no cursor was ever handed out.
std::optional<outcome> refuse_cursor(const incoming& m) {
    const auto* cursor = m.params.find("cursor");
    if (!cursor || cursor->is_null()) return std::nullopt;
    return fail(code::invalid_params, "Unknown cursor: this list has one page.");
}

task<outcome> list_tools(exchange&, const incoming& m, const call_context& context) {
    if (auto refused = refuse_cursor(m)) co_return std::move(*refused);
    co_return with(context.catalogue->tools_list(context.may_write()), list_ttl_ms);
}

task<outcome> list_resources(exchange&, const incoming& m, const call_context& context) {
    if (auto refused = refuse_cursor(m)) co_return std::move(*refused);
    co_return with(context.catalogue->resources_list(), list_ttl_ms);
}

task<outcome> list_templates(exchange&, const incoming& m, const call_context& context) {
    if (auto refused = refuse_cursor(m)) co_return std::move(*refused);
    co_return with(context.catalogue->templates_list(), list_ttl_ms);
}

task<outcome> list_prompts(exchange&, const incoming& m, const call_context& context) {
    if (auto refused = refuse_cursor(m)) co_return std::move(*refused);
    co_return with(context.catalogue->prompts_list(), list_ttl_ms);
}

// -- Tools -------------------------------------------------------------------------------------

std::string render(const tool_result& r) {
    json::writer out;
    out.reserve(2 * (r.structured.size() + r.content.size()) + 128);
    out.begin_object().key("content");
    if (r.content.empty()) {
        out.begin_array().begin_object().member("type", "text");
        out.member("text", std::string_view(r.structured)).end_object().end_array();
    } else {
        out.raw(r.content);
    }
    if (!r.structured.empty() && !r.is_error) out.member_raw("structuredContent", r.structured);
    if (r.is_error) out.member("isError", true);
    out.end_object();
    return out.take();
}

std::string unknown_tool(std::string_view name, const catalogue& offered) {
    std::vector<std::string> names;
    for (const tool& t : offered.tools())
        names.emplace_back(t.name);
    const auto near = text::nearest(name, names);
    const auto shown = text::without_invisible(text::cut_utf8(name, 40), false);
    std::string message = "Unknown tool \"" + shown + "\".";
    if (!near.empty()) message += " Nearest names: " + text::join(near, ", ") + ".";
    return message;
}

task<outcome> call_tool(exchange& slot, const incoming& m, const call_context& context) {
    const auto* name = m.params.find("name");
    if (!name || !name->is_string())
        co_return fail(code::invalid_params, "\"name\" must be a string: the tool to call.");
    const tool* wanted = context.catalogue->find_tool(*name->if_string());
    if (!wanted)
        co_return fail(code::invalid_params, unknown_tool(*name->if_string(), *context.catalogue));
    // Threat: a write tool called on a read grant. Defence: decided here from the table's
    // effect, before the tool sees anything; a 403 lets clients ask for more scope.
    if (is_write(wanted->what) && !context.may_write()) {
        outcome refused =
            fail(code::insufficient_scope,
                 "This connection is read-only; connect again with write access.", {}, 403);
        refused.insufficient_scope = true;
        co_return refused;
    }
    json::value arguments = json::object{};
    if (const auto* given = m.params.find("arguments"); given && !given->is_null())
        arguments = *given;
    auto checked = check_arguments(std::move(arguments), context.catalogue->input_schema(*wanted));
    if (!checked) co_return with(render(tool_failure(checked.failure())));
    json::value clean = std::move(checked).value();
    const tool_result done = co_await wanted->run(slot, std::move(clean), context);
    co_return with(render(done));
}

// -- Resources, prompts, completion ------------------------------------------------------------

task<outcome> read_resource(exchange& slot, const incoming& m, const call_context& context) {
    const auto* uri = m.params.find("uri");
    if (!uri || !uri->is_string())
        co_return fail(code::invalid_params, "\"uri\" must be a string.");
    json::writer data;
    data.begin_object().member("uri", std::string_view(*uri->if_string())).end_object();
    auto found = context.catalogue->find_resource(*uri->if_string());
    // MCP 2026-07-28, resources: an unknown URI is -32602 with the URI in data.
    if (!found) co_return fail(code::invalid_params, "Resource not found.", data.take());
    std::vector<std::string> parts = std::move(found->parts);
    auto content = co_await found->what->read(slot, std::move(parts), context);
    if (!content) co_return fail(content.failure(), data.take());
    json::writer out;
    out.reserve(content->text.size() + 256);
    out.begin_object().key("contents").begin_array().begin_object();
    out.member("uri", std::string_view(*uri->if_string()));
    out.member("mimeType", std::string_view(content->mime_type));
    out.member("text", std::string_view(content->text));
    out.end_object().end_array().end_object();
    co_return with(out.take(), found->what->cache.ttl_ms);
}

result<json::value> prompt_arguments(const prompt& p, const json::value* given) {
    if (given && !given->is_object() && !given->is_null())
        return error(errc::bad_request, "\"arguments\" must be an object of strings.");
    json::object clean;
    for (const prompt_argument& a : p.arguments) {
        const auto* v = given ? given->find(a.name) : nullptr;
        if (v && !v->is_string())
            return error(errc::bad_request, "\"" + std::string(a.name) + "\" must be a string.");
        if (v)
            clean.append(std::string(a.name), *v);
        else if (a.required)
            return error(errc::bad_request, "\"" + std::string(a.name) + "\" is required.");
    }
    return json::value(std::move(clean));
}

task<outcome> get_prompt(exchange& slot, const incoming& m, const call_context& context) {
    const prompt* wanted = context.catalogue->find_prompt(m.params.text("name"));
    if (!wanted) co_return fail(code::invalid_params, "Unknown prompt.");
    auto arguments = prompt_arguments(*wanted, m.params.find("arguments"));
    if (!arguments) co_return fail(arguments.failure());
    json::value clean = std::move(arguments).value();
    auto text = co_await wanted->run(slot, std::move(clean), context);
    if (!text) co_return fail(text.failure());
    json::writer out;
    out.begin_object().member("description", wanted->description).key("messages").begin_array();
    out.begin_object().member("role", "user").key("content").begin_object();
    out.member("type", "text").member("text", std::string_view(*text)).end_object();
    out.end_object().end_array().end_object();
    co_return with(out.take());
}

result<completion_request> read_completion(const json::value& params) {
    completion_request wanted;
    const auto* ref = params.find("ref");
    const auto* argument = params.find("argument");
    if (!ref || !argument || !argument->is_object())
        return error(errc::bad_request, "\"ref\" and \"argument\" must be objects.");
    wanted.for_prompt = ref->text("type") == "ref/prompt";
    if (!wanted.for_prompt && ref->text("type") != "ref/resource")
        return error(errc::bad_request, "\"ref.type\" must be ref/prompt or ref/resource.");
    wanted.ref = ref->text(wanted.for_prompt ? "name" : "uri");
    wanted.argument = argument->text("name");
    wanted.typed = argument->text("value");
    return wanted;
}

bool is_known_ref(const completion_request& wanted, const catalogue& offered) {
    if (wanted.for_prompt) return offered.find_prompt(wanted.ref) != nullptr;
    for (const resource& r : offered.resources())
        if (r.uri == wanted.ref) return true;
    return false;
}

task<outcome> complete(exchange& slot, const incoming& m, const call_context& context) {
    constexpr std::size_t most = 100; // MCP: at most 100 values
    const auto run = context.catalogue->complete();
    if (!run) co_return fail(code::method_not_found, "Completions are not offered.");
    auto wanted = read_completion(m.params);
    if (!wanted) co_return fail(wanted.failure());
    if (!is_known_ref(*wanted, *context.catalogue))
        co_return fail(code::invalid_params, "Unknown prompt or resource template.");
    completion_request asked = std::move(wanted).value();
    auto values = co_await run(slot, std::move(asked), context);
    if (!values) co_return fail(values.failure());
    json::writer out;
    out.begin_object().key("completion").begin_object().key("values").begin_array();
    for (std::size_t i = 0; i < values->size() && i < most; ++i)
        out.string((*values)[i]);
    out.end_array().member("total", values->size()).member("hasMore", values->size() > most);
    out.end_object().end_object();
    co_return with(out.take());
}

// -- The table ---------------------------------------------------------------------------------

constexpr method methods[] = {
    {"initialize", true, false, initialize},
    {"ping", true, false, ping},
    {"server/discover", false, true, discover},
    {"tools/list", true, true, list_tools},
    {"tools/call", true, true, call_tool},
    {"resources/list", true, true, list_resources},
    {"resources/templates/list", true, true, list_templates},
    {"resources/read", true, true, read_resource},
    {"prompts/list", true, true, list_prompts},
    {"prompts/get", true, true, get_prompt},
    {"completion/complete", true, true, complete},
};

const method* find_method(std::string_view name, era speaks) {
    for (const method& m : methods)
        if (m.name == name && (speaks == era::session ? m.in_session : m.in_stateless)) return &m;
    return nullptr;
}

answer refused_answer(refusal refused, const incoming& m) {
    answer out;
    refused.id = m.id;
    out.http_status = refused.http_status;
    out.body = error_body(refused);
    return out;
}

} // namespace

task<answer> handle(exchange& slot, incoming message, const call_context& context) {
    if (message.what != incoming::kind::request) {
        answer accepted; // MCP: notifications and responses get 202 and no body
        accepted.http_status = 202;
        co_return accepted;
    }
    const method* wanted = find_method(message.method, message.era);
    if (!wanted) {
        // MCP 2026-07-28: an unknown or removed method is 404 as well.
        const int status = message.era == era::stateless ? 404 : 200;
        co_return refused_answer(refuse(status, code::method_not_found, "Method not found."),
                                 message);
    }
    outcome done;
    try {
        done = co_await wanted->run(slot, message, context);
    } catch (const std::exception&) {
        // A broken invariant of ours must cost one answer, not the session.
        done.refused = refuse(200, code::internal_error, "Internal error.");
    }
    if (done.refused) {
        answer out = refused_answer(std::move(*done.refused), message);
        out.insufficient_scope = done.insufficient_scope;
        co_return out;
    }
    answer out;
    out.initialized = std::move(done.initialized);
    const std::string result = decorate(std::move(done.result), message.era, done.cache);
    out.body = result_body(message.id, result);
    co_return out;
}

} // namespace mcp
