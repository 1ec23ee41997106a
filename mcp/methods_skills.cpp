// The skills extension's methods (SEP-2640).
#include "base/text.hpp"
#include "mcp/failure.hpp"
#include "mcp/methods.hpp"
#include "mcp/skills.hpp"

namespace mcp {

namespace {

// A skill that this connection may not have is unknown to it.
outcome no_skill(std::string_view what, std::string_view uri) {
    const auto shown = text::visible_start(uri, 200);
    json::writer data;
    data.begin_object().member("uri", shown).end_object();
    return fail(code::invalid_params, "No " + std::string(what) + " is served at " + shown + ".",
                data.take());
}

} // namespace

async<outcome> list_skills(call_slot& slot, const incoming& m, const call_context& context) {
    if (auto refused = refuse_cursor(m)) co_return std::move(*refused);
    const auto skills = co_await context.catalogue->skills()(slot, context);
    if (!skills) co_return fail(skills.failure());
    co_return with(skills_list(*skills), list_ttl_ms);
}

async<outcome> get_skill(call_slot& slot, const incoming& m, const call_context& context) {
    const auto* uri = m.params.find("uri");
    if (!uri || !uri->is_string())
        co_return fail(code::invalid_params, "\"uri\" must be a string.");
    const auto skills = co_await context.catalogue->skills()(slot, context);
    if (!skills) co_return fail(skills.failure());
    const auto* found = find_skill(*skills, *uri->if_string());
    if (!found) co_return no_skill("skill", *uri->if_string());
    co_return with(skill_result(*found), list_ttl_ms);
}

async<outcome> read_directory(call_slot& slot, const incoming& m, const call_context& context) {
    const auto* uri = m.params.find("uri");
    if (!uri || !uri->is_string())
        co_return fail(code::invalid_params, "\"uri\" must be a string.");
    if (auto refused = refuse_cursor(m)) co_return std::move(*refused);
    const auto skills = co_await context.catalogue->skills()(slot, context);
    if (!skills) co_return fail(skills.failure());
    auto children = directory_list(*skills, *uri->if_string());
    if (!children) co_return no_skill("directory", *uri->if_string());
    co_return with(*std::move(children), list_ttl_ms);
}

} // namespace mcp
