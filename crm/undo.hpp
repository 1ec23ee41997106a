// Taking earlier changes back. A change is known from the journal, with what was there before and
// what it wrote; a record is put back only where it still holds what was written. What this does is
// written down like any other change, and can be taken back as well.
#pragma once

#include "crm/workspace.hpp"
#include "crm/write.hpp"

#include <string>
#include <vector>

namespace crm {

enum class undo_fate {
    ready,      // it will be, or would be, taken back
    undone,     // it was
    already,    // it is so already
    conflict,   // somebody changed it since
    impossible, // nothing brings it back
    failed,     // Twenty, or the connection, does not allow it
    unknown,    // no answer came
    left,       // this call had no time, or no room, for it
};
std::string_view word_of(undo_fate fate) noexcept;

// A record of a change, and what becomes of it.
struct undo_row {
    std::string change;
    std::int64_t number = 0; // of the change
    std::int64_t at = 0;     // unix seconds
    std::string object;
    std::string id;
    std::string label;
    write_kind what = write_kind::update; // what the change did
    json::object before;                  // to be written by an update
    json::object written;                 // as it was given
    json::object after; // what must be there still, as it was read behind the write
    bool after_known = false;
    std::string seen;              // updatedAt before the write; empty: not known, as the next two
    std::string left;              // updatedAt behind it
    std::string deleted_at;        // deletedAt behind it
    std::vector<std::string> lost; // written fields whose value before is not known
    bool was_undone = false;       // by an earlier undo
    bool perhaps_undone = false;   // by one without an answer
    undo_fate fate = undo_fate::ready;
    std::string why;       // a sentence
    json::object conflict; // field: {written, now}
    json::value now;       // the record before it is taken back
    undo_row() {}
};
// What takes a row back.
write_kind back_of(write_kind what) noexcept;

// The ids of a change's records; a create by Twenty's own ids has them in its end.
std::vector<std::string> records_of(const change_record& change);
bool is_undone(const change_record& change); // of all its records
// The rows of a change, as its bodies say. A fate of its own has what can't be taken back at all.
std::vector<undo_row> undo_rows(const change_record& change);

// Looks at what is there now and decides; with `dry` nothing is written. `rows` are in the order in
// which they are to be taken back: the newest first.
async<done> take_rows_back(call_slot& slot, const call_context& context, const twenty::access& may,
                           std::vector<undo_row>& rows, bool dry);

// Asks the person for it, if they want to be asked. As ask_before() (crm/asking).
async<std::optional<crm_outcome>> ask_for_undo(call_slot& slot, const call_context& context,
                                               const twenty::access& may,
                                               const std::vector<undo_row>& rows);

// What became of changes of which no answer came, looked up in Twenty and told to the journal.
// Those that cannot be told stay as they are.
async<done> settle_unknown(call_slot& slot, const call_context& context, const twenty::access& may,
                           std::vector<change_record>& changes);

} // namespace crm
