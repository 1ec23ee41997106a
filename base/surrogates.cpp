#include "base/surrogates.hpp"

#include <charconv>

namespace json {

namespace {

// The surrogate that an escape at `at` stands for (\ud83d); nothing for other text.
std::optional<unsigned> surrogate_at(std::string_view text, std::size_t at) {
    if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
    unsigned unit = 0;
    const char* last = text.data() + at + 6;
    const auto [end, ec] = std::from_chars(text.data() + at + 2, last, unit, 16);
    if (ec != std::errc{} || end != last || unit < 0xD800 || unit > 0xDFFF) return std::nullopt;
    return unit;
}

} // namespace

// A text without halves, which is nearly every one, is read once and not copied. Backslashes are
// taken in pairs, or \\ud800 (a backslash and a word) would be read as an escape.
std::optional<std::string> mend_surrogates(std::string_view document) {
    std::string out;
    std::size_t kept = 0;
    for (auto at = document.find('\\'); at != document.npos; at = document.find('\\', at)) {
        const auto unit = surrogate_at(document, at);
        if (!unit) {
            at += 2; // whatever is escaped, a backslash included
            continue;
        }
        const auto second = surrogate_at(document, at + 6);
        if (*unit < 0xDC00 && second && *second >= 0xDC00) {
            at += 12;
            continue;
        }
        out.append(document, kept, at - kept).append("\\ufffd");
        at += 6;
        kept = at;
    }
    if (kept == 0) return std::nullopt;
    return out.append(document, kept);
}

} // namespace json
