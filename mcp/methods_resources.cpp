// Resources, subscriptions, prompts and completions.
#include "base/text.hpp"
#include "mcp/failure.hpp"
#include "mcp/methods.hpp"

#include <algorithm>

namespace mcp {

namespace {

outcome not_a_resource(std::string_view uri) {
    json::writer data;
    data.begin_object().member("uri", text::without_invisible(uri, false)).end_object();
    // MCP 2026-07-28, resources: an unknown URI is -32602 with the URI in data.
    return fail(code::invalid_params, "Resource not found.", data.take());
}

// Threat: templates match nearly anything, and subscriptions are stored with the session. Defence:
// is_storable() takes only what a URI of ours may look like. A line end in one would make two of
// it, because they are stored one a line (store/sessions).
bool is_storable(std::string_view uri) {
    constexpr std::size_t longest = 512;
    return uri.size() <= longest &&
           std::ranges::all_of(uri, [](unsigned char c) { return c > ' ' && c != 0x7F; });
}

outcome edit_subscription(const incoming& m, const call_context& context, bool on) {
    const auto* uri = m.params.find("uri");
    if (!uri || !uri->is_string()) return fail(code::invalid_params, "\"uri\" must be a string.");
    if (!is_storable(*uri->if_string()) || !context.catalogue->find_resource(*uri->if_string()))
        return not_a_resource(*uri->if_string());
    outcome out = with("{}");
    out.effects.subscription = subscription_edit{*uri->if_string(), on};
    return out;
}

// Threat: a connection subscribes to what it may not read and learns that it exists and changes.
// Defence: the same question as for reading; a hidden resource looks like none.
async<result<done>> may_read(call_slot& slot, const std::string& uri, const call_context& context) {
    auto found = context.catalogue->find_resource(uri);
    if (!found) co_return error(errc::not_found, "Resource not found.");
    if (!found->what->may_read) co_return done{};
    std::vector<std::string> parts = std::move(found->parts);
    auto may = co_await found->what->may_read(slot, std::move(parts), context);
    co_return may;
}

// MCP, prompts: the values of arguments are strings. prompt_arguments() drops what the prompt does
// not declare, so that a handler meets declared strings and nothing else.
result<json::value> prompt_arguments(const prompt& p, const json::value* given) {
    const auto* list = given ? given->if_array() : nullptr;
    const bool none = !given || given->is_null() || (list && list->empty());
    if (!none && !given->is_object())
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
    // Since MCP 2025-06-18 a client may say what it has filled in already.
    if (const auto* known = params.at("context", "arguments"); known && known->is_object())
        wanted.known = *known;
    return wanted;
}

bool is_known_ref(const completion_request& wanted, const catalogue& offered) {
    if (wanted.for_prompt) return offered.find_prompt(wanted.ref) != nullptr;
    for (const resource& r : offered.resources())
        if (r.uri == wanted.ref) return true;
    return false;
}

} // namespace

async<outcome> read_resource(call_slot& slot, const incoming& m, const call_context& context) {
    const auto* uri = m.params.find("uri");
    if (!uri || !uri->is_string())
        co_return fail(code::invalid_params, "\"uri\" must be a string.");
    auto found = context.catalogue->find_resource(*uri->if_string());
    if (!found) co_return not_a_resource(*uri->if_string());
    json::writer data;
    data.begin_object().member("uri", std::string_view(*uri->if_string())).end_object();
    std::vector<std::string> parts = std::move(found->parts);
    auto content = co_await found->what->read(slot, std::move(parts), context);
    if (!content) co_return fail(content.failure(), data.take());
    json::writer out;
    out.reserve(content->text.size() + 256);
    out.begin_object().key("contents").begin_array().begin_object();
    out.member("uri", std::string_view(*uri->if_string()));
    out.member("mimeType", std::string_view(content->mime_type));
    out.member(content->is_blob ? "blob" : "text", std::string_view(content->text));
    out.end_object().end_array().end_object();
    co_return with(out.take(), found->what->cache.ttl_ms);
}

async<outcome> subscribe(call_slot& slot, const incoming& m, const call_context& context) {
    outcome out = edit_subscription(m, context, true);
    if (!out.effects.subscription) co_return out;
    const auto may = co_await may_read(slot, out.effects.subscription->uri, context);
    if (!may) co_return fail(may.failure());
    co_return out;
}

// may_read() is not asked here: a connection must be able to let go of what it may not read any
// more.
async<outcome> unsubscribe(call_slot&, const incoming& m, const call_context& context) {
    co_return edit_subscription(m, context, false);
}

// MCP 2026-07-28, subscriptions/listen: the answer is a stream, which the runner begins. What may
// not be read is left out and no error: the stream's first message names what is honoured.
async<outcome> listen(call_slot& slot, const incoming& m, const call_context& context) {
    auto wanted = read_interest(m.params, *context.catalogue);
    if (!wanted) co_return fail(wanted.failure());
    interest honoured = std::move(wanted).value();
    std::vector<std::string> uris = std::move(honoured.uris);
    honoured.uris.clear();
    for (auto& uri : uris) {
        const auto may = co_await may_read(slot, uri, context);
        if (may) honoured.uris.push_back(std::move(uri));
    }
    outcome out = with("{}");
    out.effects.listen = std::move(honoured);
    co_return out;
}

async<outcome> get_prompt(call_slot& slot, const incoming& m, const call_context& context) {
    const prompt* wanted = context.catalogue->find_prompt(m.params.text("name"));
    if (!wanted) co_return fail(code::invalid_params, "Unknown prompt.");
    auto arguments = prompt_arguments(*wanted, m.params.find("arguments"));
    if (!arguments) co_return fail(arguments.failure());
    json::value clean = std::move(arguments).value();
    auto text = co_await wanted->run(slot, std::move(clean), context);
    if (!text) co_return fail(text.failure());
    json::writer out;
    out.begin_object().member("description", wanted->description).key("messages");
    if (text->messages.empty()) {
        out.begin_array().begin_object().member("role", "user").key("content").begin_object();
        out.member("type", "text").member("text", std::string_view(text->text)).end_object();
        out.end_object().end_array();
    } else {
        out.raw(text->messages);
    }
    out.end_object();
    co_return with(out.take());
}

async<outcome> complete(call_slot& slot, const incoming& m, const call_context& context) {
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

} // namespace mcp
