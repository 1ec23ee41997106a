// What every CRM handler stands on: the schema and the grant's access to it, asking Twenty, and the
// recovery that no handler has to think of: a schema that proved out of date is read again once.
// Records are read by crm/reading.hpp.
#pragma once

#include "crm/protocol.hpp"
#include "twenty/access.hpp"
#include "twenty/answer.hpp"
#include "twenty/query.hpp"

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace crm {

// What a CRM tool comes to. A failure hides `body`.
struct crm_outcome {
    json::object body;
    std::vector<std::string> notes; // repairs and warnings, shown as "notes"
    std::optional<error> failure;
    json::value more; // members that go beside a failure's code and message, or null
    // Names were met that the schema lacks: it may be out of date. May go with a success, whose
    // body is then perhaps incomplete.
    bool stale_schema = false;
    // The person has agreed while the call waited: it is to run once more, by what is stored now.
    bool agreed = false;
    // No byte of the write was sent: a call that fails with this failure has written nothing.
    bool unsent = false;
};
crm_outcome failed(error why);
void add_notes(crm_outcome& out, const std::vector<std::string>& notes);
// The first error of an answer that is not ok().
crm_outcome failed(const twenty::answer& refused);
// The same for a request that changes something: without an answer of Twenty's, or with a
// gateway's in its place, the change may have happened. `if_done` has members for such a
// failure: a hint, and where to look before repeating.
crm_outcome failed_write(error why, json::object if_done);
crm_outcome failed_write(const twenty::answer& refused, json::object if_done);

// A tool's own work. All references live as long as the call.
using crm_body = async<crm_outcome> (*)(call_slot&, const json::value& arguments,
                                        const call_context&, const twenty::access&);

// Runs it, and once more when the schema proved out of date and a newer one was to be had.
// Whoever shows the schema itself asks for one that is known to hold; all others notice by a name
// that is missing, and pay nothing while none is.
async<crm_outcome> work_in_workspace(call_slot& slot, json::value arguments,
                                     const call_context& context, crm_body body,
                                     freshness wanted = freshness::cached);
// What a finished piece of work shows: its body, with the notes in it.
json::value shown(crm_outcome done);
// The two as a tool's result.
async<tool_result> run_in_workspace(call_slot& slot, json::value arguments,
                                    const call_context& context, crm_body body,
                                    freshness wanted = freshness::cached);

// A tool_handler made of a crm_body.
template <crm_body Body, freshness Wanted = freshness::cached>
async<tool_result> in_workspace(call_slot& slot, json::value arguments,
                                const call_context& context) {
    return run_in_workspace(slot, std::move(arguments), context, Body, Wanted);
}

// The schema as this call may use it: the grant's mode and objects, and the token's scope. With
// `patience` Twenty is not waited for any longer.
async<result<twenty::access>> open_workspace(call_slot& slot, const call_context& context,
                                             freshness wanted = freshness::cached,
                                             std::chrono::milliseconds patience = {});

// One GraphQL exchange. Fails when no answer of Twenty's came; its errors are in the answer. What
// reads the records of one object asks by ask_about() (crm/reading.hpp).
// An answer of more than `most` bytes is not read: errc::too_large.
async<result<twenty::answer>> ask(call_slot& slot, twenty::request request,
                                  std::size_t most = std::numeric_limits<std::size_t>::max());

// Where people see the record; empty when the workspace's address is not known.
std::string record_url(const call_context& context, const twenty::object& of, std::string_view id);

} // namespace crm
