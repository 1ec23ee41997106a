// What an error of Twenty's means for us, from its codes and, where there are none, from its words.
#pragma once

#include "twenty/answer.hpp"

namespace twenty {

// By code, subcode, conflict and message as Twenty sent them.
errc meaning_of(const upstream_error& e);

// Is it the code of a plan, of credits or of a usage limit that is used up? Other than a rate
// limit, waiting a moment does not help.
bool says_used_up(std::string_view code) noexcept;

// Does the text have this part?
bool mentions(std::string_view text, std::string_view part) noexcept;

} // namespace twenty
