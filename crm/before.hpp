// What a record holds before it is changed, so that an update can keep what it does not name,
// refuse what would lose something, and show what it replaced.
#pragma once

#include "crm/batch.hpp"
#include "crm/write.hpp"

#include <string>

namespace crm {

struct stored_record {
    json::value record;           // as Twenty answered; null when the key may not read it
    std::string selection = "id"; // what the key may read of it, for the answer to the write
    std::vector<std::string> notes;
    std::optional<crm_outcome> failure;
};
// Reads what an update of `data` touches and merges it into `data`. A failure when there is no
// such record, it is deleted, or what has to be kept cannot be read.
async<stored_record> read_before(call_slot& slot, const twenty::readable_object& of,
                                 const twenty::access& may, std::string id,
                                 twenty::prepared_data& data);
// The record with these fields, deleted or not. `needs_stored`: it is a failure that the key's role
// may not read it.
async<stored_record> read_stored(call_slot& slot, const twenty::readable_object& of,
                                 const twenty::access& may, std::string id,
                                 const json::object& fields, bool needs_stored);
// For a delete or a restore: whether it is deleted, and what people call it. A failure when there
// is no such record.
async<stored_record> read_state(call_slot& slot, const twenty::readable_object& of,
                                const twenty::access& may, std::string id);
// As the first, for all waiting rows of a batch that are no creates, with one request. Rows that
// cannot or need not be written are settled; without an answer the batch is stopped.
async<done> read_before(call_slot& slot, batch& all);

// Takes out of the fields that are read for a batch the stamps that no row has written: they are
// shown for one record alone. The change journal keeps updatedAt.
void leave_out_stamps(twenty::wanted_fields& want, const json::object& written,
                      const call_slot& slot);

// The written fields that differ, as they were: compact, null for empty ones.
json::object changed_from(const json::value& before, const json::value& after,
                          const json::object& values, const twenty::object& of,
                          const twenty::access& may);
// A compact record leaves out what is empty; what was written to it is shown as null.
void show_cleared(json::value& record, const json::value& stored, const json::object& values);
// Twenty stores a link to a deleted record and reads it as empty until that is restored
// [twenty-golden-2 relations/024, 072]: a note for each such link among `values`. `stored` is as
// Twenty answered.
std::vector<std::string> links_to_deleted(const json::value& stored, const json::object& values,
                                          const twenty::object& of);

} // namespace crm
