// What the database is opened with.
#pragma once

#include "base/secret.hpp"
#include "oauth/types.hpp"
#include "stored/calls.hpp"
#include "stored/change.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace stored {

struct options {
    std::string path;             // file, or ":memory:"
    secret key;                   // COOKIE_ENCRYPTION_KEY, 32 bytes
    std::vector<secret> previous; // older keys, newest first
    std::string resource;         // ours, canonical (RFC 8707): no other's token or grant is good
    oauth::lifetimes lifetimes;
    oauth::reuse_policy on_reuse = oauth::reuse_policy::end;
    call_bounds calls;          // what is kept of the trail of calls
    change_bounds changes;      // and of the journal of changes
    std::int64_t max_pages = 0; // a size limit in pages of 4 KiB; 0: none
};

} // namespace stored
