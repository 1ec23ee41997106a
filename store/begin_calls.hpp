// Ends a trail of calls that was altered, and begins the next one behind it.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "oauth/types.hpp"
#include "store/database.hpp"
#include "stored/calls.hpp"

namespace store {

// For a process that has the database alone: a server goes on leaving an altered head unsigned
// until it starts again. Keeps all calls as they are, and writes an event of the audit.
// errc::conflict: the trail is whole, and nothing was changed.
result<stored::call_break> begin_calls_anew(database& db, const secret& instance,
                                            oauth::time_point now);

} // namespace store
