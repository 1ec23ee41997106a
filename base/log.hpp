// One line an event, each with a stable event name and key=value pairs, on standard error or
// wherever the program leads it; nobody who logs waits for it (line_writer). Values are quoted and
// control characters escaped, so that no client text can forge a line. Secrets cannot be passed:
// there is no overload that takes one, and a last filter masks anything that looks like a token of
// ours, a JWT or a bearer value.
#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace logging {

enum class level { debug, info, warning, error };
// Their names in settings, in the order of the enumeration.
inline constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warning", "error"};
std::optional<level> level_named(std::string_view name) noexcept;

struct pair {
    std::string_view key;
    std::string value;
    bool is_number = false;

    pair(std::string_view k, std::string_view v) : key(k), value(v) {}
    pair(std::string_view k, const char* v) : key(k), value(v) {}
    pair(std::string_view k, const std::string& v) : key(k), value(v) {}
    pair(std::string_view k, std::integral auto v)
        : key(k), value(std::to_string(v)), is_number(true) {}
};

void set_level(level least);
level least_level() noexcept;
// For what costs something to say: would an event of this level be written?
bool wanted(level severity) noexcept;

// How events look.
enum class format {
    text,    // time level event key=value ...
    json,    // an object a line: time, level, event and the pairs
    journal, // systemd's journal: fields MCP_EVENT, MCP_KEY ... and a PRIORITY
             // (base/log_format.hpp)
};
// Where lines go: gives back what it did not take. Called on the writer's thread.
using writer = std::string_view (*)(std::string_view batch);
// From then on. Null: standard error.
void write_as(format how, writer to = nullptr);
// How many lines found no room until now, because nobody read the others.
std::uint64_t dropped_lines();

void event(level severity, std::string_view name, std::initializer_list<pair> pairs = {});
void event(level severity, std::string_view name, std::span<const pair> pairs);

// A line that is no event: why a program ends.
void say(std::string_view line);

// False: what was logged before is not all written after `most`. The end of the process does this
// by itself.
bool flush(std::chrono::milliseconds most);

// Masks what looks like a secret: twa_/twr_/twk_ tokens, JWTs, Bearer values.
std::string redact(std::string text);

} // namespace logging
