// tools/call.
#include "base/text.hpp"
#include "mcp/arguments.hpp"
#include "mcp/failure.hpp"
#include "mcp/methods.hpp"
#include "mcp/protocol.hpp"

#include <algorithm>

namespace mcp {

namespace {

// MCP 2025-06-18, tools: structuredContent has to fit the output schema, which the text of an error
// does not, so an error is text alone. A success is both: clients of earlier revisions know only
// the text.
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

const json::value* argument_at(const incoming& m, const std::vector<std::string>& path) {
    const auto* at = m.params.find("arguments");
    for (const auto& step : path)
        at = at ? at->find(step) : nullptr;
    return at && !at->is_null() ? at : nullptr;
}

// MCP 2026-07-28, x-mcp-header: integers are compared as numbers, everything else as text.
bool same(const std::string& header, const json::value& argument) {
    if (const auto* text = argument.if_string()) return header == *text;
    if (argument.is_bool()) return header == (*argument.as_bool() ? "true" : "false");
    const auto read = json::parse(header);
    return argument.as_int() && read && read->is_number() && read->as_int() == argument.as_int();
}

// MCP 2026-07-28, x-mcp-header: the header is there exactly when its argument is, and says the
// same. A null argument counts as absent. Threat and defence are those of Mcp-Name (classify).
std::optional<outcome> check_header_params(const incoming& m,
                                           const std::vector<header_param>& wanted) {
    for (const auto& param : wanted) {
        const auto* argument = argument_at(m, param.path);
        const auto sent = std::find_if(m.header_params.begin(), m.header_params.end(),
                                       [&](const auto& h) { return h.first == param.name; });
        const bool present = sent != m.header_params.end();
        if (!present && !argument) continue;
        if (present && argument && sent->second && same(*sent->second, *argument)) continue;
        return fail(code::header_mismatch,
                    "The header Mcp-Param-" + param.name +
                        (present ? " differs from the argument." : " is missing."),
                    {}, 400);
    }
    return std::nullopt;
}

// Of an error that has no code the name is OpenTelemetry's (MCP, error.type).
outcome told(call_slot& slot, const tool_result& done) {
    if (done.is_error) slot.told.error = done.error.empty() ? "tool_error" : done.error;
    return with(render(done));
}

// What the call's arguments become before its tool sees them; else what is wrong with them.
result<json::value> checked_arguments(const incoming& m, const tool& of, const catalogue& offered) {
    if (m.wrong_arguments) return *m.wrong_arguments;
    json::value arguments = json::object{};
    if (const auto* given = m.params.find("arguments"); given && !given->is_null())
        arguments = *given;
    return check_arguments(std::move(arguments), offered.accepted_schema(of));
}

} // namespace

bool find_wrong_call(incoming& m, const catalogue& offered) {
    if (m.what != incoming::kind::request || m.method != "tools/call") return false;
    const tool* wanted = offered.find_tool(m.params.text("name"));
    if (!wanted) return true;
    auto checked = checked_arguments(m, *wanted, offered);
    if (!checked) m.wrong_arguments = std::move(checked).failure();
    return m.wrong_arguments.has_value();
}

async<outcome> call_tool(call_slot& slot, const incoming& m, const call_context& context) {
    const auto* name = m.params.find("name");
    if (!name || !name->is_string())
        co_return fail(code::invalid_params, "\"name\" must be a string: the tool to call.");
    const tool* wanted = context.catalogue->find_tool(*name->if_string());
    if (!wanted)
        co_return fail(code::invalid_params, unknown_tool(*name->if_string(), *context.catalogue));
    slot.told.tool = wanted->name;
    slot.told.writes = is_write(wanted->what);
    // Threat: a write tool called on a read grant. Defence: decided here from the table's
    // effect, before the tool sees anything; a 403 lets clients ask for more scope.
    if (is_write(wanted->what) && !context.may_write()) {
        outcome refused =
            fail(code::insufficient_scope,
                 "This connection is read-only; connect again with write access.", {}, 403);
        refused.effects.insufficient_scope = true;
        co_return refused;
    }
    // A tool that cannot write in the end must not ask its person first.
    if (is_write(wanted->what))
        if (const auto why = context.refuse_write()) co_return told(slot, tool_failure(*why));
    if (m.era == era::stateless && !m.without_headers) {
        if (auto wrong = check_header_params(m, context.catalogue->header_params(*wanted)))
            co_return std::move(*wrong);
    }
    auto checked = checked_arguments(m, *wanted, *context.catalogue);
    // MCP 2025-11-25, tools: wrong arguments are a result that the model can mend, no protocol
    // error.
    if (!checked) co_return told(slot, tool_failure(checked.failure()));
    json::value clean = std::move(checked).value();
    const tool_result done = co_await wanted->run(slot, std::move(clean), context);
    co_return told(slot, done);
}

// A message that gets no answer of handle() (the queue was full, its time is over, its session
// could not be stored) is answered by its kind: a tool's caller is a model, which reads results;
// all else goes to the client's program, which reads error codes.
std::string failure_body(const classified& messages, const error& why, const catalogue& offered) {
    std::string all;
    for (const auto& m : messages.messages) {
        if (m.what != incoming::kind::request) continue;
        if (!all.empty()) all += ',';
        if (m.method == "tools/call") {
            all += result_body(m.id, decorate(render(tool_failure(why)), offered.server_info(),
                                              m.era, "complete", std::nullopt));
        } else {
            all += error_body(refuse(200, rpc_code(why.code), why.message, m.id));
        }
    }
    return messages.batch ? "[" + all + "]" : all;
}

} // namespace mcp
