#include "base/number.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>

namespace text {

std::string iso_time(std::int64_t unix_seconds) {
    const auto t = static_cast<std::time_t>(unix_seconds);
    std::tm parts{};
    gmtime_r(&t, &parts);
    char buffer[32];
    const auto size = std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {buffer, size};
}

// read_iso_time() takes one spelling of RFC 3339 alone: a time zone or a missing one would be
// understood otherwise than it was meant.
std::optional<std::int64_t> read_iso_time(std::string_view value) {
    namespace ch = std::chrono;
    constexpr std::string_view shape = "0000-00-00T00:00:00Z";
    // The log writes milliseconds; what is behind the second does not count here.
    std::string whole(value);
    if (const auto point = whole.find('.'); point == shape.size() - 1 && whole.back() == 'Z') {
        const auto fraction = whole.substr(point + 1, whole.size() - point - 2);
        if (fraction.empty() || fraction.size() > 9 || !std::ranges::all_of(fraction, is_digit))
            return std::nullopt;
        whole.erase(point, fraction.size() + 1);
    }
    value = whole;
    if (value.size() != shape.size()) return std::nullopt;
    for (std::size_t i = 0; i < shape.size(); ++i)
        if (shape[i] == '0' ? value[i] < '0' || value[i] > '9' : value[i] != shape[i])
            return std::nullopt;
    const auto number = [&](std::size_t from, std::size_t digits) {
        return static_cast<int>(*text::number<std::int64_t>(value.substr(from, digits)));
    };
    const ch::year_month_day day{ch::year(number(0, 4)),
                                 ch::month(static_cast<unsigned>(number(5, 2))),
                                 ch::day(static_cast<unsigned>(number(8, 2)))};
    const int hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
    // Clocks of nanoseconds cannot count beyond the year 2262.
    if (!day.ok() || day.year() < ch::year(1970) || day.year() > ch::year(2200) || hour > 23 ||
        minute > 59 || second > 59)
        return std::nullopt;
    return (ch::sys_seconds(ch::sys_days(day)) + ch::hours(hour) + ch::minutes(minute) +
            ch::seconds(second))
        .time_since_epoch()
        .count();
}

} // namespace text
