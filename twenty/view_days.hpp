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

// PAST_7_DAY, NEXT_2_WEEK, THIS_1_MONTH, with the time zone and the first day of the week behind
// ";;". As in Twenty these are whole days, weeks, months: the current one is in neither the past
// nor the next. Nothing for another form.
std::optional<span_of_time> relative_span(std::string_view written, moment now);

} // namespace twenty
