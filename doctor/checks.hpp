// The table of checks: each row is a question about a server that an administrator can put right.
// The run, both outputs and docs/doctor.md come from it.
#pragma once

#include "doctor/finding.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace doctor {

class examination;

// Who asks: what the row needs to be asked at all.
enum class side {
    client,  // nothing: any client could
    key,     // an API key of Twenty (--key-file)
    machine, // the server's own settings and files
    both,    // the settings and an API key
};

struct check {
    std::string_view name; // stable: scripts compare it
    std::string_view title;
    std::string_view advice; // what to do when it fails
    side by = side::client;
    // Names, parted by blanks, of earlier rows that must not have failed: without them this one
    // would say nothing.
    std::string_view needs;
    finding (*look)(examination& e);
};

const std::vector<check>& checks();

} // namespace doctor
