#include "twenty/view_days.hpp"

#include "base/text.hpp"
#include "twenty/values.hpp"

#include <charconv>

namespace twenty {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr int most_units = 10'000;
constexpr std::int64_t day_seconds = 86'400;

// n months later; the last day of a month that has no such day.
sys_days months_later(sys_days from, int n) {
    const std::chrono::year_month_day at(from);
    const auto month = at.year() / at.month() + std::chrono::months(n);
    const auto same = month / at.day();
    return same.ok() ? sys_days(same) : sys_days(month / std::chrono::last);
}

std::optional<sys_days> later(sys_days from, std::string_view unit, int n) {
    if (unit == "DAY") return from + days(n);
    if (unit == "WEEK") return from + days(7 * n);
    if (unit == "MONTH") return months_later(from, n);
    if (unit == "QUARTER") return months_later(from, 3 * n);
    if (unit == "YEAR") return months_later(from, 12 * n);
    return std::nullopt;
}

sys_days beginning(sys_days in, std::string_view unit, std::chrono::weekday week) {
    const std::chrono::year_month_day at(in);
    const auto month = unsigned(at.month());
    const auto first = [&](unsigned m) { return sys_days(at.year() / std::chrono::month(m) / 1); };
    if (unit == "WEEK") return in - (std::chrono::weekday(in) - week);
    if (unit == "MONTH") return first(month);
    if (unit == "QUARTER") return first((month - 1) / 3 * 3 + 1);
    if (unit == "YEAR") return first(1);
    return in;
}

std::optional<std::int64_t> seconds_of(std::string_view unit) {
    if (unit == "SECOND") return 1;
    if (unit == "MINUTE") return 60;
    if (unit == "HOUR") return 3600;
    return std::nullopt;
}

// The day that a week begins with, which may stand behind the span: "…;;UTC;;SUNDAY;;".
std::chrono::weekday week_of(std::string_view written) {
    if (written.find(";;SUNDAY") != std::string_view::npos) return std::chrono::Sunday;
    if (written.find(";;SATURDAY") != std::string_view::npos) return std::chrono::Saturday;
    return std::chrono::Monday;
}

int number(std::string_view digits) {
    int out = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return out;
}

// reach is how far a span reaches from the current unit, in units.
struct reach {
    int from, until;
};
// reach_of() counts from the current unit, which is in THIS alone: PAST ends before it and NEXT
// begins behind it.
std::optional<reach> reach_of(std::string_view direction, std::string_view amount) {
    if (direction == "THIS") return reach{0, 1};
    int n = 0;
    const auto read = std::from_chars(amount.data(), amount.data() + amount.size(), n);
    if (read.ec != std::errc() || n < 1 || n > most_units) return std::nullopt;
    if (direction == "PAST") return reach{-n, 0};
    if (direction == "NEXT") return reach{1, n + 1};
    return std::nullopt;
}

} // namespace

std::optional<sys_days> day_written(std::string_view written, const moment& at) {
    if (written.size() < 10 || !is_date(written.substr(0, 10))) return std::nullopt;
    const sys_days day = std::chrono::year(number(written.substr(0, 4))) /
                         std::chrono::month(unsigned(number(written.substr(5, 2)))) /
                         std::chrono::day(unsigned(number(written.substr(8, 2))));
    const auto clock = written.substr(10);
    if (clock.size() < 7 || clock[0] != 'T' || clock[3] != ':' || clock.back() != 'Z') return day;
    const auto seconds = number(clock.substr(1, 2)) * 3600 + number(clock.substr(4, 2)) * 60;
    return at.zone.day_of(day.time_since_epoch().count() * day_seconds + seconds);
}

moment moment_of_view(std::string_view written, const moment& at) {
    moment out = at;
    const auto parts = text::split(written, ';');
    if (parts.size() > 2)
        if (const auto zone = time_zone::named(parts[2])) out.zone = *zone;
    return out;
}

std::optional<std::variant<day_span, clock_span>> relative_span(std::string_view written,
                                                                const moment& at) {
    const auto parts = text::split(written.substr(0, written.find(";;")), '_');
    if (parts.size() < 3) return std::nullopt;
    const auto far = reach_of(parts[0], parts[1]);
    if (!far) return std::nullopt;
    const auto& unit = parts[2];
    if (const auto seconds = seconds_of(unit)) {
        // The clock's spans begin with a whole unit as well.
        const auto now = at.now - at.now % *seconds;
        return clock_span{now + far->from * *seconds, now + far->until * *seconds};
    }
    const auto current = beginning(at.zone.day_of(at.now), unit, week_of(written));
    const auto from = later(current, unit, far->from);
    const auto until = later(current, unit, far->until);
    if (!from || !until) return std::nullopt;
    // What is_date() takes: four digits of a year.
    const sys_days first = std::chrono::year(1) / 1 / 1;
    const sys_days last = std::chrono::year(9999) / 12 / 31;
    if (*from < first || *from > last || *until > last) return std::nullopt;
    return day_span{*from, *until};
}

} // namespace twenty
