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

struct prepared_data {
    json::object values;
    std::vector<std::string> notes; // repairs, for the model
    // Fields (EMAILS, LINKS, PHONES) of an update of which Twenty would clear what is not
    // given. Read the record first, then merge_stored().
    std::vector<std::string> merge;
    bool replace = false;
};

// `input` must be a non-empty object for an update, an object for a create. Unknown or
// forbidden fields, fields that can't be written, wrong types, options or ids: errc::bad_request
// with the field's name, the nearest names or the allowed values. With `replace` what is given
// for EMAILS, LINKS and PHONES takes the place of the stored values instead of joining them.
result<prepared_data> prepare_create(const json::value& input, const object& of, const access& may);
result<prepared_data> prepare_update(const json::value& input, const object& of, const access& may,
                                     bool replace = false);

// Merges the stored record's values into the fields of `merge` and empties that list.
void merge_stored(prepared_data& data, const object& of, const json::value& record);

// Can a client write this field at all (as itself or through its join columns)?
bool writable(const field& f) noexcept;

} // namespace twenty
