#include "twenty/restricted.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace twenty {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> checked{{
    {"calendarEvent", "title"},
    {"calendarEvent", "description"},
    {"message", "subject"},
    {"message", "text"},
    {"messageThread", "subject"},
}};

} // namespace

bool is_checked_at_root(std::string_view object, std::string_view field) noexcept {
    return std::find(checked.begin(), checked.end(), std::pair(object, field)) != checked.end();
}

bool has_restricted_values(const json::value& v) noexcept {
    if (const auto* s = v.if_string()) return *s == restricted_value;
    if (const auto* items = v.if_array())
        return std::any_of(items->begin(), items->end(), has_restricted_values);
    if (const auto* members = v.if_object())
        return std::any_of(members->begin(), members->end(),
                           [](const auto& m) { return has_restricted_values(m.second); });
    return false;
}

} // namespace twenty
