// What a model should know before its first call: the organisation's own text, or the bundled
// one, followed by a snapshot of the schema that this grant may see.
#pragma once

#include "twenty/access.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace primer {

std::string_view default_context(); // the bundled Markdown

// About 6,000 tokens; a stock workspace fits with room to spare.
inline constexpr std::size_t default_budget = 20'000;

// Markdown. The context is kept whole (only invisible characters go); the snapshot gets what
// is left of `budget` bytes, at least 4,000, and loses detail level by level to fit.
std::string render(std::string_view context, const twenty::access& may,
                   std::size_t budget = default_budget);

// At most `budget` bytes for the `instructions` of initialize: how to start, the objects with
// their number of fields, the rules that matter most.
std::string digest(const twenty::access& may, std::string_view workspace_name,
                   std::size_t budget = 2'000);

} // namespace primer
