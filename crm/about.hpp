// What a note or task is about: records of any object, linked by rows of noteTarget or taskTarget.
// The rows are written in the same call as the record, after it: two mutations in one document run
// at once and may fail [twenty-golden-2 merge/003, 074].
#pragma once

#include "crm/named_records.hpp"
#include "crm/write.hpp"

#include <string>
#include <utility>
#include <vector>

namespace crm {

struct about_item {
    twenty::readable_object target;
    std::string column; // of the target row: "targetCompanyId"
    std::string id;     // empty until its name was looked up
    std::string name;
};
using about_list = std::vector<about_item>;

// Takes "about" out of a record's data, and reads it beside `given` (null: none): a list of
// {object, id} or {object, name}, or of texts "company:Acme". errc::not_allowed when this
// connection may not write the target rows or not read the linked object.
result<about_list> take_about(json::value& data, const json::value* given, const twenty::object& of,
                              const twenty::access& may);
// The rest of an update's data, prepared; no data at all is enough where links alone are wanted.
result<twenty::prepared_data> prepare_beside(const about_list& about, const json::value& data,
                                             const twenty::object& of, const twenty::access& may,
                                             bool replace);
void add_names(wanted_names& names, const about_list& about);
result<done> resolve(about_list& about, const name_book& book);

// The target rows of some records, each once. With `look_first` rows that are there already are
// not written again.
struct linked_record {
    std::string id;
    const about_list* about;
};
async<write_end> link_records(call_slot& slot, const twenty::object& of, const twenty::access& may,
                              std::vector<linked_record> records, bool look_first);

// [{object, id, name?}] for the answer.
json::value shown(const about_list& about);

// Adds the links to what a create or an update of one record came to. A new record that cannot be
// linked goes again: half of what was asked for is worse than an error. So is an update that was
// to do nothing else (`alone`).
async<crm_outcome> link_created(call_slot& slot, const twenty::writable_object& of,
                                crm_outcome made, const about_list& about,
                                const twenty::access& may);
async<crm_outcome> link_stored(call_slot& slot, const twenty::writable_object& of, crm_outcome done,
                               const about_list& about, const twenty::access& may, bool alone);

} // namespace crm
