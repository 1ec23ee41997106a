#include "demo/sql_like.hpp"

namespace demo {

bool sql_like(std::string_view text, std::string_view pattern) {
    const auto continues = [&](std::size_t at) { // a UTF-8 character
        return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
    };
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
        const std::size_t at = p + (escaped ? 1 : 0);
        if (!escaped && p < pattern.size() && pattern[p] == '%') {
            star = p++;
            resume = t;
        } else if (!escaped && p < pattern.size() && pattern[p] == '_') {
            ++p;
            do
                ++t;
            while (continues(t));
        } else if (at < pattern.size() && pattern[at] == text[t]) {
            p = at + 1;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '%')
        ++p;
    return p == pattern.size();
}

} // namespace demo
