// The primer of the workspace as it is kept: the one in use, its last versions, and on which
// condition it changes.
#pragma once

#include "oauth/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stored {

struct primer_record {
    std::string markdown;
    oauth::time_point updated_at;
    std::string etag; // strong, quoted
};

// One of the primer's last versions.
struct primer_version {
    std::int64_t version = 0;
    oauth::time_point created_at;
    std::optional<std::string> markdown; // nullopt: the bundled one came back into use
    std::string etag;                    // as in primer_record; empty with the bundled one
};

// RFC 9110 §13.1.1, §13.1.2: what must be true of the primer in use for a change to happen.
struct primer_condition {
    std::optional<std::vector<std::string>> etags; // is one of these; "*": there is one at all
    bool absent = false;                           // there is none
};

} // namespace stored
