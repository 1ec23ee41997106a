#include "console/shown.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstdint>

namespace console {

namespace {

// The bytes of the character that begins here; 1 where it is no UTF-8.
std::size_t length_of(std::string_view rest) {
    for (std::size_t n = 1; n <= std::min<std::size_t>(4, rest.size()); ++n)
        if (text::valid_utf8(rest.substr(0, n))) return n;
    return 1;
}

void append_unit(std::string& out, std::uint32_t unit) {
    const char bytes[] = {static_cast<char>(unit >> 8), static_cast<char>(unit & 0xFF)};
    out += "\\u" + text::hex_encode({bytes, sizeof bytes});
}

// RFC 8259 §7: what has no place in four digits is a pair of surrogates.
void append_number(std::string& out, std::string_view character) {
    constexpr std::uint32_t lead_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    std::uint32_t number = static_cast<unsigned char>(character[0]) & lead_bits[character.size()];
    for (const char c : character.substr(1))
        number = (number << 6) | (static_cast<unsigned char>(c) & 0x3F);
    if (number > 0xFFFF) {
        number -= 0x10000;
        append_unit(out, 0xD800 | (number >> 10));
        number = 0xDC00 | (number & 0x3FF);
    }
    append_unit(out, number);
}

} // namespace

// shown() looks at the whole first: joiners inside an emoji are seen, and are left where nothing
// else of the text is hidden.
std::string shown(std::string_view from_server, bool keep_lines) {
    const bool good = text::valid_utf8(from_server);
    if (good && text::without_invisible(from_server, keep_lines) == from_server)
        return std::string(from_server);
    std::string out;
    while (!from_server.empty()) {
        const auto one = from_server.substr(0, length_of(from_server));
        const bool line_end = keep_lines && from_server.starts_with("\r\n");
        if (!text::valid_utf8(one))
            out += "\\x" + text::hex_encode(one);
        else if (line_end || !text::without_invisible(one, keep_lines).empty())
            out += one;
        else
            append_number(out, one);
        from_server.remove_prefix(one.size());
    }
    return out;
}

} // namespace console
