// What each method does, era by era the same: everything that depends on the era is a column of
// the table in dispatch.cpp or happens in decorate().
#pragma once

#include "mcp/catalogue.hpp"
#include "mcp/message.hpp"
#include "mcp/server.hpp"

#include <optional>
#include <string>
#include <utility>

namespace mcp {

// What a method's handler gives back: a result without decorations, or a refusal.
struct outcome {
    std::string result;      // a JSON object
    std::string_view listed; // instead of it: a text of the catalogue, which is not copied
    std::optional<refusal> refused;
    std::optional<cache_hint> cache;
    std::string_view type = "complete"; // resultType of MCP 2026-07-28
    bool introduces = false;            // the server says all of itself, not only its name
    std::string_view error = {};        // the code of an error of ours; empty: `refused` has one
    answer effects;                     // what else the answer carries; its body is not looked at
};

outcome with(std::string result);
outcome with(std::string result, std::int64_t ttl_ms);
outcome with_list(const std::string& of_catalogue, std::int64_t ttl_ms);
outcome fail(int error_code, std::string message, std::string data = {}, int status = 200);
outcome fail(const error& why, std::string data = {});

// MCP 2026-07-28, caching: how late a client may learn of another list. Lists follow the grant, the
// program and the workspace's schema, so they seldom change; what does is announced
// (mcp/subscription).
inline constexpr std::int64_t list_ttl_ms = 300'000;

// Every list is one page, so no cursor was ever handed out.
std::optional<outcome> refuse_cursor(const incoming& m);

using method_handler = async<outcome> (*)(call_slot&, const incoming&, const call_context&);

async<outcome> initialize(call_slot&, const incoming&, const call_context&);
async<outcome> discover(call_slot&, const incoming&, const call_context&);
async<outcome> ping(call_slot&, const incoming&, const call_context&);
async<outcome> set_log_level(call_slot&, const incoming&, const call_context&);
async<outcome> list_tools(call_slot&, const incoming&, const call_context&);
async<outcome> list_resources(call_slot&, const incoming&, const call_context&);
async<outcome> list_templates(call_slot&, const incoming&, const call_context&);
async<outcome> list_prompts(call_slot&, const incoming&, const call_context&);
async<outcome> call_tool(call_slot&, const incoming&, const call_context&);
async<outcome> read_resource(call_slot&, const incoming&, const call_context&);
async<outcome> subscribe(call_slot&, const incoming&, const call_context&);
async<outcome> unsubscribe(call_slot&, const incoming&, const call_context&);
async<outcome> listen(call_slot&, const incoming&, const call_context&);
async<outcome> get_prompt(call_slot&, const incoming&, const call_context&);
async<outcome> get_task(call_slot&, const incoming&, const call_context&);
async<outcome> update_task(call_slot&, const incoming&, const call_context&);
async<outcome> cancel_task(call_slot&, const incoming&, const call_context&);
async<outcome> list_skills(call_slot&, const incoming&, const call_context&);
async<outcome> get_skill(call_slot&, const incoming&, const call_context&);
async<outcome> read_directory(call_slot&, const incoming&, const call_context&);
async<outcome> complete(call_slot&, const incoming&, const call_context&);

} // namespace mcp
