// The days and spans of time that saved views compare with.
#pragma once

#include "twenty/days.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace twenty {

// Unix seconds, the second one not part of it.
struct clock_span {
    std::int64_t from;
    std::int64_t until;
};

// 2026-12-01, or the day on which 2026-12-01T09:30:00Z falls in the zone; nothing for another form.
std::optional<std::chrono::sys_days> day_written(std::string_view written, const moment& at);

// The zone that Twenty keeps behind a relative span ("PAST_7_DAY;;Europe/Oslo;;MONDAY;;"), else
// that of `at`.
moment moment_of_view(std::string_view written, const moment& at);

// PAST_7_DAY, NEXT_2_WEEK, THIS_1_MONTH, with the zone and the first day of the week behind ";;".
// As in Twenty these are whole days, weeks, months of the zone: the current one is in neither the
// past nor the next. Seconds, minutes and hours are spans of the clock. Nothing for another form.
std::optional<std::variant<day_span, clock_span>> relative_span(std::string_view written,
                                                                const moment& at);

} // namespace twenty
