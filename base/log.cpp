#include "base/log.hpp"

#include <algorithm>
#include <memory>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace logging {

namespace {

spdlog::logger& sink() {
    // Standard error without timestamps: journald adds its own.
    static const auto logger = [] {
        auto made = std::make_shared<spdlog::logger>(
            "twenty-mcp", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%l %v");
        made->set_level(spdlog::level::info);
        return made;
    }();
    return *logger;
}

spdlog::level::level_enum to_spdlog(level l) {
    switch (l) {
    case level::debug:
        return spdlog::level::debug;
    case level::info:
        return spdlog::level::info;
    case level::warning:
        return spdlog::level::warn;
    case level::error:
        return spdlog::level::err;
    }
    return spdlog::level::info;
}

// Quoted when it holds anything but plain characters; control characters never get through.
void append_value(std::string& line, std::string_view value) {
    const bool plain =
        !value.empty() &&
        value.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:/*+") ==
            std::string_view::npos;
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

} // namespace

std::string redact(std::string_view plain) {
    static constexpr std::string_view starts[] = {"twa_", "twr_", "twk_", "eyJ", "Bearer "};
    std::string out;
    out.reserve(plain.size());
    for (std::size_t i = 0; i < plain.size();) {
        // Every line passes here: whole runs without a possible start are copied at once.
        const auto candidate = std::min(plain.find_first_of("teB", i), plain.size());
        out.append(plain, i, candidate - i);
        i = candidate;
        if (i == plain.size()) break;
        bool masked = false;
        for (const auto start : starts) {
            if (start.front() != plain[i]) continue;
            if (plain.compare(i, start.size(), start) != 0) continue;
            std::size_t end = i + start.size();
            while (end < plain.size() && token_character(plain[end]))
                ++end;
            if (end - i < start.size() + 10 && start != "Bearer ") continue; // a mere word
            out += "***";
            i = end;
            masked = true;
            break;
        }
        if (!masked) out.push_back(plain[i++]);
    }
    return out;
}

void set_level(level least) { sink().set_level(to_spdlog(least)); }

void event(level severity, std::string_view name, std::initializer_list<pair> pairs) {
    event(severity, name, std::span<const pair>(pairs.begin(), pairs.size()));
}

void event(level severity, std::string_view name, std::span<const pair> pairs) {
    auto& logger = sink();
    if (!logger.should_log(to_spdlog(severity))) return;
    std::string line(name);
    for (const auto& [key, value] : pairs) {
        line.push_back(' ');
        line += key;
        line.push_back('=');
        append_value(line, value);
    }
    logger.log(to_spdlog(severity), "{}", redact(line));
}

} // namespace logging
