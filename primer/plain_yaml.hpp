// YAML that all of its readers read alike, be they of version 1.1 or 1.2, and however much of it
// they know. The frontmatter of skills keeps to it (primer/frontmatter).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace primer {

// A scalar without quotes that some readers take for a number, a date, a boolean, nothing or a key.
bool is_ambiguous_plain(std::string_view plain);
// Without quotes in a list in brackets: letters, digits and little more.
bool is_simple_item(std::string_view plain);
// A block scalar whose header stands at the end of lines[at], behind a key or a hyphen: without a
// number in it, and with no blank line before its text that is longer than the text's indentation.
bool is_simple_block(const std::vector<std::string>& lines, std::size_t at);

// Where something ends: a line, and a column counted in characters, both from 0.
struct place {
    std::size_t line;
    std::size_t column;
};
// What stands there; '\0' at the end of a line. Of a longer character its first byte.
char char_at(const std::vector<std::string>& lines, place where);

} // namespace primer
