// Code points that a person does not see, and texts full of them: what no model and no page may
// get, wherever a text of Twenty's or of a client's comes in.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace support::hidden {

// DerivedCoreProperties.txt, Default_Ignorable_Code_Point, and what only looks empty.
inline constexpr std::pair<char32_t, char32_t> ranges[] = {
    {0xAD, 0xAD},       {0x34F, 0x34F},     {0x61C, 0x61C},   {0x115F, 0x1160}, {0x17B4, 0x17B5},
    {0x180B, 0x180F},   {0x200B, 0x200F},   {0x202A, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},
    {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFF8}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}, {0x2800, 0x2800}, {0x2028, 0x2029}, {0x13430, 0x1343F},
    {0x1D159, 0x1D159},
};

inline bool is_hidden(char32_t c) {
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [c](const auto& r) { return c >= r.first && c <= r.second; });
}

inline std::string utf8(char32_t c) {
    const auto byte = [](char32_t bits) { return static_cast<char>(bits); };
    const auto tail = [&](int shift) {
        return byte(0x80U | ((c >> static_cast<unsigned>(shift)) & 0x3FU));
    };
    if (c < 0x80) return {byte(c)};
    if (c < 0x800) return {byte(0xC0U | (c >> 6U)), tail(0)};
    if (c < 0x10000) return {byte(0xE0U | (c >> 12U)), tail(6), tail(0)};
    return {byte(0xF0U | (c >> 18U)), tail(12), tail(6), tail(0)};
}

// All that a person sees of each text.
inline constexpr std::string_view seen = "ZqqZ";

// All of them, in texts that hide up to `bytes` bytes each.
inline std::vector<std::string> texts(std::size_t bytes) {
    std::vector<std::string> out;
    std::string inside;
    const auto flush = [&] {
        if (!inside.empty()) out.push_back("Zq" + std::exchange(inside, {}) + "qZ");
    };
    for (const auto& [first, last] : ranges)
        for (auto c = first; c <= last; ++c) {
            if (inside.size() + 4 > bytes) flush();
            inside += utf8(c);
        }
    flush();
    return out;
}

// The code point at `at`, which moves behind it; what is no UTF-8 counts byte by byte.
inline char32_t next_of(std::string_view s, std::size_t& at) {
    const auto byte = [&](std::size_t i) {
        return i < s.size() ? static_cast<char32_t>(static_cast<unsigned char>(s[i])) : 0U;
    };
    const auto lead = byte(at);
    const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    char32_t c = more == 0 ? lead : lead & (0x3FU >> more);
    for (std::size_t i = 1; i <= more; ++i)
        c = (c << 6U) | (byte(at + i) & 0x3FU);
    at += more + 1;
    return c;
}

// "U+200B behind …" of the first that got through, as itself or as an escape of JSON; "" of none.
inline std::string first_in(std::string_view shown) {
    constexpr std::size_t before = 400;
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto told = [&](char32_t c, std::size_t at) {
        std::string out = "U+";
        for (int shift = 20; shift >= 0; shift -= 4)
            out += digits[(c >> static_cast<unsigned>(shift)) & 0xFU];
        const auto from = at > before ? at - before : 0;
        return out.append(" behind ").append(shown.substr(from, at - from));
    };
    for (std::size_t at = 0; at < shown.size();) {
        const auto from = at;
        if (const auto c = next_of(shown, at); is_hidden(c)) return told(c, from);
    }
    // Nothing of ours writes what can be seen so.
    const auto escape = shown.find("\\u");
    return escape == std::string_view::npos ? "" : std::string(shown.substr(escape, 6));
}

// Feeds a place with all of them, and says what is wrong with it; "" when nothing is. `tell` gives
// all that is told for a text, and `shown` says whether all that can be seen of it is told.
// A place that takes or shows no long text is walked in pieces that it shows whole.
inline std::string fault_of(const std::function<std::string(const std::string&)>& tell,
                            bool shown) {
    constexpr std::size_t piece_bytes[] = {12'000, 2'000, 24};
    std::string last;
    for (const auto bytes : piece_bytes) {
        bool whole = true;
        for (const auto& text : texts(bytes)) {
            last = tell(text);
            if (const auto found = first_in(last); !found.empty()) return found;
            whole = last.find(seen) != std::string::npos;
            if (!shown && whole) return "the text is shown: " + last;
            if (!whole) break; // too long, or not shown: one piece tells
        }
        if (whole) return {};
    }
    return shown ? "the text is not shown: " + last : std::string();
}

} // namespace support::hidden
