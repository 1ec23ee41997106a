#include "http/header_values.hpp"

#include "base/number.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <ctime>

namespace http {

namespace {

constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool token_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::optional<int> digits(std::string_view written) {
    const auto n = text::number<int>(written);
    return n && *n >= 0 ? n : std::nullopt;
}

// parse_date() reads IMF-fixdate only, the one form that may be sent today (RFC 9110 §5.6.7). A
// date that nobody could send is no date, and the caller does without.
std::optional<std::int64_t> parse_date(std::string_view text) {
    if (text.size() != 29 || text.substr(25) != " GMT") return std::nullopt;
    const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
    const auto day = digits(text.substr(5, 2));
    const auto year = digits(text.substr(12, 4));
    const auto hour = digits(text.substr(17, 2));
    const auto minute = digits(text.substr(20, 2));
    const auto second = digits(text.substr(23, 2));
    if (month == months.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
    std::tm t{};
    t.tm_year = *year - 1900;
    t.tm_mon = static_cast<int>(month - months.begin());
    t.tm_mday = *day;
    t.tm_hour = *hour;
    t.tm_min = *minute;
    t.tm_sec = *second;
    return static_cast<std::int64_t>(timegm(&t));
}

} // namespace

bool safe_header_value(std::string_view value) noexcept {
    return std::none_of(value.begin(), value.end(), [](char c) {
        const auto b = static_cast<unsigned char>(c);
        return (b < 0x20 && b != '\t') || b == 0x7F;
    });
}

bool safe_header_name(std::string_view name) noexcept {
    return !name.empty() && std::all_of(name.begin(), name.end(), token_character);
}

bool safe_target(std::string_view target) noexcept {
    return target.starts_with('/') &&
           std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

bool names_etag(std::string_view if_none_match, std::string_view etag) {
    for (const auto& part : text::split(if_none_match, ',')) {
        auto one = text::trim(part);
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == "*" || one == etag) return true;
    }
    return false;
}

// http_date() has its own names of days and months: those of strftime follow the locale.
std::string http_date(std::int64_t unix_seconds) {
    const auto at = static_cast<std::time_t>(unix_seconds);
    std::tm t{};
    gmtime_r(&at, &t);
    std::string out(days[static_cast<std::size_t>(t.tm_wday)]);
    char rest[48];
    const auto n = std::snprintf(rest, sizeof rest, ", %02d %s %04d %02d:%02d:%02d GMT", t.tm_mday,
                                 months[static_cast<std::size_t>(t.tm_mon)], t.tm_year + 1900,
                                 t.tm_hour, t.tm_min, t.tm_sec);
    return out.append(rest, static_cast<std::size_t>(n));
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value,
                                                           std::int64_t now) {
    constexpr std::int64_t day = 24 * 60 * 60;
    value = text::trim(value);
    std::optional<std::int64_t> seconds;
    if (const auto date = parse_date(value))
        seconds = *date - now;
    else if (!value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos)
        // More digits than a day has seconds: not worth a number that might not hold them.
        seconds = value.size() > 6 ? day : *digits(value);
    if (!seconds) return std::nullopt;
    return std::chrono::seconds(std::clamp<std::int64_t>(*seconds, 0, day));
}

} // namespace http
