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
    std::string result; // a JSON object
    std::optional<refusal> refused;
    std::optional<cache_hint> cache;
    std::string_view type = "complete"; // resultType of MCP 2026-07-28
    answer effects;                     // what else the answer carries; its body is not looked at
};

outcome with(std::string result);
outcome with(std::string result, std::int64_t ttl_ms);
outcome fail(int error_code, std::string message, std::string data = {}, int status = 200);
outcome fail(const error& why, std::string data = {});

using method_handler = task<outcome> (*)(exchange&, const incoming&, const call_context&);

task<outcome> initialize(exchange&, const incoming&, const call_context&);
task<outcome> discover(exchange&, const incoming&, const call_context&);
task<outcome> ping(exchange&, const incoming&, const call_context&);
task<outcome> set_log_level(exchange&, const incoming&, const call_context&);
task<outcome> list_tools(exchange&, const incoming&, const call_context&);
task<outcome> list_resources(exchange&, const incoming&, const call_context&);
task<outcome> list_templates(exchange&, const incoming&, const call_context&);
task<outcome> list_prompts(exchange&, const incoming&, const call_context&);
task<outcome> call_tool(exchange&, const incoming&, const call_context&);
task<outcome> read_resource(exchange&, const incoming&, const call_context&);
task<outcome> subscribe(exchange&, const incoming&, const call_context&);
task<outcome> unsubscribe(exchange&, const incoming&, const call_context&);
task<outcome> listen(exchange&, const incoming&, const call_context&);
task<outcome> get_prompt(exchange&, const incoming&, const call_context&);
task<outcome> get_task(exchange&, const incoming&, const call_context&);
task<outcome> update_task(exchange&, const incoming&, const call_context&);
task<outcome> cancel_task(exchange&, const incoming&, const call_context&);
task<outcome> complete(exchange&, const incoming&, const call_context&);

} // namespace mcp
