// Reading the records that find_duplicates compares: with what tells that two are one, and no more.
#pragma once

#include "base/text.hpp"
#include "crm/reading.hpp"
#include "crm/telling.hpp"

#include <set>
#include <string>
#include <vector>

namespace crm {

// Each record that was read, once.
struct pool {
    json::array records;
    std::set<std::string> ids;
    void add(json::array more) {
        for (auto& record : more)
            if (ids.insert(text::lower(record.text("id"))).second)
                records.push_back(std::move(record));
    }
};

// The newest records, 1,000 at most; how many there are in all. `notes`: what could not be read.
async<result<std::int64_t>> scan_newest(call_slot& slot, const twenty::readable_object& of,
                                        const twenty::access& may,
                                        const std::vector<const twenty::field*>& fields,
                                        pool& found, std::vector<std::string>& notes);
// The records that may share something with one of `given`; others as well.
async<result<done>> read_sharing(call_slot& slot, const twenty::readable_object& of,
                                 const twenty::access& may,
                                 const std::vector<const twenty::field*>& fields,
                                 std::vector<const json::object*> given, pool& found);
// Of all records those that have exactly the same in a field, as Twenty counts: where there are
// more than a call reads. What it cannot count is left out.
async<done> add_repeated(call_slot& slot, const twenty::readable_object& of,
                         const twenty::access& may, const std::vector<const twenty::field*>& fields,
                         pool& found);
// What Twenty itself takes for duplicates of a record: it may know a rule that we don't.
async<json::array> twentys_duplicates(call_slot& slot, const twenty::readable_object& of,
                                      const twenty::access& may,
                                      const std::vector<const twenty::field*>& fields,
                                      const std::string& id);
// What is read of a record: its name, when it was made, and what tells.
twenty::wanted_fields telling_selection(const twenty::object& of, const twenty::access& may,
                                        const std::vector<const twenty::field*>& fields);

} // namespace crm
