// What a model wants to write, checked and put in the form that Twenty stores, before any
// request is sent. Repairs are small and reported; everything else is an error that says what
// would be right.
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/access.hpp"
#include "twenty/schema.hpp"

#include <string>
#include <vector>

namespace twenty {

// A link to a record that the caller named instead of giving its id.
struct named_link {
    std::string column;     // "ownerId"
    readable_object target; // what it leads to
    std::string name;       // "Tobias Arden", "tobias@example.com"
};

struct prepared_data {
    json::object values;
    std::vector<std::string> notes; // repairs, for the model
    // Fields of an update that need what is stored: EMAILS, LINKS and PHONES, of which Twenty would
    // clear what is not given, and texts to append to. Read the record first, then merge_stored().
    std::vector<std::string> merge;
    std::vector<std::string> append; // of those: {"append": "…"} was given, values have the text
    // Links to find the ids for; they are in no value until then.
    std::vector<named_link> named;
    bool replace = false;
};

// `input` must be a non-empty object for an update, an object for a create. Unknown or
// forbidden fields, fields that can't be written, wrong types, options or ids: errc::bad_request
// with the field's name, the nearest names or the allowed values. A composite of null is cleared by
// its parts; a create leaves it out, and needs at least one value that is not empty. With `replace`
// what is given for EMAILS, LINKS and PHONES takes the place of the stored values instead of
// joining them. A link that is no id becomes one of `named`.
result<prepared_data> prepare_create(const json::value& input, const object& of, const access& may);
result<prepared_data> prepare_update(const json::value& input, const object& of, const access& may,
                                     bool replace = false);

// Merges the stored record's values into the fields of `merge` and empties that list.
// errc::bad_request for a text or list that is the stored one as it was shown cut, which would lose
// the rest of it, unless `replace` says so.
result<done> merge_stored(prepared_data& data, const object& of, const json::value& record);

// Can a client write this field at all (as itself or through its join columns)?
bool writable(const field& f) noexcept;

} // namespace twenty
