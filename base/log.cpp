#include "base/log.hpp"

#include "base/line_writer.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <unistd.h>

namespace logging {

namespace {

// How long the end of the process waits for a reader of its last lines.
constexpr std::chrono::seconds last_lines{2};

// lines() writes to standard error, without timestamps: journald adds its own. The writer lives as
// long as the process, for other threads log to the very end, and is flushed there.
line_writer& lines() {
    static auto* const made = [] {
        auto* const writer = new line_writer(STDERR_FILENO);
        std::atexit([] { flush(last_lines); });
        return writer;
    }();
    return *made;
}

std::atomic<level> least_level{level::info};

constexpr std::array<bool, 256> needs_no_quotes = [] {
    std::array<bool, 256> table{};
    for (const char c :
         std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:/*+"))
        table[static_cast<unsigned char>(c)] = true;
    return table;
}();

// append_value() quotes a value with anything but plain characters. Threat: a client's text ends
// the line and forges the next one, or moves a terminal's cursor. Defence: control characters never
// get through.
void append_value(std::string& line, std::string_view value) {
    const bool plain = !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
        return needs_no_quotes[static_cast<unsigned char>(c)];
    });
    if (plain) {
        line += value;
        return;
    }
    static constexpr char hex[] = "0123456789abcdef";
    line.push_back('"');
    for (const char c : value) {
        const auto b = static_cast<unsigned char>(c);
        if (b < 0x20 || b == 0x7F) {
            line += "\\x";
            line.push_back(hex[b >> 4]);
            line.push_back(hex[b & 15]);
        } else {
            if (c == '"' || c == '\\') line.push_back('\\');
            line.push_back(c);
        }
    }
    line.push_back('"');
}

bool token_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~' || c == '+' || c == '/' || c == '=';
}

constexpr std::string_view mask = "***";

// The net behind the type `secret`: a token in a value that somebody took for harmless. `least` is
// the prefix and ten characters more; behind "Bearer " everything is a secret, however short.
struct secret_start {
    std::string_view text;
    std::size_t least; // a shorter run of token characters is a mere word
};
constexpr secret_start starts[] = {
    {"twa_", 14}, {"twr_", 14}, {"twk_", 14}, {"eyJ", 13}, {"Bearer ", 7}};

constexpr std::array<bool, 256> may_start = [] {
    std::array<bool, 256> table{};
    for (const auto& start : starts)
        table[static_cast<unsigned char>(start.text.front())] = true;
    return table;
}();

struct found_secret {
    std::size_t at = 0;
    std::size_t size = 0; // 0: none
};

// The next secret from `from` on. Every line that is logged passes here, so a character that
// starts none costs one look.
found_secret find_secret(std::string_view text, std::size_t from) {
    for (auto i = from; i < text.size(); ++i) {
        if (!may_start[static_cast<unsigned char>(text[i])]) continue;
        const auto rest = text.substr(i);
        for (const auto& start : starts) {
            if (!rest.starts_with(start.text)) continue;
            auto size = start.text.size();
            while (size < rest.size() && token_character(rest[size]))
                ++size;
            if (size >= start.least) return {i, size};
        }
    }
    return {};
}

} // namespace

std::optional<level> level_named(std::string_view name) noexcept {
    const auto at = std::find(level_names.begin(), level_names.end(), name);
    if (at == level_names.end()) return std::nullopt;
    return static_cast<level>(at - level_names.begin());
}

std::string redact(std::string text) {
    for (auto hit = find_secret(text, 0); hit.size != 0;) {
        text.replace(hit.at, hit.size, mask);
        hit = find_secret(text, hit.at + mask.size());
    }
    return text;
}

void set_level(level least) { least_level = least; }

bool flush(std::chrono::milliseconds most) { return lines().flush(most); }

void say(std::string_view line) { lines().put(line, true); }

void event(level severity, std::string_view name, std::initializer_list<pair> pairs) {
    event(severity, name, std::span<const pair>(pairs.begin(), pairs.size()));
}

void event(level severity, std::string_view name, std::span<const pair> pairs) {
    if (severity < least_level.load(std::memory_order_relaxed)) return;
    std::string line;
    line.reserve(256);
    line += level_names[static_cast<std::size_t>(severity)];
    line.push_back(' ');
    line += name;
    for (const auto& [key, value] : pairs) {
        line.push_back(' ');
        line += key;
        line.push_back('=');
        append_value(line, value);
    }
    lines().put(redact(std::move(line)), severity >= level::warning);
}

} // namespace logging
