#include "twenty/view_days.hpp"

#include "base/text.hpp"
#include "twenty/values.hpp"

#include <charconv>

namespace twenty {

namespace {

using day = std::chrono::sys_days;
using std::chrono::days;

constexpr int most_units = 10'000;

// n months later; the last day of a month that has no such day.
moment months_later(moment from, int n) {
    const auto midnight = std::chrono::floor<days>(from);
    const std::chrono::year_month_day at(midnight);
    const auto month = at.year() / at.month() + std::chrono::months(n);
    const auto same = month / at.day();
    const auto then = same.ok() ? day(same) : day(month / std::chrono::last);
    return then + (from - midnight);
}

std::optional<moment> later(moment from, std::string_view unit, int n) {
    if (unit == "SECOND") return from + std::chrono::seconds(n);
    if (unit == "MINUTE") return from + std::chrono::minutes(n);
    if (unit == "HOUR") return from + std::chrono::hours(n);
    if (unit == "DAY") return from + days(n);
    if (unit == "WEEK") return from + days(7 * n);
    if (unit == "MONTH") return months_later(from, n);
    if (unit == "QUARTER") return months_later(from, 3 * n);
    if (unit == "YEAR") return months_later(from, 12 * n);
    return std::nullopt;
}

std::optional<moment> beginning(moment in, std::string_view unit, std::chrono::weekday week) {
    const auto midnight = std::chrono::floor<days>(in);
    const std::chrono::year_month_day at(midnight);
    const auto month = unsigned(at.month());
    const auto first = [&](unsigned m) { return day(at.year() / std::chrono::month(m) / 1); };
    if (unit == "SECOND") return in;
    if (unit == "MINUTE") return std::chrono::floor<std::chrono::minutes>(in);
    if (unit == "HOUR") return std::chrono::floor<std::chrono::hours>(in);
    if (unit == "DAY") return midnight;
    if (unit == "WEEK") return midnight - (std::chrono::weekday(midnight) - week);
    if (unit == "MONTH") return first(month);
    if (unit == "QUARTER") return first((month - 1) / 3 * 3 + 1);
    if (unit == "YEAR") return first(1);
    return std::nullopt;
}

// The day that a week begins with, which may stand behind the span: "…;;UTC;;SUNDAY;;".
std::chrono::weekday week_of(std::string_view written) {
    if (written.find(";;SUNDAY") != std::string_view::npos) return std::chrono::Sunday;
    if (written.find(";;SATURDAY") != std::string_view::npos) return std::chrono::Saturday;
    return std::chrono::Monday;
}

std::optional<span_of_time> between(std::optional<moment> from, std::optional<moment> to) {
    if (!from || !to) return std::nullopt;
    return span_of_time{*from, *to};
}

} // namespace

std::optional<moment> day_written(std::string_view written) {
    if (written.size() < 10 || !is_date(written.substr(0, 10))) return std::nullopt;
    const auto number = [&](std::size_t from, std::size_t n) {
        int out = 0;
        std::from_chars(written.data() + from, written.data() + from + n, out);
        return out;
    };
    return day{std::chrono::year(number(0, 4)) / std::chrono::month(unsigned(number(5, 2))) /
               std::chrono::day(unsigned(number(8, 2)))};
}

span_of_time day_around(moment now) {
    const moment midnight = std::chrono::floor<days>(now);
    return {midnight, midnight + days(1)};
}

std::optional<span_of_time> relative_span(std::string_view written, moment now) {
    const auto parts = text::split(written.substr(0, written.find(";;")), '_');
    if (parts.size() < 3) return std::nullopt;
    const auto& direction = parts[0];
    const auto& amount = parts[1];
    const auto& unit = parts[2];
    const auto from = beginning(now, unit, week_of(written));
    const auto next = from ? later(*from, unit, 1) : std::nullopt;
    if (direction == "THIS" || !next) return between(from, next);
    int n = 0;
    const auto read = std::from_chars(amount.data(), amount.data() + amount.size(), n);
    if (read.ec != std::errc() || n < 1 || n > most_units) return std::nullopt;
    if (direction == "PAST") return between(later(*from, unit, -n), from);
    if (direction == "NEXT") return between(next, later(*next, unit, n));
    return std::nullopt;
}

} // namespace twenty
