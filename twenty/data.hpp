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
    // Fields (EMAILS, LINKS, PHONES) whose update lacks parts: Twenty would clear those. Read
    // the record first, then merge_composite() each of them into `values`.
    std::vector<std::string> merge;
};

// `input` must be a non-empty object for an update, an object for a create. Unknown or
// forbidden fields, fields that can't be written, wrong types, options or ids: errc::bad_request
// with the field's name, the nearest names or the allowed values.
result<prepared_data> prepare_create(const json::value& input, const object& of, const access& may);
result<prepared_data> prepare_update(const json::value& input, const object& of, const access& may);

// The stored composite with the patch's members on top. For EMAILS, LINKS and PHONES.
json::value merge_composite(const field& f, const json::value& stored, const json::value& patch);

// Can a client write this field at all (as itself or through its join columns)?
bool writable(const field& f) noexcept;

} // namespace twenty
