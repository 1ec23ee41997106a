// Words that people use for Twenty's standard objects. A workspace's own names come first.
#pragma once

#include <string_view>

namespace twenty {

// "contacts" -> "person"; any case, singular or plural; empty: no such word.
std::string_view object_meant(std::string_view word) noexcept;

} // namespace twenty
