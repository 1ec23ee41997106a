// The rows of noteTarget and taskTarget that link a note or task to what it is about.
#pragma once

#include "base/result.hpp"
#include "twenty/access.hpp"

#include <string>

namespace crm {

// The object whose rows link records of `of`, and the column that holds the record's id.
struct target_rows {
    twenty::writable_object rows;
    std::string owner;
};
// errc::bad_request for other objects than notes and tasks.
result<target_rows> about_rows_of(const twenty::object& of, const twenty::access& may);

} // namespace crm
