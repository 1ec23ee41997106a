// Whether Twenty is at an address: a question that it answers to anybody.
#pragma once

#include "base/result.hpp"
#include "twenty/transport.hpp"

namespace twenty {

// Without a key [twenty-golden graphql].
request probe_request();
// errc::upstream_down: something else answers there, or nothing can.
result<done> read_probe(const response& r);

} // namespace twenty
