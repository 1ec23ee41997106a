// Days, months and words for them (today, lastMonth, -30d) as spans of time. What a person means by
// "closes on 1 December" is a whole day of their calendar, while Twenty 2.19 compares a date on a
// DATE_TIME as midnight UTC.
#pragma once

#include "base/result.hpp"
#include "base/time_zone.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twenty {

// When and where a filter is read. Without a clock (0) words that need one are unknown.
struct moment {
    std::int64_t now = 0; // unix seconds
    time_zone zone;       // UTC unless the caller names another
};

// Calendar days of a zone: from the first one up to, without, the second.
struct day_span {
    std::chrono::sys_days from;
    std::chrono::sys_days until;
    [[nodiscard]] bool one_day() const { return until - from == std::chrono::days(1); }
};

// "2026-12-01", "2026-12", "2026", and where there is a clock: today, lastWeek, nextQuarter, -30d,
// +2w, -1m, "last 7 days" (any case, with or without blanks and underscores). Weeks begin on
// Monday. nullopt: none of these.
std::optional<day_span> read_days(std::string_view written, const moment& at);

// "2026-12-01"
std::string date_text(std::chrono::sys_days day);
// The instant at which the day begins in the zone: "2026-11-30T23:00:00Z".
std::string start_text(std::chrono::sys_days day, const moment& at);

// The words, for messages and tests.
std::vector<std::string_view> day_words();

} // namespace twenty
