// What is there now of the records of earlier changes, and what that means for taking those back.
#pragma once

#include "crm/undo.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace crm {

// The records of one object as they are now.
class present {
  public:
    void add(json::value record);
    [[nodiscard]] json::value* find(const std::string& id);
    std::string selection = "id"; // what could be read of them
    std::optional<error> failure;

  private:
    std::map<std::string, json::value> records_; // by id
};
// Deleted ones too.
async<done> read_present(call_slot& slot, const twenty::readable_object& of,
                         const twenty::access& may, std::vector<std::string> ids,
                         const json::object& fields, present& out);
bool is_deleted(const json::value& record);

// The JSON of a body, and its "rows".
json::value parsed_body(const std::string& body);
const json::array& rows_in(const json::value& body);

void decide(undo_row& row, undo_fate fate, std::string why);
// Does the record hold what was there before?
bool holds_before(const undo_row& row, const json::value& now, const twenty::object& of,
                  const twenty::access& may);
// Does it hold what was written, and of values in parts nothing else? By what was given: how it was
// read behind the write is not known.
bool holds_written(const undo_row& row, const json::value& now);
// Was the record deleted about when the row's change was made?
bool was_deleted_then(const undo_row& row, const json::value& now);

// The stamps of a later change of the same record by the same connection.
struct own_stamps {
    std::int64_t number = 0;
    std::string seen;
    std::string left;
    std::string deleted_at; // where it took back a create or a restore
};
// Has nobody but this connection written to the record since the row's change, or deleted it?
// `own`: in the order of their beginning.
bool is_only_ours(const undo_row& row, const json::value& now, const std::vector<own_stamps>& own);
// Whether that has to be asked.
bool asks_whose(const undo_row& row, const json::value* now);

// Decides about one row by the record as it is now (nullptr: there is none), and moves the record
// on as the undo will: the next row of the same record is of an earlier change.
void judge(undo_row& row, json::value* now, const std::vector<own_stamps>& own,
           const twenty::object& of, const twenty::access& may);

} // namespace crm
