// Copies of the database that are whole files by themselves: for `twenty-mcp backup`, and before a
// migration. The service may write meanwhile, in another process.
#pragma once

#include "base/result.hpp"
#include "oauth/types.hpp"
#include "store/database.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace store {

// What a database file holds.
struct file_facts {
    std::int64_t bytes = 0;
    std::int64_t version = 0;
    std::int64_t grants = 0;
    std::optional<oauth::time_point> newest; // the last thing that was written down in it
};

// Reads a whole database through; its version, 0 when nothing is in it yet. errc::unavailable: it
// is none of ours, of a newer version, or damaged.
result<std::int64_t> read_through(database& db);

// read_through(), which an empty database does not pass here, and what the file holds.
result<file_facts> examine(database& db);

// Writes the database as it is at this moment into `file`, without the log that stands beside a
// database in use. errc::conflict: the file is there, and `replace` does not allow it.
result<file_facts> back_up(const std::string& database_file, const std::string& file, bool replace);

// How many copies from before a migration are kept: of the last two upgrades.
inline constexpr std::size_t kept_before_migrations = 2;

// Before `db`, which is open at `path`, becomes `version`: a copy beside it,
// PATH.before-version-VERSION. `max_pages` as in stored::options.
result<done> keep_before_migration(database& db, const std::string& path, std::int64_t version,
                                   std::int64_t max_pages);

} // namespace store
