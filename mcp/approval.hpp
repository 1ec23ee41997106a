// What a person is asked before records are changed, where the client cannot ask: the question
// waits at the server, for a page that the person opens.
#pragma once

#include <string>
#include <vector>

namespace mcp {

struct approval_question {
    // Of everything that the answer holds for: tool, arguments, records and what they hold now.
    std::string digest;
    std::string title;              // "Delete 3 companies"
    std::vector<std::string> lines; // what changes, the first records by name
    // The client's person has said yes: it is only asked whether that yes was used before.
    bool is_answered = false;
    approval_question() {}
};

struct approval {
    enum class state {
        approved, // now: the next question of this digest is a new one
        declined,
        open,
    };
    state now = state::open;
    std::string link; // where the person says so
    approval() {}
};

} // namespace mcp
