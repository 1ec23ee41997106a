#include "base/time_zone.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <date/tz.h>
#include <exception>

namespace {

constexpr std::size_t longest_name = 64;

// is_name() takes Area/City, of letters: no path leads out of tzdata. "right/…" is refused because
// its seconds differ, "posix/…" because it is the same again.
bool is_name(std::string_view written) {
    if (written.size() > longest_name) return false;
    const auto parts = text::split(written, '/');
    if (parts.size() < 2 || parts.size() > 3) return false;
    if (text::iequals(parts[0], "right") || text::iequals(parts[0], "posix")) return false;
    const auto letter = [](char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; };
    return std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
        return !part.empty() && letter(part.front()) &&
               std::all_of(part.begin(), part.end(), [&](char c) {
                   return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+';
               });
    });
}

error unknown(std::string_view written) {
    const auto plain = text::without_invisible(text::cut_utf8(written, longest_name), false);
    return {errc::bad_request, "timeZone: \"" + plain +
                                   "\" isn't a time zone; give an IANA name such as Europe/Oslo, "
                                   "or UTC."};
}

// find() is where the library's exceptions end. nullptr: there is no such zone, or no tzdata at
// all.
const date::time_zone* find(std::string_view name) {
    try {
        return date::locate_zone(std::string(name));
    } catch (const std::exception&) {
        return nullptr;
    }
}

} // namespace

result<time_zone> time_zone::named(std::string_view written) {
    const auto name = text::trim(written);
    time_zone out;
    for (const std::string_view utc : {"UTC", "Etc/UTC", "GMT"})
        if (text::iequals(name, utc)) return out;
    if (!is_name(name)) return unknown(name);
    out.zone_ = find(name);
    if (out.zone_) return out;
    if (!find("Europe/London"))
        return error{errc::unavailable,
                     "This server lacks its list of time zones (tzdata); use timeZone UTC."};
    return unknown(name);
}

std::string time_zone::name() const { return zone_ ? zone_->name() : "UTC"; }

std::chrono::sys_days time_zone::day_of(std::int64_t unix_seconds) const {
    const std::chrono::sys_seconds at{std::chrono::seconds(unix_seconds)};
    if (!zone_) return std::chrono::floor<std::chrono::days>(at);
    return std::chrono::floor<std::chrono::days>(at + zone_->get_info(at).offset);
}

std::int64_t time_zone::start_of(std::chrono::sys_days day) const {
    return instant_of(
        std::chrono::duration_cast<std::chrono::seconds>(day.time_since_epoch()).count());
}

std::int64_t time_zone::instant_of(std::int64_t wall_clock) const {
    if (!zone_) return wall_clock;
    const date::local_seconds there{std::chrono::seconds(wall_clock)};
    return zone_->to_sys(there, date::choose::earliest).time_since_epoch().count();
}
