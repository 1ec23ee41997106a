// Who calls, as the actors know it once a token was opened, and what is kept of each of their
// calls.
#pragma once

#include "mcp/call_report.hpp"
#include "oauth/types.hpp"
#include "twenty/connection.hpp"

#include <memory>
#include <string>

namespace actors {

// What an access token opens, ready to be used by a call. Immutable and shared.
struct bearer {
    std::string grant_id;
    std::string key_id; // of its API key, as administrators see it
    oauth::scope_set scope;
    twenty::connection connection;
    std::string client_name;
};
using bearer_ptr = std::shared_ptr<const bearer>;

// A call that has ended, on its way to the audit trail.
struct noted_call {
    oauth::time_point at;
    bearer_ptr who;
    mcp::call_report report;
    std::string request_id;
};

// How Twenty took a grant's API key. `dead`: it said that the key is revoked or has expired, which
// no later answer takes back.
enum class key_verdict { accepted, refused, dead };

} // namespace actors
