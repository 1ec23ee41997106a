#include "base/letter_case.hpp"

#include <array>
#include <utf8proc.h>

namespace text {

std::string lower_letters(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    while (!utf8.empty()) {
        utf8proc_int32_t letter = 0;
        const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(utf8.data());
        const auto read =
            utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(utf8.size()), &letter);
        // A byte that is no UTF-8 stays as it is and costs nothing but itself.
        if (read < 1) {
            out += utf8.front();
            utf8.remove_prefix(1);
            continue;
        }
        std::array<utf8proc_uint8_t, 4> lowered{};
        const auto size = utf8proc_encode_char(utf8proc_tolower(letter), lowered.data());
        out.append(reinterpret_cast<const char*>(lowered.data()), static_cast<std::size_t>(size));
        utf8.remove_prefix(static_cast<std::size_t>(read));
    }
    return out;
}

bool same_letters(std::string_view a, std::string_view b) {
    return lower_letters(a) == lower_letters(b);
}

} // namespace text
