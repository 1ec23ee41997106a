// Our error as CAF carries it, and back. Inside CAF an error is a code, a category and a
// message; ours travels whole in the message.
#pragma once

#include "base/result.hpp"

#include <caf/error.hpp>

namespace actors {

caf::error to_caf(error failure);
// CAF's own errors (receiver gone, actor failed) become errc::unavailable or errc::internal.
error from_caf(const caf::error& failure);

error unavailable(); // "The server is restarting or closing; try again."

} // namespace actors
