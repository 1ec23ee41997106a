// What belongs to a record, read in the same call: get_record's "include". Each is a list of its
// own request, newest first, because Twenty's nested lists can be neither sorted nor bounded.
#pragma once

#include "base/json.hpp"
#include "crm/correspondence.hpp"
#include "crm/related.hpp"
#include "crm/workspace.hpp"

#include <optional>
#include <string>
#include <vector>

namespace crm {

inline constexpr std::string_view timeline = "timelineActivity";

inline constexpr std::size_t most_included = 8; // names in one call

struct included {
    explicit included(twenty::readable_object object) : of(std::move(object)) {}

    std::string name; // its member in the record
    twenty::readable_object of;
    std::string join; // to-many: the column of `of` that holds the record's id; to-one: ours
    std::string back; // the field of `of` that leads to the record, which its rows don't repeat
    bool to_one = false;
    std::optional<link> through; // rows that only link, and what is behind them
    std::optional<correspondence> mails_or_meetings;
};

// `name` is a relation, what is behind its link rows (notes, tasks, targets), mails, meetings,
// "timeline", the object at the other end, or a word that people use for it. errc::bad_request
// names what there is, hidden objects never.
result<included> find_included(std::string_view name, const twenty::object& of,
                               const twenty::access& may);

// Sets the member of the compact `record`; a failure becomes a note.
async<std::vector<std::string>> read_included(call_slot& slot, included what, std::string id,
                                              json::object& record, const twenty::access& may);

} // namespace crm
