// The database's version: every step from an empty file to today, and the refusal of files
// that are not ours or newer than this program.
#pragma once

#include "base/result.hpp"
#include "store/database.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace store {

// PRAGMA application_id of our files ("TwMC"), so that no other program's database is taken
// for one of ours.
inline constexpr std::int64_t application_id = 0x54774D43;

// Step n turns version n into version n + 1.
using migrations = std::vector<std::string_view>;
const migrations& all_migrations();

// The version of the file, 0 when it is empty. errc::unavailable: another program's database,
// or a version above `newest`.
result<std::int64_t> read_version(database& db, std::int64_t newest);

// Runs the steps that are missing, each in a transaction of its own.
result<done> migrate(database& db, std::int64_t from, const migrations& steps);

} // namespace store
