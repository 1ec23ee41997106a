// How an administrator finds grants and chooses those that end. A grant itself is
// oauth::grant_summary.
#pragma once

#include "oauth/types.hpp"

#include <optional>
#include <string>
#include <vector>

namespace stored {

// Which grants an administrator looks for. What is empty does not matter; all else must hold.
struct grant_filter {
    std::string id;
    std::string client; // in the client's name, address or redirect URI, or in the label
    std::string mode;   // "read" or "write"
    std::string object; // may reach it, or it is not known which it may reach
    std::string key_id;
    std::optional<oauth::time_point> unused_since;
};
// The newest first; `after` is the cursor of the page before.
struct grant_page {
    std::vector<oauth::grant_summary> grants;
    std::string next; // empty: that was all
};
// Which to end: exactly one is set.
struct grant_choice {
    std::string id;
    std::string key_id;
    std::string client_id;
    bool all = false;
};

} // namespace stored
