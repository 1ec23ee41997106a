// Many records in one call: each has an outcome of its own, and what was not done is said.
// Twenty takes about 100 operations a minute for a whole workspace and a call has its time, so
// a batch ends early where going on makes no sense.
#pragma once

#include "crm/about.hpp"
#include "crm/write.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace crm {

struct batch_row {
    enum class state { waiting, done, failed, unknown };
    std::size_t index = 0; // in the caller's list
    std::string id;
    twenty::prepared_data data;
    about_list about; // what it shall be linked to
    write_kind what = write_kind::create;
    state now = state::waiting;
    bool alone = false;  // it was refused together with others, and goes again by itself
    write_end end;       // of a row that failed
    json::array similar; // to a new record
    const batch_row* twin = nullptr; // an earlier new record that is probably the same
    json::value before;              // as Twenty answered; null where it was not read
    json::value stored;              // after the write, likewise
    bool taken_back = false;         // it was created, and deleted again for want of its links

    // An update that has nothing to write: the links of `about`, or an address that is stored.
    [[nodiscard]] bool changes_nothing() const {
        return what == write_kind::update && data.values.empty() && data.named.empty();
    }
};

class batch {
  public:
    batch(const twenty::writable_object& of, const twenty::access& may, std::string_view argument)
        : of(of), may(may), argument(argument) {}

    const twenty::writable_object& of;
    const twenty::access& may;
    std::string_view argument; // of the caller's list: "records", "ids"
    std::vector<batch_row> rows;
    std::string selection = "id";  // what the key may read of the rows
    std::size_t rule_refusals = 0; // of requests whose other rows went on
    std::size_t refused_alone = 0; // rows in a row, each for the same reason
    bool shown_in_part = false;    // what was written is too long to be answered for all rows
    std::size_t so_already = 0;    // rows that were deleted, or restored, before
    std::vector<std::string> notes;
    std::optional<error> stopped; // why the rows that wait were not done
    // Set when nothing was written because of names that the schema lacks.
    std::optional<write_end> stale;

    void fail(batch_row& row, error why);
    // Takes down what a row's write came to, and stops the batch where the next one would fare
    // no better.
    void take_down(batch_row& row, write_end end);
    [[nodiscard]] std::size_t count(batch_row::state now) const;
    [[nodiscard]] bool goes_on() const { return !stopped && !stale; }
};

// Is there time for one more request, and for what is read at the end?
bool has_time(const call_context& context);
error out_of_time();

// Writes the waiting rows. Creates and equal changes go together as long as that succeeds, and by
// themselves where Twenty refuses all for one of them; each other row goes by itself.
async<done> write_rows(call_slot& slot, batch& all, const call_context& context);

// Reads what was created, and creates of which it is not known. Their ids are ours, so that what
// is found was created. What was changed is in the answers to the changes.
async<done> read_back(call_slot& slot, batch& all);

// Writes the links of the rows that are done. A new record that cannot be linked goes again.
async<done> link_rows(call_slot& slot, batch& all, const call_context& context);

// Which stored records, and which earlier rows, the new ones probably repeat.
async<done> note_similar(call_slot& slot, batch& all);

// All of it, from the prepared rows on.
async<crm_outcome> carry_out(call_slot& slot, batch& all, const call_context& context);

// "records[0, 3]", for notes.
std::string named_rows(const batch& all, const std::vector<std::size_t>& indexes);

// What a batch came to, with the stored records. A failure when no row is known to be written.
crm_outcome sum_up(batch& all);
// Of a batch that ends before its first write because of `stale`: all its faults.
crm_outcome nothing_written(batch& all);

} // namespace crm
