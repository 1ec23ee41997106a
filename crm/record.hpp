// Reading one record by id: shared by get_record and the read-back after a write.
#pragma once

#include "crm/reading.hpp"

#include <string>

namespace crm {

struct record_reading {
    json::value record; // compact; whole when that was wanted
    json::object empty; // the fields that Twenty answered as null
    std::string label;  // what people call it, may be empty
    std::vector<std::string> notes;
    std::optional<error> failure;
    bool stale_schema = false;
};

// `id` is a checked UUID. With deleted_too a soft-deleted record is found as well. Of each
// to-many list the first most_related records are kept, with a note on the others.
async<record_reading> read_record(call_slot& slot, const twenty::readable_object& of,
                                  const twenty::access& may, std::string id,
                                  twenty::wanted_fields want, bool deleted_too);

// Fits the record to `budget`, and each of its texts to `longest` bytes; notes say what was taken
// away, and where reading on begins. `skipped`: bytes of a text that the record begins behind.
void fit(record_reading& read, std::size_t longest, std::size_t budget, std::size_t skipped = 0);

crm_outcome failed(const record_reading& broken);

} // namespace crm
