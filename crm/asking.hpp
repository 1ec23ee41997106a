// Asking a person before records are changed: what the question says, whether it is asked, and what
// the answer holds for. Every tool that writes goes through ask_before() at the place where it
// knows what it is about to write; ask() (crm/workspace) sends no write of a call that has not.
// Threat: a model gets around its person: by a yes of its own making, one for something else, an
// older one, or a call site that forgot to ask. Defence: a yes holds for a digest of the tool, its
// arguments, the records and what they hold at that moment, and for no more records than were told.
#pragma once

#include "crm/workspace.hpp"
#include "twenty/caution.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace crm {

// A record that is about to be written.
struct planned_record {
    std::string id;                        // empty: a new one
    std::string label;                     // empty: not known
    std::string fate;                      // "goes for good", before the name; empty: plain
    const json::value* before = nullptr;   // as Twenty answered; nullptr, null: not known
    const json::object* written = nullptr; // nullptr: no values
    planned_record() {}
};

struct write_plan {
    std::string verb;                    // "Delete", as people read it
    const twenty::object* of = nullptr;  // nullptr: several, or none that is known
    std::vector<planned_record> records; // all of `of`
    std::int64_t links = 0;        // records that are written beside: links of notes and tasks
    std::vector<std::string> more; // further lines for the person
    twenty::planned_change kind;   // its records are counted by ask_before()
    std::size_t told = 5;          // records that are named
    write_plan() {}
};

// nullopt: go on. Otherwise nothing may be written, and the call ends with this: the person said
// no, or has not answered yet (errc::approval_needed, with what would change and the link).
async<std::optional<crm_outcome>> ask_before(call_slot& slot, const call_context& context,
                                             const twenty::access& may, write_plan plan);

// How many records the connection may still change.
async<result<twenty::change_quota>> quota_left(call_slot& slot);

// What the person reads.
std::string plan_title(const write_plan& plan);
std::vector<std::string> plan_lines(const write_plan& plan, const twenty::access& may);
// The same JSON value has the same text, however its members were ordered.
std::string canonical_text(const json::value& v);

} // namespace crm
