// How much of one tool result a client passes on to its model. Some cut the middle or the end out
// of a longer one, and the model cannot know what it missed: those get pages that fit.
#pragma once

#include <cstddef>
#include <string_view>

namespace mcp {

class call_slot;

// Bytes that the client called `name` (clientInfo.name) shows; no limit known: SIZE_MAX.
std::size_t bytes_shown_by(std::string_view name) noexcept;

// The smaller of `usual` and what the client of the running call shows.
std::size_t fitting(const call_slot& slot, std::size_t usual);

} // namespace mcp
