// Which of Twenty's answers concern the pool and the session rather than the tool that asked:
// the workspace's rate limit, a refused API key, a broken server. Twenty reports the first two
// as HTTP 200 on GraphQL.
#pragma once

#include "base/result.hpp"
#include "twenty/retry.hpp"
#include "twenty/transport.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace actors {

struct upstream_failure {
    error why;                           // rate_limited, upstream_auth or a 5xx
    std::optional<twenty::rate> learned; // the limit that Twenty named
    bool said_by_twenty = false;         // with a code of its own, not by a proxy's status
    bool for_good = false;               // the key is revoked or has expired
};
// nullopt: an answer for the tool, good or bad. `target` is the request's. Costs a search in a
// short text, parses only on suspicion.
std::optional<upstream_failure> find_failure(std::string_view target,
                                             const twenty::response& answer);

// Has the answer the form of Twenty's, whatever it says? A proxy's page has not.
bool is_of_twenty(const twenty::response& answer);

// What came of an exchange in which Twenty was not there, for the log: "HTTP 502, text/html", or
// how it was lost. Never empty; of an answer it has nothing but its status and type.
std::string what_came(const result<twenty::response>& outcome);

} // namespace actors
