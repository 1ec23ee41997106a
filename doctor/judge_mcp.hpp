// Rules about MCP with a good token, and about streams that a proxy may hold back.
#pragma once

#include "base/json.hpp"
#include "doctor/judge_answers.hpp"

#include <chrono>
#include <string_view>

namespace doctor {

// The result of a JSON-RPC answer, whether it came as JSON or as a stream of one event; null: none.
json::value result_of(const asked& a);

finding judge_initialize(const asked& a);
finding judge_session_header(const asked& a);
finding judge_tools(const asked& a);
finding judge_discover(const asked& a);
finding judge_call(const asked& a);
finding judge_large_call(const asked& a);

inline constexpr std::chrono::seconds at_once{3}; // for the first event of a stream
finding judge_stream(const asked& a);
finding judge_buffering(const asked& a);
// A stream that was left alone; `needed` is what it has to live through.
finding judge_kept(const asked& a, std::chrono::milliseconds needed);
finding judge_session_end(const asked& a);

} // namespace doctor
