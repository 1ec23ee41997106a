// Writing one record: the mutation, what its refusal means, and the read-back. Shared by the
// tools for one record and for many.
#pragma once

#include "crm/workspace.hpp"
#include "twenty/data.hpp"

#include <string>

namespace crm {

// What a write came to. Without a failure it is done. When it may have happened all the same,
// `more` says where to look.
struct write_end {
    std::optional<error> failure;
    json::value more; // as in crm_outcome
    bool perhaps = false;
    bool stale_schema = false;
    bool unsent = false;                           // as in crm_outcome
    std::vector<twenty::broken_rule> broken_rules; // and by which record
    bool short_answer = false; // the full one was too long to be read: ids alone
    json::value record; // what Twenty answered: the record, or a list of those that were changed
};
crm_outcome failed(write_end ended);

// merge: what it does to the records that are merged into another, which are gone behind it.
enum class write_kind { create, update, remove, restore, merge };
// A failure that every further write would meet as well.
bool meets_all(const error& why) noexcept;

// "created", "updated", "deleted", "restored", "merged"
std::string_view done_word(write_kind what) noexcept;

// One mutation. `values` are those of a create or an update. `id` is a checked UUID; a create
// that is refused as a duplicate while a record has that very id has succeeded before, and is
// looked for; write_new() does the same. `selection` is what the answer
// shall hold of the record; the key must be known to be allowed to read it. All three tell the
// change journal before and after; `before` is the record as it was read for that, nullptr: it was
// not.
async<write_end> write_one(call_slot& slot, const twenty::writable_object& of,
                           const twenty::access& may, write_kind what, std::string id,
                           const json::object& values, std::string selection,
                           const json::value* before = nullptr);
// An update, delete or restore of up to twenty::most_changed records: all or none of those that
// there are. `before` has one for each id, or none at all.
async<write_end> write_together(call_slot& slot, const twenty::writable_object& of,
                                const twenty::access& may, write_kind what,
                                std::vector<std::string> ids, const json::object& values,
                                std::string selection, std::vector<const json::value*> before = {});
// The same for up to twenty::max_page new records, which have their ids: all or none.
async<write_end> write_new(call_slot& slot, const twenty::writable_object& of,
                           const twenty::access& may, std::vector<json::object> records);

// The label that the answer of a write may show; nullptr: none. Twenty checks no answer of a
// mutation for what may be private.
const twenty::field* written_label(const twenty::object& of, const twenty::access& may);
// What shows a write: the record's name, what was written, when it changed.
twenty::wanted_fields written_fields(const twenty::object& of, const twenty::access& may,
                                     const json::object& values);

// A failure of an upsert whose record exists, but is deleted.
write_end deleted_already(const twenty::object& of, const json::value& record);
// Of an update that had to read the stored values of a field, and got `note` instead.
error unreadable(const std::string& note);
// Of an update of a record that is deleted, and of one that is not there.
error deleted_record(const twenty::object& of, std::string_view id);
error missing_record(const twenty::object& of);

// `more` of a failure: the record that stands in the way.
json::value existing_record(const twenty::object& of, std::string_view id, std::string_view hint);

} // namespace crm
