// What a write changes, as the change journal keeps it: what shall be written and what was there,
// told before the request leaves; what is there now, told behind its answer. crm/undo.hpp takes
// changes back by it. A body is JSON: {"rows": [{id, label, seen, before, written}], "written"} of
// what begins, {"rows": [{id, updatedAt, deletedAt, after}]} of what has ended. `before` is as
// Twenty stores it, because it may be written again; `after` is compact, because it is compared and
// shown. `seen` is the stamp updatedAt before the write: with those behind it they tell whether
// anybody else wrote in between.
#pragma once

#include "crm/record.hpp"
#include "crm/workspace.hpp"
#include "crm/write.hpp"

#include <string>
#include <vector>

namespace crm {

// "create", "update", "delete", "restore", "merge"
std::string_view effect_word(write_kind what) noexcept;
std::optional<write_kind> write_of(std::string_view effect) noexcept;

// A record of a write.
struct changing {
    std::string id;
    std::string label;                     // empty: not known
    const json::value* before = nullptr;   // nullptr, null: not known, or there was none
    const json::object* written = nullptr; // nullptr: what is written to all
    bool is_gone = false;                  // behind the write, for good: all of `before` is kept
    changing() {}
};

// Before the request leaves: the id of the change, on the disk; empty where the journal is off. A
// failure says that nothing was sent. `for_all` is what is written to each record that has nothing
// of its own; `at_least`: how many records, where not all have ids yet.
async<result<std::string>> begin_change(call_slot& slot, const twenty::object& of,
                                        std::string_view effect, std::vector<changing> rows,
                                        const json::object& for_all, std::size_t at_least = 0);
// Behind its answer. `written` names the fields that are kept of what Twenty answered.
async<done> end_change(call_slot& slot, std::string change, const write_end& end,
                       const twenty::object& of, const twenty::access& may,
                       const json::object& written);
// Records of this call that were read behind their write: what is there of the fields `written`.
async<done> keep_after(call_slot& slot, const twenty::object& of, const twenty::access& may,
                       std::vector<const json::value*> stored, const json::object& written);

// A change of an earlier call that was looked up; `stored`: its records as they are now, of which
// the stamps are kept. Nothing else is: who wrote what is there now, nobody knows. Returns what the
// journal was told.
async<std::string> tell_settled(call_slot& slot, std::string change, change_state now,
                                std::vector<const json::value*> stored);
// The same for one that was read by read_record().
async<done> keep_read(call_slot& slot, std::string id, const twenty::object& of,
                      const record_reading& read, const json::object& written);

// Of the fields `written` what `stored` holds, in the form that is compared: nullopt where it does
// not show them all.
std::optional<json::object> kept_values(const json::value& stored, const json::object& written,
                                        const twenty::object& of, const twenty::access& may);

} // namespace crm
