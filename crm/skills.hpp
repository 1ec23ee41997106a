// The skills that a connection may have (primer/skill): the organisation's primer, those that its
// administrator uploaded, and the workflows that the program brings.
#pragma once

#include "crm/protocol.hpp"

#include <string>
#include <vector>

namespace crm {

async<result<std::vector<mcp::skill>>> list_skills(call_slot& slot, const call_context& context);
// `parts`: the skill and the file. errc::not_found: this connection has no such file.
async<result<resource_content>> read_skill_file(call_slot& slot, std::vector<std::string> parts,
                                                const call_context& context);
async<result<done>> may_read_skill(call_slot& slot, std::vector<std::string> parts,
                                   const call_context& context);

} // namespace crm
