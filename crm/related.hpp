// The to-many relations of a record: which of them depth 1 shows, a few records of each, and
// where the others are.
#pragma once

#include "base/json.hpp"
#include "twenty/access.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

// Twenty links notes and tasks to anything through rows of their own (noteTarget). What is shown
// are the records at the other end of such rows, seen from the side of `rows`: the notes of a
// company, the people and companies of a note.
struct link {
    struct end {
        std::string relation; // note, targetPerson
        std::string object;   // nameSingular of what is there
        std::string join;     // noteId, targetPersonId
    };
    std::string rows;      // noteTargets
    std::vector<end> ends; // that the grant may follow
    std::string morph;     // target: the field whose relations they are, if it is a morph one
    std::string
        shown_as;       // notes, targets; the rows' own name where the object has a field so called
    bool mixed = false; // the ends may be of several objects, so each record says of which
};

struct relations_shown {
    std::vector<std::string> names; // as wanted_fields.expand takes them
    std::vector<link> links;
};

// How the record is linked, when the relation leads to rows that only link and the grant may read
// something at their other end.
std::optional<link> link_of(const twenty::object& of, const twenty::relation& to,
                            const twenty::access& may);
// The column of the records at the other end that holds our id; empty when the schema does not
// tell.
std::string join_back(const twenty::object& of, const twenty::relation& to,
                      const twenty::access& may);

// Everything to-many that the grant may follow, without Twenty's own bookkeeping.
relations_shown to_many_of(const twenty::object& of, const twenty::access& may);

// The records at the other end of compact rows, each once.
struct linked_records {
    json::array records;
    bool hidden = false; // a row shows none: deleted, or not to be read
};
linked_records records_behind(const json::array& rows, const link& l);
// Puts them in the place of the rows; `record` is compact. A note, or nothing.
std::string show_behind(json::object& record, const link& l);
std::string note_on_hidden(const link& l);

// A list of which not everything is shown.
struct shortened {
    std::string name; // what the list is called in the result
    std::size_t shown = 0;
    std::size_t total = 0;
    bool or_more = false; // Twenty's own limit was reached: there may be more than `total`
    std::string object;   // what to list with find_records…
    std::string join;     // …by this column; empty when the schema does not tell
};

// Leaves the first `most` records in each to-many list of a record as Twenty answers it.
// Twenty gives up to 60, whatever `first` says, and counts no more than it gives [Twenty 2.19
// source: nested relations].
std::vector<shortened> shorten_lists(json::value& record, const twenty::object& of,
                                     const twenty::access& may, std::size_t most);

// "10 of 150 people are shown; …"
std::string note_on(const shortened& list, std::string_view id);

} // namespace crm
