// What Twenty hides of private mails and meetings. Their channels may share no more than when they
// were and with whom; Twenty then answers a constant for the rest. It checks this where the mail
// or event itself is asked for, and not where a relation leads to it [live, Twenty 2.19].
#pragma once

#include "base/json.hpp"

#include <string_view>

namespace twenty {

inline constexpr std::string_view restricted_value =
    "FIELD_RESTRICTED_ADDITIONAL_PERMISSIONS_REQUIRED";

// What is said of an answer that holds the constant.
inline constexpr std::string_view restricted_note =
    "Some titles, subjects or texts are private: their owners share only when and with whom.";

// Threat: a relation, a group or a label shows the title of a private meeting. Defence: these
// fields are read from their own root only, where Twenty checks each record.
bool is_checked_at_root(std::string_view object, std::string_view field) noexcept;

// Does the constant stand anywhere in an answer?
bool has_restricted_values(const json::value& v) noexcept;

} // namespace twenty
