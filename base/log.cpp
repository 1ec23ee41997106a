#include "base/log.hpp"

#include "base/line_writer.hpp"
#include "base/log_format.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <unistd.h>

namespace logging {

namespace {

// How long the end of the process waits for a reader of its last lines.
constexpr std::chrono::seconds last_lines{2};

std::atomic<level> least{level::info};
std::atomic<format> how_written{format::text};
std::atomic<writer> written_by{nullptr};

std::string_view write_batch(std::string_view batch) {
    if (const auto to = written_by.load()) return to(batch);
    return line_writer::write_all(STDERR_FILENO, batch);
}

std::string line_of(level severity, std::string_view name, std::span<const pair> pairs) {
    const auto now = std::chrono::system_clock::now();
    switch (how_written.load(std::memory_order_relaxed)) {
    case format::text:
        return text_line(now, severity, name, pairs);
    case format::json:
        return json_line(now, severity, name, pairs);
    case format::journal:
        return journal_record(severity, name, pairs);
    }
    return {};
}

std::string dropped_line(std::size_t count) {
    const pair how_many("count", count);
    return line_of(level::warning, "log_lines_dropped", {&how_many, 1});
}

// lines() lives as long as the process, for other threads log to the very end, and is flushed
// there.
line_writer& lines() {
    static auto* const made = [] {
        auto* const writer = new line_writer(write_batch, dropped_line);
        std::atexit([] { flush(last_lines); });
        return writer;
    }();
    return *made;
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

// What the first character of one may be, and the second: of the first alone a line has many.
constexpr std::array<std::array<bool, 256>, 2> may_start = [] {
    std::array<std::array<bool, 256>, 2> table{};
    for (const auto& start : starts)
        for (std::size_t at = 0; at < table.size(); ++at)
            table[at][static_cast<unsigned char>(start.text[at])] = true;
    return table;
}();

struct found_secret {
    std::size_t at = 0;
    std::size_t size = 0; // 0: none
};

// The next secret from `from` on. Every line that is logged passes here, so a character that
// starts none costs one look.
found_secret find_secret(std::string_view text, std::size_t from) {
    for (auto i = from; i + 1 < text.size(); ++i) {
        if (!may_start[0][static_cast<unsigned char>(text[i])] ||
            !may_start[1][static_cast<unsigned char>(text[i + 1])])
            continue;
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

void set_level(level of) { least = of; }
level least_level() noexcept { return least.load(std::memory_order_relaxed); }
bool wanted(level severity) noexcept { return severity >= least_level(); }

// Lines that wait were made for the present writer, which gets them before the next one begins.
void write_as(format how, writer to) {
    flush(last_lines);
    how_written = how;
    written_by = to;
}

std::uint64_t dropped_lines() { return lines().dropped(); }

bool flush(std::chrono::milliseconds most) { return lines().flush(most); }

// The journal takes nothing but records.
void say(std::string_view line) {
    if (how_written == format::journal)
        lines().put(journal_message(level::error, redact(std::string(line))), true);
    else
        lines().put(line, true);
}

void event(level severity, std::string_view name, std::initializer_list<pair> pairs) {
    event(severity, name, std::span<const pair>(pairs.begin(), pairs.size()));
}

void event(level severity, std::string_view name, std::span<const pair> pairs) {
    if (!wanted(severity)) return;
    lines().put(redact(line_of(severity, name, pairs)), severity >= level::warning);
}

} // namespace logging
