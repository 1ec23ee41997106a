// The mails and meetings of a person, a company or a member. They hang on participants, and their
// titles are read from their own root only (twenty/restricted.hpp): two requests, whatever there
// is.
#pragma once

#include "base/json.hpp"
#include "crm/workspace.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

struct correspondence {
    correspondence(twenty::readable_object object, twenty::readable_object participants)
        : of(std::move(object)), rows(std::move(participants)) {}

    std::string name;             // mails, meetings: its member in the record
    twenty::readable_object of;   // message, calendarEvent
    twenty::readable_object rows; // messageParticipant
    std::string relation;         // from a row to its mail or meeting
    std::string join;             // its column
    std::string list;             // from a mail to its rows; empty: not to be followed
    std::string time;             // receivedAt, startsAt
    // The column of the rows that holds a record's id; of a company's people it is theirs.
    std::vector<std::string> path;
};

// What a word means for this object (emails, mails, meetings, events), or all of it for "".
std::vector<correspondence> correspondence_of(const twenty::object& of, const twenty::access& may,
                                              std::string_view word = {});

struct correspondence_read {
    json::array records; // newest first, each once
    std::vector<std::string> notes;
    std::optional<error> failure;
};
async<correspondence_read> read_correspondence(call_slot& slot, correspondence what, std::string id,
                                               const twenty::access& may);

} // namespace crm
