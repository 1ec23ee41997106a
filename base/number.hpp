// Numbers written in text.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace text {

// The whole of `written` in decimal: no blank, no '+', nothing behind it. nullopt where it is
// something else, and where N cannot hold it.
template <class N> std::optional<N> number(std::string_view written) noexcept {
    N read{};
    const auto* const end = written.data() + written.size();
    const auto [stop, failed] = std::from_chars(written.data(), end, read);
    if (failed != std::errc{} || stop != end) return std::nullopt;
    return read;
}

} // namespace text
