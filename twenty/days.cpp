#include "twenty/days.hpp"

#include "base/text.hpp"
#include "twenty/values.hpp"

#include <algorithm>
#include <charconv>

namespace twenty {

namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year_month;
using std::chrono::year_month_day;

enum class unit { day, week, month, quarter, year };

// A word is a unit, and how many of them from the current one on.
struct word {
    std::string_view name; // lower case, without blanks
    unit of;
    int steps;
};
constexpr word words[] = {
    {"today", unit::day, 0},
    {"yesterday", unit::day, -1},
    {"tomorrow", unit::day, 1},
    {"thisweek", unit::week, 0},
    {"lastweek", unit::week, -1},
    {"nextweek", unit::week, 1},
    {"thismonth", unit::month, 0},
    {"lastmonth", unit::month, -1},
    {"nextmonth", unit::month, 1},
    {"thisquarter", unit::quarter, 0},
    {"lastquarter", unit::quarter, -1},
    {"nextquarter", unit::quarter, 1},
    {"thisyear", unit::year, 0},
    {"lastyear", unit::year, -1},
    {"nextyear", unit::year, 1},
};

// chrono::year has 16 bits, so that 65,536 years from now would be today. A hundred thousand of
// any shorter unit stay within them, and has_four_digits() refuses what is too far for a date.
constexpr int furthest = 100'000;
constexpr int furthest_year = 10'000;

sys_days first_of(year_month m) { return sys_days(m / 1); }

// unit_at() is the whole unit that is `steps` away from the one with `day` in it.
day_span unit_at(unit of, sys_days day, int steps) {
    const year_month_day date(day);
    const year_month month(date.year(), date.month());
    const auto span = [](year_month from, int length) {
        return day_span{first_of(from), first_of(from + months(length))};
    };
    switch (of) {
    case unit::day:
        return {day + days(steps), day + days(steps + 1)};
    case unit::week: {
        const auto monday =
            day - (std::chrono::weekday(day) - std::chrono::Monday) + days(7 * steps);
        return {monday, monday + days(7)};
    }
    case unit::month:
        return span(month + months(steps), 1);
    case unit::quarter: {
        const auto into = (static_cast<unsigned>(date.month()) - 1) % 3;
        return span(month - months(into) + months(3 * steps), 3);
    }
    case unit::year:
        return span(year_month(date.year() + std::chrono::years(steps), std::chrono::January), 12);
    }
    return {day, day + days(1)};
}

// day_at() is the day that is so many units away: the same day of another month, or its last one.
sys_days day_at(unit of, sys_days day, int steps) {
    if (of == unit::day) return day + days(steps);
    if (of == unit::week) return day + days(7 * steps);
    const year_month_day date(day);
    const int length = of == unit::month ? 1 : of == unit::quarter ? 3 : 12;
    const auto month = year_month(date.year(), date.month()) + months(length * steps);
    const year_month_day there(month.year(), month.month(), date.day());
    return there.ok() ? sys_days(there) : first_of(month + months(1)) - days(1);
}

// plain_words() makes one word of "Last Week", "last_week" and "lastWeek".
std::string plain_words(std::string_view written) {
    std::string out;
    for (const char c : text::lower(written))
        if (c != ' ' && c != '_') out += c;
    return out;
}

std::optional<unit> unit_named(std::string_view name) {
    static constexpr std::pair<std::string_view, unit> names[] = {
        {"d", unit::day},     {"day", unit::day},         {"days", unit::day},
        {"w", unit::week},    {"week", unit::week},       {"weeks", unit::week},
        {"m", unit::month},   {"month", unit::month},     {"months", unit::month},
        {"q", unit::quarter}, {"quarter", unit::quarter}, {"quarters", unit::quarter},
        {"y", unit::year},    {"year", unit::year},       {"years", unit::year}};
    for (const auto& [known, of] : names)
        if (known == name) return of;
    return std::nullopt;
}

struct count_of {
    int steps;
    unit of;
};
std::optional<count_of> read_count(std::string_view text) {
    count_of out{};
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out.steps);
    if (ec != std::errc{} || out.steps < 0 || out.steps > furthest) return std::nullopt;
    const auto of = unit_named(text.substr(static_cast<std::size_t>(end - text.data())));
    if (!of || (*of == unit::year && out.steps > furthest_year)) return std::nullopt;
    out.of = *of;
    return out;
}

// relative() has three kinds of spans: a word is a whole unit (last month), a signed count is a
// single day (-1m: this day a month ago), and "last 7 days" reaches from there to today.
std::optional<day_span> relative(std::string_view name, sys_days today) {
    for (const auto& known : words)
        if (known.name == name) return unit_at(known.of, today, known.steps);
    if (name.starts_with('-') || name.starts_with('+')) {
        const auto far = read_count(name.substr(1));
        if (!far) return std::nullopt;
        const auto day = day_at(far->of, today, name[0] == '-' ? -far->steps : far->steps);
        return day_span{day, day + days(1)};
    }
    // "last7days" ends with today, "next7days" begins with it.
    for (const bool past : {true, false}) {
        const std::string_view start = past ? "last" : "next";
        if (!name.starts_with(start)) continue;
        const auto far = read_count(name.substr(start.size()));
        if (!far || far->steps == 0) return std::nullopt;
        if (past) return day_span{day_at(far->of, today, -far->steps) + days(1), today + days(1)};
        return day_span{today, day_at(far->of, today, far->steps)};
    }
    return std::nullopt;
}

// has_four_digits() holds for years that four digits write.
bool has_four_digits(const day_span& span) {
    const auto year = [](sys_days day) { return static_cast<int>(year_month_day(day).year()); };
    return year(span.from) >= 1000 && year(span.until) <= 9999;
}

} // namespace

std::optional<day_span> read_days(std::string_view written, const moment& at) {
    const auto text = text::trim(written);
    // The dates come before the words, because they need no clock. Without one (moment::now of 0)
    // no word is read: "today" would be a day of 1970.
    if (text.size() > 40) return std::nullopt;
    if (is_date(text)) {
        const auto day = sys_days(year_month_day(
            std::chrono::year(std::stoi(std::string(text.substr(0, 4)))),
            std::chrono::month(static_cast<unsigned>(std::stoi(std::string(text.substr(5, 2))))),
            std::chrono::day(static_cast<unsigned>(std::stoi(std::string(text.substr(8, 2)))))));
        const day_span span{day, day + days(1)};
        return has_four_digits(span) ? std::optional(span) : std::nullopt;
    }
    if ((text.size() == 7 && is_date(std::string(text) + "-01")) ||
        (text.size() == 4 && is_date(std::string(text) + "-01-01"))) {
        const auto first = read_days(std::string(text) + (text.size() == 7 ? "-01" : "-01-01"), at);
        if (!first) return std::nullopt;
        const auto span = unit_at(text.size() == 7 ? unit::month : unit::year, first->from, 0);
        return has_four_digits(span) ? std::optional(span) : std::nullopt;
    }
    if (at.now == 0) return std::nullopt;
    auto span = relative(plain_words(text), at.zone.day_of(at.now));
    return span && has_four_digits(*span) ? span : std::nullopt;
}

std::string date_text(std::chrono::sys_days day) {
    return text::iso_time(
               std::chrono::duration_cast<std::chrono::seconds>(day.time_since_epoch()).count())
        .substr(0, 10);
}

std::string start_text(std::chrono::sys_days day, const moment& at) {
    return text::iso_time(at.zone.start_of(day));
}

std::vector<std::string_view> day_words() {
    std::vector<std::string_view> out;
    for (const auto& known : words)
        out.push_back(known.name);
    return out;
}

} // namespace twenty
