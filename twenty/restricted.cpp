#include "twenty/restricted.hpp"

#include "twenty/values.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace twenty {

namespace {

// checked are the fields that Twenty may answer with restricted_value, as their channel is shared.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> checked{{
    {"calendarEvent", "title"},
    {"calendarEvent", "description"},
    {"message", "subject"},
    {"message", "text"},
    {"messageThread", "subject"},
}};

struct wording {
    std::string_view verb;
    std::string_view instead; // behind "find_records of calendarEvent "
};
constexpr std::array<wording, 5> wordings{{
    {"shown",
     "shows it where it is not, and get_record of a person or company with include emails or "
     "meetings."},
    {"compared", "takes a filter on it; filter by the ids it finds."},
    {"sorted by", "sorts by it."},
    {"grouped by", "takes a filter on it, and countOnly."},
    {"counted", "takes a filter on it, and countOnly."},
}};

// Threat: Twenty hides a private title and shows the words of it that its full-text search keeps
// beside. Defence: nothing of these objects is read or compared by them.
constexpr std::string_view words_kept = "searchVector";
bool keeps_words(std::string_view object, std::string_view field) noexcept {
    return field == words_kept && std::any_of(checked.begin(), checked.end(),
                                              [&](const auto& c) { return c.first == object; });
}

} // namespace

bool is_checked_at_root(std::string_view object, std::string_view field) noexcept {
    return std::find(checked.begin(), checked.end(), std::pair(object, field)) != checked.end();
}

// check_private() lets such a field be shown, compared and sorted by at its own root, where Twenty
// checks each record. An aggregate or a group shows no record that could be checked, so there it is
// refused at every place.
result<done> check_private(const object& of, std::string_view field, field_use use, asked_at where,
                           std::string_view path) {
    if (keeps_words(of.name_singular, field))
        return error{errc::bad_request,
                     in_quotes(path) + " can't be " +
                         std::string(wordings.at(static_cast<std::size_t>(use)).verb) +
                         " here: it holds words of texts that may be private. "
                         "search_records finds by them."};
    if (!is_checked_at_root(of.name_singular, field)) return done{};
    const bool in_sum = use == field_use::grouped || use == field_use::counted;
    if (where == asked_at::own_root && !in_sum) return done{};
    const auto& words = wordings.at(static_cast<std::size_t>(use));
    return error{errc::bad_request,
                 in_quotes(path) + " can't be " + std::string(words.verb) +
                     " here, because it may be private and Twenty checks that only where a " +
                     of.name_singular + " itself is asked for: find_records of " +
                     of.name_singular + " " + std::string(words.instead)};
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
