// Listing and counting by filters that compare only what the key's role may read; see
// twenty/compared_fields for why.
#pragma once

#include "crm/reading.hpp"

#include <string>

namespace crm {

// read_root() of a list with this filter. Fails when the role may not read a field that the
// filter compares. What is selected for the comparison alone is not in the records.
async<reading> read_compared(call_slot& slot, const twenty::readable_object& of,
                             const twenty::access& may, twenty::wanted_fields want,
                             json::value filter, request_maker make);

// Their number; Twenty refuses it where the role may not read what the filter compares.
// errc::bad_request where that cannot be checked.
result<twenty::request> compared_count_request(const twenty::readable_object& of,
                                               const twenty::access& may,
                                               const json::value& filter);

// Does it compare fields of related objects? Then a refusal may be of these, and says nothing of
// the object itself.
bool compares_related(const twenty::object& of, const twenty::access& may,
                      const json::value& filter);

} // namespace crm
