// Time as Twenty writes and reads it: "2026-11-22T12:05:17.009Z", and "2026-11-22" for a date.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace demo {

// Milliseconds, as Twenty's: nanoseconds would hold the years 1678 to 2262 only, and a filter may
// name any year from 0000 to 9999.
using time_point = std::chrono::sys_time<std::chrono::milliseconds>;

inline time_point now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string iso_date_time(time_point t); // UTC, milliseconds
std::string iso_date(time_point t);

// ISO 8601 date or date-time; without an offset it is UTC. Answers the date-time in UTC.
std::optional<time_point> parse_date_time(std::string_view text);
// What Twenty takes besides: 12/01/2026 and 01.12.2026, both with the month in front, 2026/12/01,
// 20261201, small letters, and in a write a zone's name in brackets after an offset.
std::optional<time_point> parse_loosely(std::string_view text, bool zone_name);

} // namespace demo
