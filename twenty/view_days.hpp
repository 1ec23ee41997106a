// The days and spans of time that saved views compare with, in UTC.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace twenty {

using moment = std::chrono::sys_seconds;

struct span_of_time {
    moment from;
    moment to; // not part of it
};

// 2026-12-01, or the day of a date and time; nothing for anything else.
std::optional<moment> day_written(std::string_view written);
span_of_time day_around(moment now);

// PAST_7_DAY, NEXT_2_WEEK, THIS_1_MONTH, with more behind ";;". As in Twenty, days end at midnight
// and leave out today (`whole_days`, for dates), and a date and time counts from this very minute.
// Weeks begin on Mondays. Nothing for another form.
std::optional<span_of_time> relative_span(std::string_view written, moment now, bool whole_days);

} // namespace twenty
