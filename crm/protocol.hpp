// The protocol's words that tools, prompts and resources are written in.
#pragma once

#include "mcp/catalogue.hpp"
#include "mcp/coroutine.hpp"
#include "mcp/server.hpp"
#include "mcp/session_memory.hpp"

namespace crm {

using mcp::async;
using mcp::cache_hint;
using mcp::call_context;
using mcp::call_slot;
using mcp::change_begun;
using mcp::change_ended;
using mcp::change_query;
using mcp::change_record;
using mcp::change_state;
using mcp::completion_request;
using mcp::effect;
using mcp::freshness;
using mcp::listed_resource;
using mcp::need;
using mcp::need_awaiter;
using mcp::need_change_begun;
using mcp::need_change_ended;
using mcp::need_changes;
using mcp::need_pause;
using mcp::need_primer;
using mcp::need_schema;
using mcp::need_skill;
using mcp::need_skills;
using mcp::need_twenty;
using mcp::prompt;
using mcp::prompt_argument;
using mcp::prompt_text;
using mcp::resource;
using mcp::resource_content;
using mcp::session_memory;
using mcp::source;
using mcp::tool;
using mcp::tool_result;

} // namespace crm
