// What the actors answer with, where a question of messages.hpp is answered by more than a noun
// that another room has.
#pragma once

#include "base/log.hpp"
#include "base/result.hpp"
#include "twenty/connection.hpp"
#include "twenty/schema.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace actors {

// What goes back to the client of /mcp. status 401 and 403 get their challenge header from
// the HTTP side.
struct mcp_reply {
    int status = 200;
    std::string body;                // JSON, may be empty
    std::string session_id;          // set on the answer to initialize
    errc challenge = errc::internal; // unauthenticated or scope_missing when status is 401/403
    bool streaming = false;          // there is no body: it comes through the call's outlet
    std::vector<logging::pair> log;  // what the access log says of the call
};

// What Twenty says of a key.
struct checked_key {
    twenty::workspace workspace;
    twenty::key_facts facts;
    twenty::schema_ptr schema;
};

struct status {
    bool ready = false;         // the store answers and can write
    std::string why;            // not
    std::optional<bool> twenty; // answers; nullopt: nobody has asked it yet
    std::size_t sessions = 0;
    std::size_t pauses = 0;            // of writes
    std::chrono::seconds clock_set{0}; // by how much, some minutes ago; negative: back
};

} // namespace actors
