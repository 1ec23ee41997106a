// Lifecycle and lists.
#include "mcp/interaction.hpp"
#include "mcp/methods.hpp"
#include "mcp/protocol.hpp"

namespace mcp {

namespace {

async<std::string> instructions_for(call_slot& slot, const call_context& context) {
    const auto write_them = context.catalogue->instructions();
    std::string text;
    if (write_them) text = co_await write_them(slot, context);
    co_return text;
}

} // namespace

std::optional<outcome> refuse_cursor(const incoming& m) {
    const auto* cursor = m.params.find("cursor");
    if (!cursor || cursor->is_null()) return std::nullopt;
    if (const auto* text = cursor->if_string(); text && text->empty()) return std::nullopt;
    return fail(code::invalid_params, "Unknown cursor: this list has one page.");
}

// -- Lifecycle ---------------------------------------------------------------------------------

async<outcome> initialize(call_slot& slot, const incoming& m, const call_context& context) {
    const auto* requested = m.params.find("protocolVersion");
    if (!context.session.protocol_version.empty())
        co_return fail(code::invalid_request, "This session is already initialized.", {}, 400);
    if (!requested || !requested->is_string())
        co_return fail(code::invalid_params, "\"protocolVersion\" must be a string.");
    const auto version = negotiate(*requested->if_string());
    const std::string instructions = co_await instructions_for(slot, context);
    // The state goes back as an effect: this session exists once its runner has stored it, and the
    // client gets the answer after that (actors/session_calls).
    outcome out = with(initialize_result(version, *context.catalogue, instructions));
    out.effects.initialized =
        describe_client(version, m.params.find("clientInfo"), m.params.find("capabilities"));
    co_return out;
}

async<outcome> discover(call_slot& slot, const incoming&, const call_context& context) {
    const std::string instructions = co_await instructions_for(slot, context);
    outcome out = with(discover_result(*context.catalogue, instructions), list_ttl_ms);
    out.introduces = true;
    co_return out;
}

async<outcome> ping(call_slot&, const incoming&, const call_context&) { co_return with("{}"); }

// MCP 2025-11-25, logging.
async<outcome> set_log_level(call_slot&, const incoming& m, const call_context&) {
    const auto level = m.params.text("level");
    if (!is_log_level(level))
        co_return fail(code::invalid_params, "\"level\" must be debug, info, notice, warning, "
                                             "error, critical, alert or emergency.");
    outcome out = with("{}");
    out.effects.log_level = std::string(level);
    co_return out;
}

// -- Lists -------------------------------------------------------------------------------------

async<outcome> list_tools(call_slot&, const incoming& m, const call_context& context) {
    if (auto refused = refuse_cursor(m)) co_return std::move(*refused);
    const bool icons = m.era == era::stateless || knows_icons(context.session.protocol_version);
    co_return with_list(context.catalogue->tools_list(context.may_write(), icons), list_ttl_ms);
}

async<outcome> list_resources(call_slot& slot, const incoming& m, const call_context& context) {
    if (auto refused = refuse_cursor(m)) co_return std::move(*refused);
    std::vector<listed_resource> more;
    if (const auto run = context.catalogue->more_resources()) more = co_await run(slot, context);
    co_return with(context.catalogue->resources_list(more), list_ttl_ms);
}

async<outcome> list_templates(call_slot&, const incoming& m, const call_context& context) {
    if (auto refused = refuse_cursor(m)) co_return std::move(*refused);
    co_return with_list(context.catalogue->templates_list(), list_ttl_ms);
}

async<outcome> list_prompts(call_slot&, const incoming& m, const call_context& context) {
    if (auto refused = refuse_cursor(m)) co_return std::move(*refused);
    co_return with_list(context.catalogue->prompts_list(), list_ttl_ms);
}

} // namespace mcp
