// The CRM's tools, one coroutine each; the table of them is in tools.cpp, what clients read of them
// in crm/tools/NAME.json. A body reads from top to bottom and touches nothing but its call_slot.
#pragma once

#include "crm/workspace.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace crm {

// Compact JSON of one page, well below what clients show inline (Claude Code: 50,000).
inline constexpr std::size_t page_budget = 24'000;
inline constexpr std::size_t record_budget = 32'000; // one record
// Answers of free GraphQL. They may be all ids, which cost a token for 1.7 bytes.
inline constexpr std::size_t document_budget = 42'000;
inline constexpr std::size_t most_related = 10; // records of a to-many list
// Of one text or list in a page, and in the read-back of what the caller wrote itself.
inline constexpr std::size_t longest_in_list = 2'000;

#define MCP_CRM_BODY(name)                                                                         \
    async<crm_outcome> name(call_slot& slot, const json::value& arguments,                         \
                            const call_context& context, const twenty::access& may)
MCP_CRM_BODY(list_objects);
MCP_CRM_BODY(describe_object);
MCP_CRM_BODY(find_records);
MCP_CRM_BODY(get_record);
MCP_CRM_BODY(search_records);
MCP_CRM_BODY(aggregate_records);
MCP_CRM_BODY(create_record);
MCP_CRM_BODY(update_record);
MCP_CRM_BODY(delete_record);
MCP_CRM_BODY(restore_record);
MCP_CRM_BODY(run_graphql);
MCP_CRM_BODY(run_graphql_mutation);
MCP_CRM_BODY(get_primer);
MCP_CRM_BODY(list_changes);
MCP_CRM_BODY(undo_changes);
MCP_CRM_BODY(find_duplicates);
MCP_CRM_BODY(merge_records);
#undef MCP_CRM_BODY

std::vector<tool> crm_tools();
std::vector<prompt> crm_prompts();
// Values for the prompts' arguments and the resource templates' variables.
async<result<std::vector<std::string>>> complete_crm(call_slot&, completion_request,
                                                     const call_context&);

// errc::bad_request unless `id` is a UUID. Threat: "../companies", "?filter=…" or an empty id
// turn one record's route into a collection's. Defence: only UUIDs pass; nothing else is built.
result<std::string> checked_id(std::string_view id);

} // namespace crm
