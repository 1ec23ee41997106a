// What Twenty hides of private mails and meetings. Their channels may share no more than when they
// were and with whom; Twenty then answers a constant for the rest. It checks this where the mail
// or event itself is asked for, and not where a relation leads to it [live, Twenty 2.19].
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "twenty/schema.hpp"

#include <string_view>

namespace twenty {

inline constexpr std::string_view restricted_value =
    "FIELD_RESTRICTED_ADDITIONAL_PERMISSIONS_REQUIRED";

// What is said of an answer that holds the constant.
inline constexpr std::string_view restricted_note =
    "Some titles, subjects or texts are private: their owners share only when and with whom.";

// May the field be private, so that Twenty would have to check each record?
bool is_checked_at_root(std::string_view object, std::string_view field) noexcept;

enum class field_use { shown, compared, sorted, grouped, counted };

// Where records are asked for.
enum class asked_at {
    own_root, // calendarEvents, calendarEvent: Twenty checks each record of the answer
    elsewhere // behind a relation, in a group, as the answer of a mutation or as duplicates
};

// Threat: a relation, a group, a count or an order shows the title of a private meeting, or a
// filter behind a relation tries words on it. Defence: such fields are read, compared and sorted
// at their own root only, and grouped and counted nowhere. errc::bad_request says what to do
// instead; `path` is the field as it was written.
result<done> check_private(const object& of, std::string_view field, field_use use, asked_at where,
                           std::string_view path);

// Does the constant stand anywhere in an answer?
bool has_restricted_values(const json::value& v) noexcept;

} // namespace twenty
