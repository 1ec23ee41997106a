#include "demo/clock.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace demo {

namespace {

using namespace std::chrono;

// Reads exactly `digits` digits from the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    int n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, n);
    if (error != std::errc() || end != text.data() + digits || n < 0) return std::nullopt;
    text.remove_prefix(digits);
    return n;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<milliseconds> take_fraction(std::string_view& text) {
    int scale = 100;
    int ms = 0;
    std::size_t digits = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        ms += (text.front() - '0') * scale;
        scale /= 10;
        ++digits;
        text.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
    return milliseconds(ms);
}

// "Z", "+02:00", "-0530" or nothing.
std::optional<minutes> take_offset(std::string_view& text) {
    if (text.empty() || take(text, 'Z') || take(text, 'z')) return minutes(0);
    const bool east = text.front() == '+';
    if (!east && text.front() != '-') return std::nullopt;
    text.remove_prefix(1);
    const auto h = take_number(text, 2);
    take(text, ':');
    const auto m = text.empty() ? std::optional<int>(0) : take_number(text, 2);
    if (!h || !m) return std::nullopt;
    const minutes off = hours(*h) + minutes(*m);
    return east ? off : -off;
}

} // namespace

std::string iso_date_time(time_point t) {
    const auto day = floor<days>(t);
    const year_month_day date(day);
    const hh_mm_ss clock(floor<milliseconds>(t - day));
    std::array<char, 40> out{};
    std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()),
                  static_cast<int>(clock.subseconds().count()));
    return out.data();
}

std::string iso_date(time_point t) { return iso_date_time(t).substr(0, 10); }

std::optional<time_point> parse_date_time(std::string_view text) {
    const auto y = take_number(text, 4);
    if (!y || !take(text, '-')) return std::nullopt;
    const auto mo = take_number(text, 2);
    if (!mo || !take(text, '-')) return std::nullopt;
    const auto d = take_number(text, 2);
    if (!d) return std::nullopt;
    const year_month_day date(year(*y), month(static_cast<unsigned>(*mo)),
                              day(static_cast<unsigned>(*d)));
    if (!date.ok()) return std::nullopt;
    time_point out = sys_days(date);
    if (text.empty()) return out;
    if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
    const auto h = take_number(text, 2);
    if (!h || *h > 23 || !take(text, ':')) return std::nullopt;
    const auto mi = take_number(text, 2);
    if (!mi || *mi > 59) return std::nullopt;
    out += hours(*h) + minutes(*mi);
    if (take(text, ':')) {
        const auto s = take_number(text, 2);
        if (!s || *s > 59) return std::nullopt;
        out += seconds(*s);
        if (take(text, '.')) {
            const auto fraction = take_fraction(text);
            if (!fraction) return std::nullopt;
            out += *fraction;
        }
    }
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;
    return out - *offset;
}

std::optional<time_point> parse_loosely(std::string_view given, bool zone_name) {
    const auto part = [given](std::size_t from, std::size_t size) {
        return std::string(given.substr(from, size));
    };
    const auto is = [given](std::size_t at, char c) { return given.size() > at && given[at] == c; };
    // Twenty reads the month first, whatever stands between the numbers: 01.12.2026 is 12 January
    // (dates/122, 129).
    if (given.size() == 10 && is(2, given[5]) && (is(2, '/') || is(2, '.')))
        return parse_date_time(part(6, 4) + "-" + part(0, 2) + "-" + part(3, 2));
    if (given.size() == 10 && is(4, '/') && is(7, '/'))
        return parse_date_time(part(0, 4) + "-" + part(5, 2) + "-" + part(8, 2));
    if (given.size() == 8) return parse_date_time(part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2));
    if (given.size() == 16 && is(8, 'T'))
        return parse_date_time(part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(9, 2) +
                               ":" + part(11, 2) + ":" + part(13, 2) + "Z");
    if (given.size() == 17 && is(16, 'Z')) return std::nullopt; // no seconds before a Z
    if (const auto open = given.find('['); open != std::string_view::npos) {
        const auto instant = given.substr(0, open);
        const bool offset = instant.find_first_of("+Z", 11) != std::string_view::npos;
        return zone_name && offset ? parse_date_time(instant) : std::nullopt;
    }
    std::string upper(given);
    if (is(10, 't')) upper[10] = 'T';
    return parse_date_time(upper);
}

} // namespace demo
