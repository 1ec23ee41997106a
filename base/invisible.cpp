// Characters that a person does not see: text.hpp's without_invisible().
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <utf8proc.h>
#include <utility>

namespace text {

namespace {

// The code point that starts at `at`, and its length in bytes. A byte that is no UTF-8, or that
// begins a character which is cut off, stands for itself and is shown.
std::pair<char32_t, std::size_t> code_point_at(std::string_view s, std::size_t at) noexcept {
    constexpr char32_t replacement = 0xFFFD;
    utf8proc_int32_t c = 0;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(s.data() + at);
    const auto read = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(s.size() - at), &c);
    if (read < 1) return {replacement, 1};
    return {static_cast<char32_t>(c), static_cast<std::size_t>(read)};
}

// Beside what Unicode calls Default_Ignorable_Code_Point, of which utf8proc knows the assigned
// ones.
constexpr std::pair<char32_t, char32_t> also_invisible[] = {
    {0x00, 0x1F},       {0x7F, 0x9F}, // controls
    {0x2028, 0x2029},                 // line and paragraph separators
    {0x2060, 0x206F},                 // with the reserved 2065
    {0x2800, 0x2800},                 // a Braille pattern without a dot
    {0xFFF0, 0xFFFB},                 // reserved, and interlinear annotations
    {0x13430, 0x1343F},               // joiners of hieroglyphs
    {0x1D159, 0x1D159},               // a note without a head
    {0xE0000, 0xE0FFF},               // tags, variation selectors, reserved
};

const utf8proc_property_t& property(char32_t c) noexcept {
    return *utf8proc_get_property(static_cast<utf8proc_int32_t>(c));
}

constexpr bool plain(char c) noexcept { return c >= 0x20 && c < 0x7F; }

bool invisible(char32_t c) noexcept {
    return property(c).ignorable != 0 ||
           std::any_of(std::begin(also_invisible), std::end(also_invisible),
                       [c](auto r) { return c >= r.first && c <= r.second; });
}

constexpr char32_t joiner = 0x200D;
constexpr char32_t text_style = 0xFE0E;
constexpr char32_t emoji_style = 0xFE0F;
constexpr char32_t keycap = 0x20E3;

bool pictograph(char32_t c) noexcept {
    return property(c).boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}
bool skin_tone(char32_t c) noexcept { return c >= 0x1F3FB && c <= 0x1F3FF; }
bool takes_keycap(char32_t c) noexcept { return (c >= '0' && c <= '9') || c == '#' || c == '*'; }

// Follows a text and tells which joiners and selectors make an emoji: UTS #51, ED-9 to ED-16.
// Threat: in any number they spell a text that a model reads and nobody sees. Defence: one behind a
// pictograph, a joiner between two.
class emoji_sequences {
  public:
    // Is `c`, which stands behind what was seen, part of an emoji? `next` stands behind it, or 0.
    [[nodiscard]] bool has(char32_t c, char32_t next) const noexcept {
        if (c == joiner) return whole_ && pictograph(next);
        if (c == text_style) return bare_;
        return c == emoji_style && (bare_ || (takes_keycap(last_) && next == keycap));
    }
    void saw(char32_t c) noexcept {
        const bool toned = bare_ && skin_tone(c);
        whole_ = pictograph(c) || toned || (bare_ && c == emoji_style);
        bare_ = pictograph(c);
        last_ = c;
    }

  private:
    bool whole_ = false; // an emoji ends here
    bool bare_ = false;  // with its pictograph
    char32_t last_ = 0;
};

} // namespace

bool has_control(std::string_view text) noexcept {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7F;
    });
}

std::string without_invisible(std::string_view s, bool keep_lines) {
    std::string out;
    out.reserve(s.size());
    emoji_sequences emoji;
    for (std::size_t i = 0; i < s.size();) {
        // Nearly all of what Twenty holds: a run of ASCII goes over as a whole.
        const auto end = static_cast<std::size_t>(
            std::find_if_not(s.begin() + static_cast<std::ptrdiff_t>(i), s.end(), plain) -
            s.begin());
        if (end > i) {
            out.append(s, i, end - i);
            emoji.saw(static_cast<unsigned char>(out.back()));
            i = end;
            continue;
        }
        const auto [c, length] = code_point_at(s, i);
        const auto next = i + length < s.size() ? code_point_at(s, i + length).first : U'\0';
        i += length;
        if (invisible(c) && !(keep_lines && (c == '\n' || c == '\t')) && !emoji.has(c, next))
            continue;
        out.append(s.substr(i - length, length));
        emoji.saw(c);
    }
    return out;
}

std::string visible_start(std::string_view s, std::size_t bytes) {
    constexpr std::size_t most_read = 4096;
    auto out = without_invisible(cut_utf8(s, most_read), false);
    out.resize(cut_utf8(out, bytes).size());
    return out;
}

} // namespace text
