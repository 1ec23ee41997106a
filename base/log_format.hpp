// An event of the log as bytes, in each of its formats. Whatever a value holds, it stays one value
// of one event.
#pragma once

#include "base/log.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>

namespace logging {

using moment = std::chrono::system_clock::time_point;

// "2026-11-30T19:41:51.123Z warning slow_call tool=find_records ms=6210"
std::string text_line(moment now, level severity, std::string_view name,
                      std::span<const pair> pairs);
// {"time":"...","level":"warning","event":"slow_call","tool":"find_records","ms":6210}
std::string json_line(moment now, level severity, std::string_view name,
                      std::span<const pair> pairs);
// Lines FIELD=value, the last one followed by an empty line: MESSAGE is the text line without its
// time, PRIORITY that of syslog, MCP_EVENT the name, MCP_KEY a pair's value.
std::string journal_record(level severity, std::string_view name, std::span<const pair> pairs);
// The same of a line that is no event.
std::string journal_message(level severity, std::string_view line);

} // namespace logging
