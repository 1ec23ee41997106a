// The kinds of findings of lint(), as one table: names for programs, sentences for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace primer {

enum class lint_kind : std::uint8_t {
    unknown_object,
    unknown_field,
    unknown_choice,
    unknown_tool,
    invisible_characters,
    long_line,
    long_text,
    open_fence,
    secret,
};
inline constexpr std::size_t lint_kinds = 9;

// Stable: scripts compare it.
std::string_view name_of(lint_kind kind) noexcept;
// What is said of `subject`, without a full stop.
std::string sentence_of(lint_kind kind, std::string_view subject);

} // namespace primer
