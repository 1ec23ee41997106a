#include "base/log_format.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace logging {

namespace {

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

// journald: RFC 5424 §6.2.1, in the order of the levels.
constexpr std::array<char, 4> priorities{'7', '6', '4', '3'};

void append_event(std::string& line, level severity, std::string_view name,
                  std::span<const pair> pairs) {
    line += level_names[static_cast<std::size_t>(severity)];
    line.push_back(' ');
    line += name;
    for (const auto& p : pairs) {
        line.push_back(' ');
        line += p.key;
        line.push_back('=');
        append_value(line, p.value);
    }
}

// "2026-11-30T19:41:51.123Z". All lines of a second share what stands before the point.
std::string time_text(moment now) {
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - second).count();
    thread_local std::int64_t shown = -1;
    thread_local std::string text;
    if (const auto at = second.time_since_epoch().count(); at != shown) {
        shown = at;
        text = text::iso_time(at);
        text.back() = '.';
        text += "000Z";
    }
    const auto digit = [](std::int64_t n) { return static_cast<char>('0' + n % 10); };
    const auto end = text.size();
    text[end - 4] = digit(ms / 100);
    text[end - 3] = digit(ms / 10);
    text[end - 2] = digit(ms);
    return text;
}

// No line break ends a field, and no byte is left that readers of the journal would show as a blob.
void append_field_value(std::string& out, std::string_view value) {
    for (const char c : value)
        out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c);
    out.push_back('\n');
}

} // namespace

std::string text_line(moment now, level severity, std::string_view name,
                      std::span<const pair> pairs) {
    std::string line;
    line.reserve(256);
    line.append(time_text(now)).push_back(' ');
    append_event(line, severity, name, pairs);
    return line;
}

// JSON is UTF-8 (RFC 8259 §8.1), and what a client wrote need not be.
std::string json_line(moment now, level severity, std::string_view name,
                      std::span<const pair> pairs) {
    json::writer w;
    w.reserve(256);
    w.begin_object()
        .member("time", time_text(now))
        .member("level", level_names[static_cast<std::size_t>(severity)])
        .member("event", name);
    for (const auto& p : pairs) {
        if (p.is_number)
            w.member_raw(p.key, p.value);
        else if (text::valid_utf8(p.value))
            w.member(p.key, p.value);
        else
            w.member(p.key, text::percent_encode(p.value));
    }
    w.end_object();
    return w.take();
}

std::string journal_message(level severity, std::string_view line) {
    std::string out = "MESSAGE=";
    append_field_value(out, line);
    out.append("PRIORITY=").push_back(priorities[static_cast<std::size_t>(severity)]);
    return out += '\n';
}

std::string journal_record(level severity, std::string_view name, std::span<const pair> pairs) {
    std::string line;
    append_event(line, severity, name, pairs);
    auto out = journal_message(severity, line);
    out.append("MCP_EVENT=").append(name).push_back('\n');
    for (const auto& p : pairs) {
        out.append("MCP_");
        for (const char c : p.key)
            out.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
        out.push_back('=');
        append_field_value(out, p.value);
    }
    return out;
}

} // namespace logging
