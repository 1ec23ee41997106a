#include "doctor/finding.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace doctor {

std::string_view to_string(state s) noexcept {
    switch (s) {
    case state::ok:
        return "ok";
    case state::warning:
        return "warning";
    case state::failed:
        return "failed";
    case state::skipped:
        return "skipped";
    }
    return "failed";
}

std::string shown(std::string_view from_network, std::size_t bytes) {
    auto out = text::visible_start(from_network, bytes);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c == '\n' || c == '\t' || c == '\r'; }, ' ');
    return out;
}

} // namespace doctor
