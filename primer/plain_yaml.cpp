#include "primer/plain_yaml.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace primer {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

} // namespace

// YAML 1.1 has yes, on, 1_000, 017 and 12:30, YAML 1.2 has 0o17; readers of either take e1 for a
// number, or ?a for a key. What cannot be one of these is a text to all.
bool is_ambiguous_plain(std::string_view plain) {
    static constexpr std::array<std::string_view, 14> words{
        "", "~", "null", "y", "n", "yes", "no", "true", "false", "on", "off", "<<", "=", ".nan"};
    const auto lower = text::lower(plain);
    if (std::ranges::find(words, lower) != words.end() || lower.ends_with(".inf")) return true;
    const auto first = lower.front();
    if (first == '?') return true;
    if (first == 'e')
        return lower.size() > 1 && std::all_of(lower.begin() + 1, lower.end(), is_digit);
    return (first == '-' || first == '+' || first == '.' || is_digit(first)) &&
           lower.find_first_not_of("0123456789abcdefxotz_.,:+- ") == std::string::npos;
}

bool is_simple_item(std::string_view plain) {
    return std::ranges::all_of(plain, [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ' ||
               c == '_' || c == '-' || c == '.' || c == '/';
    });
}

bool is_simple_block(const std::vector<std::string>& lines, std::size_t at) {
    if (at >= lines.size()) return false;
    auto header = std::string_view(lines[at]);
    if (const auto comment = header.rfind(" #"); comment != std::string_view::npos)
        header = header.substr(0, comment);
    header = text::trim(header);
    if (header.ends_with('+') || header.ends_with('-')) header.remove_suffix(1);
    if (!header.ends_with('|') && !header.ends_with('>')) return false;
    header.remove_suffix(1);
    header = text::trim(header);
    if (!header.ends_with(':') && !header.ends_with('-')) return false;
    std::size_t longest_blank = 0;
    for (std::size_t i = at + 1; i < lines.size(); ++i) {
        const auto indent = lines[i].find_first_not_of(' ');
        if (indent != std::string::npos) return longest_blank <= indent;
        longest_blank = std::max(longest_blank, lines[i].size());
    }
    return true;
}

char char_at(const std::vector<std::string>& lines, place where) {
    if (where.line >= lines.size()) return '\0';
    const auto& line = lines[where.line];
    std::size_t at = 0;
    for (std::size_t column = 0; at < line.size() && column < where.column; ++column) {
        ++at;
        while (at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0U) == 0x80U)
            ++at; // RFC 3629: the rest of a character
    }
    return at < line.size() ? line[at] : '\0';
}

} // namespace primer
